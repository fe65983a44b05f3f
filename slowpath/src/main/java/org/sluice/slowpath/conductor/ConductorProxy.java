package org.sluice.slowpath.conductor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.helper.ActiveHelper;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.trace.TraceDesk;
import org.sluice.slowpath.view.ExpectationView;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.FlowPage;
import org.sluice.slowpath.view.GatewayView;
import org.sluice.slowpath.view.HelperView;
import org.sluice.slowpath.view.InterfaceView;
import org.sluice.slowpath.view.Meter;
import org.sluice.slowpath.view.NatView;
import org.sluice.slowpath.view.NeighborView;
import org.sluice.slowpath.view.PolicyView;
import org.sluice.slowpath.view.RouteView;
import org.sluice.slowpath.view.TraceFeed;

/** Management's side of the conductor: every question becomes a command that the conductor answers. Any thread. */
final class ConductorProxy implements GatewayView {
    private final CommandQueue commands;
    private final RuleBook rules;
    private final HelperHost helpers;
    private final FlowSweep sweep;
    private final FlowPaths paths;
    private final FlowJudge judge;
    private final ViewMaker views;
    private final Meters meters;
    private final TraceDesk traces;
    private volatile boolean ready;

    ConductorProxy(CommandQueue commands, RuleBook rules, HelperHost helpers, FlowSweep sweep, FlowPaths paths,
            FlowJudge judge, ViewMaker views, Meters meters, TraceDesk traces) {
        this.commands = commands;
        this.rules = rules;
        this.helpers = helpers;
        this.sweep = sweep;
        this.paths = paths;
        this.judge = judge;
        this.views = views;
        this.meters = meters;
        this.traces = traces;
    }

    void wakeup(Runnable wakeup) {
        commands.wakeup(wakeup);
    }

    void ready(boolean ready) {
        this.ready = ready;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public CompletableFuture<FlowPage> flows(FlowFilter filter, int from, int limit) {
        return commands.submit(() -> views.flows(filter, from, limit));
    }

    @Override
    public CompletableFuture<Integer> flushFlows(FlowFilter filter) {
        return sweep.end(flow -> views.matches(filter, flow), EndReason.FLUSHED);
    }

    @Override
    public CompletableFuture<Integer> endRefusedFlows() {
        return sweep.end(flow -> !judge.wouldAllow(flow), EndReason.REFUSED);
    }

    @Override
    public CompletableFuture<Integer> reload(GatewaySettings settings) {
        // made here: finding helpers reads files
        HelperRegistry registry = new HelperRegistry(settings.helpers());
        return commands.submit(() -> rules.replace(settings, registry))
                .thenCompose(change -> change.movesFlows()
                        ? sweep.each(flow -> paths.follow(flow, change.gone()))
                        : CompletableFuture.completedFuture(0));
    }

    @Override
    public CompletableFuture<String> loadHelper(HelperSettings settings) {
        ActiveHelper helper = HelperRegistry.find(settings);
        return commands.submit(() -> {
            helpers.add(helper);
            return helper.name();
        });
    }

    @Override
    public CompletableFuture<Boolean> unloadHelper(String name) {
        return commands.submit(() -> helpers.remove(name));
    }

    @Override
    public CompletableFuture<List<ExpectationView>> expectations() {
        return commands.submit(views::expectations);
    }

    @Override
    public CompletableFuture<List<HelperView>> helpers() {
        return commands.submit(views::helpers);
    }

    @Override
    public CompletableFuture<List<InterfaceView>> interfaces() {
        return commands.submit(views::interfaces);
    }

    @Override
    public CompletableFuture<List<NeighborView>> neighbors() {
        return commands.submit(views::neighbors);
    }

    @Override
    public CompletableFuture<List<RouteView>> routes() {
        return commands.submit(views::routes);
    }

    @Override
    public CompletableFuture<List<NatView>> nat() {
        return commands.submit(views::nat);
    }

    @Override
    public CompletableFuture<List<PolicyView>> policy() {
        return commands.submit(views::policy);
    }

    @Override
    public TraceFeed trace(TraceFilter filter) {
        return traces.open(filter);
    }

    @Override
    public List<Meter> meters() {
        return meters.all();
    }
}
