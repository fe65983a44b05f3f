package org.sluice.perf.suite;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.perf.gen.connection.ConnectionResult;
import org.sluice.perf.gen.load.Protocol;
import org.sluice.perf.suite.load.HostConnections;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Middle;
import org.sluice.perf.suite.stand.Stand;

/** Maximum connection establishment rate and connection tear-down rate after RFC 9693, section 4. */
final class EstablishmentExperiment implements Experiment {
    private static final int CONNECTIONS = 100_000;
    private static final int QUICK_CONNECTIONS = 10_000;
    private static final double RESOLUTION = 0.05;
    private static final double QUICK_RESOLUTION = 0.3;
    /** More than a source reaches. */
    private static final double HIGHEST = 5e6;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /**
     * One round: connections a second.
     *
     * @param rate at which all were established
     * @param tearDown at which all were deleted together
     */
    private record Result(double rate, double tearDown) {
        @Override
        public String toString() {
            return "%,.0f connections/s without loss, %,.0f/s torn down".formatted(rate, tearDown);
        }
    }

    @Override
    public String name() {
        return "establishment";
    }

    @Override
    public String title() {
        return "connection establishment and tear-down rate (RFC 9693)";
    }

    @Override
    public Table run(Bench bench) {
        int count = bench.settings().choose(QUICK_CONNECTIONS, CONNECTIONS);
        double resolution = bench.settings().choose(QUICK_RESOLUTION, RESOLUTION);
        int many = bench.settings().choose(QUICK_CONNECTIONS, HostConnections.MANY);
        Table table = new Table(name(), title(), "%,d connections, which differ in their ports, in pseudorandom order "
                .formatted(count)
                + "(4.4), through an empty table; binary search, to %.0f %% of what the source reaches, of the highest "
                        .formatted(100 * resolution)
                + "rate at which each is established, which for UDP an answer proves, and for TCP the handshake"
                + ". Torn down: %,d of them, at once, by the rival's own command."
                        .formatted(many),
                "rival", "protocol", "established/s", "of kernel's", "spread %", "torn down/s", "of kernel's",
                "spread %", "remark");
        for (Protocol protocol : List.of(Protocol.UDP, Protocol.TCP)) {
            List<Outcome<Result>> outcomes = bench.forSearch().turns("establishment, " + protocol,
                    Rivals.KERNEL_AND_OURS,
                    (stand, middle) -> measure(stand, middle, protocol, count, resolution, many));
            for (Outcome<Result> outcome : outcomes) {
                table.row(outcome.rival(), protocol.toString(), outcome.median(Result::rate),
                        Outcome.ratio(outcomes, outcome, Result::rate), outcome.spread(Result::rate),
                        outcome.median(Result::tearDown), Outcome.ratio(outcomes, outcome, Result::tearDown),
                        outcome.spread(Result::tearDown), outcome.problem());
            }
        }
        return table;
    }

    private static Result measure(Stand stand, Middle middle, Protocol protocol, int count, double resolution,
            int many) throws Exception {
        stand.meet();
        try (HostConnections hosts = HostConnections.open(stand)) {
            // so that no rival is measured cold
            hosts.fill(protocol, many);
            ThroughputSearch search = new ThroughputSearch(rate -> {
                middle.flush();
                ConnectionResult made = hosts.pace(protocol, count, rate);
                boolean isComplete = made.established() == made.opened();
                // what waits in buffers has not been carried at the rate at which it was offered
                double carried = isComplete ? made.establishedRate() : made.openedRate();
                return new ThroughputSearch.Outcome(carried, made.opened(), made.established());
            }, 0, resolution);
            ThroughputSearch.Outcome best = search.run(HIGHEST);
            middle.flush();
            hosts.fill(protocol, many);
            return new Result(best == null ? 0 : best.rate(), tearDown(middle));
        }
    }

    /** @return connections a second that a rival deletes of all it has. */
    private static double tearDown(Middle middle) {
        long count = middle.tracked();
        long begin = System.nanoTime();
        middle.flush();
        long nanos = System.nanoTime() - begin;
        while (middle.tracked() > 0) {
            nanos = System.nanoTime() - begin;
            if (nanos > EMPTY_NANOS) {
                throw new IllegalStateException("still has connections %d s after they were to be deleted"
                        .formatted(TimeUnit.NANOSECONDS.toSeconds(nanos)));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return count * 1e9 / nanos;
    }
}
