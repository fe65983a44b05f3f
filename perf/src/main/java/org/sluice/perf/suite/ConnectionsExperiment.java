package org.sluice.perf.suite;

import java.util.List;
import org.sluice.perf.gen.connection.ConnectionResult;
import org.sluice.perf.gen.load.Protocol;
import org.sluice.perf.suite.load.HostConnections;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Middle;
import org.sluice.perf.suite.stand.Stand;

/** New TCP connections a second: the handshake alone, and all until both ends have closed. */
final class ConnectionsExperiment implements Experiment {
    private static final int QUICK_CONNECTIONS = 20_000;
    private static final int WARM_UPS = 2;

    /**
     * One round.
     *
     * @param established connections a second
     * @param complete connections a second, from SYN to the last acknowledgement
     * @param loss share of all connections that did not get as far as they should
     * @param tracked share of the established connections that the rival has in this state
     */
    private record Result(double established, double complete, double loss, double tracked) {
        double lossPercent() {
            return 100 * loss;
        }

        double trackedPercent() {
            return 100 * tracked;
        }

        @Override
        public String toString() {
            return "%,.0f connections/s established, %,.0f complete; %.1f %% tracked as such".formatted(established,
                    complete, trackedPercent());
        }
    }

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public String title() {
        return "new TCP connections";
    }

    @Override
    public Table run(Bench bench) {
        int count = bench.settings().choose(QUICK_CONNECTIONS, HostConnections.MANY);
        Table table = new Table(name(), title(),
                "%,d connections of different ports in pseudorandom order, %,d at most "
                        .formatted(count, HostConnections.WINDOW)
                        + "waiting for an answer. Established: SYN, SYN/ACK and ACK have all arrived, "
                        + "and nothing follows. Complete: FIN and its acknowledgement too, each way (six packets). Tracked: "
                        + "what the rival itself then counts as ESTABLISHED, of those.",
                "rival", "established/s",
                "of kernel's", "spread %", "complete/s", "of kernel's", "spread %", "lost %", "tracked %", "remark");
        List<Outcome<Result>> outcomes = bench.turns(name(), Rivals.KERNEL_AND_OURS,
                (stand, middle) -> measure(stand, middle, count));
        for (Outcome<Result> outcome : outcomes) {
            table.row(outcome.rival(), outcome.median(Result::established),
                    Outcome.ratio(outcomes, outcome, Result::established), outcome.spread(Result::established),
                    outcome.median(Result::complete), Outcome.ratio(outcomes, outcome, Result::complete),
                    outcome.spread(Result::complete), outcome.median(Result::lossPercent),
                    outcome.median(Result::trackedPercent), outcome.problem());
        }
        return table;
    }

    private static Result measure(Stand stand, Middle middle, int count) {
        stand.meet();
        try (HostConnections hosts = HostConnections.open(stand)) {
            // so that neither a rival nor the hosts are measured cold, in either half, nor while code is being compiled
            for (int i = 0; i < WARM_UPS; i++) {
                hosts.fill(Protocol.TCP, count);
                middle.flush();
                hosts.complete(count);
                middle.flush();
            }
            ConnectionResult established = hosts.fill(Protocol.TCP, count);
            double tracked = (double) middle.established() / established.established();
            middle.flush();
            ConnectionResult complete = hosts.complete(count);
            double got = (double) established.established() + complete.closed();
            return new Result(established.establishedRate(), complete.closedRate(),
                    1 - got / (established.opened() + complete.opened()), tracked);
        }
    }
}
