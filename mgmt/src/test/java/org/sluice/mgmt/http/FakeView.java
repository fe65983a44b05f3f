package org.sluice.mgmt.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.view.ExpectationView;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.FlowPage;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.FlowView.Tuple;
import org.sluice.slowpath.view.GatewayView;
import org.sluice.slowpath.view.HelperView;
import org.sluice.slowpath.view.InterfaceView;
import org.sluice.slowpath.view.Meter;
import org.sluice.slowpath.view.NatView;
import org.sluice.slowpath.view.NeighborView;
import org.sluice.slowpath.view.PolicyView;
import org.sluice.slowpath.view.RouteView;
import org.sluice.slowpath.view.TraceFeed;
import org.sluice.slowpath.view.TraceView;

/** A gateway that holds what a test puts into it. Flows lie in every third record of its table. */
public final class FakeView implements GatewayView {
    private static final int RECORDS_A_FLOW = 3;
    /** The flow table. */
    public final List<FlowView> flows = new ArrayList<>();
    /** What a trace tells. */
    public final BlockingQueue<TraceView> packets = new LinkedBlockingQueue<>();
    /** What is traced; null when nothing is. */
    public volatile TraceFilter traced;
    /** A packet that a trace tells over and over; null for none. */
    public volatile TraceView endless;
    /** Packets that a trace has lost. */
    public volatile long lost;
    volatile boolean ready = true;
    volatile boolean silent;
    volatile GatewaySettings reloaded;
    volatile RuntimeException failure;

    /** A TCP flow of 10.77.0.2 to 198.51.100.2 behind masquerading. */
    public static FlowView tcp(int id, int sport, int dport, String state, String helper) {
        return new FlowView(id, "tcp", 6, state, 431_999, new Tuple("10.77.0.2", "198.51.100.2", sport, dport, 5, 300),
                new Tuple("198.51.100.2", "198.51.100.1", dport, sport, 4, 240), true, true, helper, -1);
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public CompletableFuture<FlowPage> flows(FlowFilter filter, int from, int limit) {
        int end = from + limit;
        int size = flows.size() * RECORDS_A_FLOW;
        List<FlowView> found = new ArrayList<>();
        for (int record = from; record < Math.min(end, size); record++) {
            FlowView flow = flows.get(record / RECORDS_A_FLOW);
            if (record % RECORDS_A_FLOW == 0 && filter.matches(flow)) {
                found.add(flow);
            }
        }
        return answer(new FlowPage(found, end >= size ? -1 : end));
    }

    @Override
    public CompletableFuture<Integer> endRefusedFlows() {
        return answer(2);
    }

    @Override
    public CompletableFuture<Integer> flushFlows(FlowFilter filter) {
        int before = flows.size();
        flows.removeIf(filter::matches);
        return answer(before - flows.size());
    }

    @Override
    public CompletableFuture<Integer> reload(GatewaySettings settings) {
        reloaded = settings;
        return answer(0);
    }

    @Override
    public CompletableFuture<String> loadHelper(HelperSettings settings) {
        if (settings.jar() != null) {
            throw new IllegalArgumentException("there is no file " + settings.jar());
        }
        return answer(settings.name());
    }

    @Override
    public CompletableFuture<Boolean> unloadHelper(String name) {
        return answer(name.equals("ftp"));
    }

    @Override
    public TraceFeed trace(TraceFilter filter) {
        if (traced != null) {
            throw new IllegalStateException("another trace is running; end it first");
        }
        traced = filter;
        return new TraceFeed() {
            @Override
            public List<TraceView> poll() {
                List<TraceView> taken = new ArrayList<>();
                packets.drainTo(taken);
                taken.addAll(endless == null ? List.of() : Collections.nCopies(10, endless));
                return taken;
            }

            @Override
            public long lost() {
                return lost;
            }

            @Override
            public void close() {
                traced = null;
            }
        };
    }

    private <T> CompletableFuture<T> answer(T value) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        return silent ? new CompletableFuture<>() : CompletableFuture.completedFuture(value);
    }

    @Override
    public CompletableFuture<List<ExpectationView>> expectations() {
        return answer(List.of(new ExpectationView("ftp", "tcp", "198.51.100.2", "198.51.100.1", 4100, "10.77.0.2", 4100,
                29, 2), new ExpectationView("irc", "tcp", "any", "198.51.100.1", 5000, "10.77.0.2", 5001, 100, 4)));
    }

    @Override
    public CompletableFuture<List<HelperView>> helpers() {
        return answer(List.of(new HelperView("ftp", "tcp", List.of(21, 2121), true, 1, 2, Map.of("expected", 3L), ""),
                new HelperView("irc", "tcp", List.of(6667), false, 0, 0, Map.of(), "")));
    }

    @Override
    public CompletableFuture<List<InterfaceView>> interfaces() {
        return answer(List.of(new InterfaceView("inside", "in0", "lan", List.of("10.77.0.1/24", "fd77::1/64"),
                "02:00:00:00:00:01", 1500, true, Map.of("rx_packets", 7L, "tx_packets", 6L, "rx_missed", 0L)),
                new InterfaceView("outside", "out0", "outside", List.of("198.51.100.1/24"), "02:00:00:00:00:02", 1400,
                        false, Map.of("rx_packets", 0L, "tx_packets", 0L, "rx_missed", 0L))));
    }

    @Override
    public CompletableFuture<List<NeighborView>> neighbors() {
        return answer(List.of(new NeighborView("10.77.0.2", "02:00:00:00:00:0a", "inside", "reachable"),
                new NeighborView("198.51.100.9", "", "outside", "incomplete")));
    }

    @Override
    public CompletableFuture<List<RouteView>> routes() {
        return answer(List.of(new RouteView("10.77.0.0/24", "", "inside", "link"),
                new RouteView("0.0.0.0/0", "198.51.100.254", "outside", "static")));
    }

    @Override
    public CompletableFuture<List<NatView>> nat() {
        return answer(List.of(new NatView("198.51.100.1", "tcp", 12, 64512)));
    }

    @Override
    public CompletableFuture<List<PolicyView>> policy() {
        return answer(List.of(new PolicyView("1", "inside", "outside", List.of(), List.of("198.51.100.0/24"),
                List.of("tcp"), List.of("80-81"), List.of("new"), "accept", 12, 1)));
    }

    @Override
    public List<Meter> meters() {
        return List.of(
                new Meter("sluice_rx_packets", "Received", Meter.Kind.COUNTER, Map.of("interface", "inside"), () -> 7),
                new Meter("sluice_rx_packets", "Received", Meter.Kind.COUNTER, Map.of("interface", "outside"), () -> 3),
                new Meter("sluice_drops", "Dropped", Meter.Kind.COUNTER, Map.of("reason", "policy"), () -> 4),
                new Meter("sluice_forwarded_packets", "Forwarded", Meter.Kind.COUNTER, Map.of(), () -> 6),
                new Meter("sluice_flows_capacity", "Room", Meter.Kind.GAUGE, Map.of(), () -> 1000),
                new Meter("sluice_forward_latency_seconds", "Latency", Meter.Kind.GAUGE, Map.of("quantile", "0.5"),
                        () -> 0.000_012));
    }
}
