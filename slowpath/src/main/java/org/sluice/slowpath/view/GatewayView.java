package org.sluice.slowpath.view;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HelperSettings;

/**
 * The running gateway as management sees it. Any thread may call. Futures are completed on the conductor's thread, so that
 * what hangs on them must be quick or move elsewhere.
 */
public interface GatewayView {

    /** @return whether the ports are open and packets are forwarded. */
    boolean isReady();

    /**
     * A bounded part of the flow table; the conductor does other work between two parts.
     *
     * @param from 0 to begin with, then {@link FlowPage#next}
     * @param limit how many records to look at, at most
     */
    CompletableFuture<FlowPage> flows(FlowFilter filter, int from, int limit);

    /** Ends the flows that the filter picks. @return how many. */
    CompletableFuture<Integer> flushFlows(FlowFilter filter);

    /** Ends the flows that could not begin by the rules in force now. @return how many. */
    CompletableFuture<Integer> endRefusedFlows();

    /**
     * Exchanges addresses, routes, translation, policy, helpers and timeouts. Live flows go on as they began, by the new routes; those
     * on an address that is gone, or that no route leads on, are ended. Devices and capacity must be those that the gateway runs with.
     *
     * @return how many flows were ended
     * @throws IllegalArgumentException when a helper that is asked for is not there; nothing has changed then
     */
    CompletableFuture<Integer> reload(GatewaySettings settings);

    /**
     * Makes one more helper active, until it is unloaded or the configuration is reloaded. Reads files.
     *
     * @return its name
     * @throws IllegalArgumentException when it can't be used; nothing has changed then. The future may fail with it too.
     */
    CompletableFuture<String> loadHelper(HelperSettings settings);

    /** Takes a helper out; its live connections go on as plain flows. @return false when there is none of that name */
    CompletableFuture<Boolean> unloadHelper(String name);

    CompletableFuture<List<ExpectationView>> expectations();

    CompletableFuture<List<HelperView>> helpers();

    CompletableFuture<List<InterfaceView>> interfaces();

    CompletableFuture<List<NeighborView>> neighbors();

    CompletableFuture<List<RouteView>> routes();

    CompletableFuture<List<NatView>> nat();

    /** In the order in which they are tried. */
    CompletableFuture<List<PolicyView>> policy();

    /**
     * Follows packets through the gateway until it is closed. There is one trace at a time.
     *
     * @throws IllegalStateException when one is running
     */
    TraceFeed trace(TraceFilter filter);

    /**
     * All meters there are now; the list grows when a new label value appears (a helper's first event, an address's first
     * port) and never shrinks.
     */
    List<Meter> meters();
}
