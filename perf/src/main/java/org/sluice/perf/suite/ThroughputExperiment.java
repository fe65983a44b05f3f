package org.sluice.perf.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.perf.gen.Latency;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.suite.load.HostTraffic;
import org.sluice.perf.suite.report.Plot;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Stand;

/** The throughput without loss of RFC 2544, section 26.1, by frame size. */
final class ThroughputExperiment implements Experiment {
    /** RFC 2544, section 9.1. */
    private static final List<Integer> SIZES = List.of(64, 128, 256, 512, 1024, 1280, 1518);
    private static final List<Integer> QUICK_SIZES = List.of(64, 1518);
    private static final int FLOWS = 1_000;
    private static final Duration WARM = Duration.ofSeconds(2);
    private static final double RESOLUTION = 0.05;
    /** More than a source reaches. */
    private static final double HIGHEST = 5e6;

    /** Of the throughput, at which latency is measured: at all of it, every hitch lasts. */
    private static final double LOADED = 0.9;
    private static final double MICRO = 1e3;

    /**
     * One round.
     *
     * @param rate frames a second
     * @param median latency at most of that rate, microseconds
     * @param tail the same, of which 99 of 100 frames have less
     */
    private record Result(double rate, double median, double tail) {
        @Override
        public String toString() {
            return "%,.0f frames/s without loss, at 90 %% of that %.0f us, p99 %.0f us".formatted(rate, median, tail);
        }
    }

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String title() {
        return "highest rate without loss by frame size (RFC 2544, 26.1)";
    }

    @Override
    public Table run(Bench bench) {
        Table table = new Table(name(), title(),
                "UDP of 1,000 flows; binary search to %.0f %% of what the source reaches, "
                        .formatted(100 * RESOLUTION)
                        + "no frame may be lost. Sizes count the frame check sequence. Latency "
                        + "(26.2): one way, at 90 % of that rate, from the source's stamps to the kernel's at the server, "
                        + "of one frame in %,d.".formatted(FLOWS),
                "rival",
                "frame bytes", "frames/s", "Gbit/s", "of kernel's", "spread %", "p50 us", "p99 us", "remark");
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        for (int size : bench.settings().choose(QUICK_SIZES, SIZES)) {
            List<Outcome<Result>> outcomes = bench.forSearch().turns("throughput, " + size + " bytes",
                    Rivals.KERNEL_AND_OURS,
                    (stand, _) -> search(stand, size, bench.settings().duration()));
            for (Outcome<Result> outcome : outcomes) {
                Double rate = outcome.median(Result::rate);
                table.row(outcome.rival(), size, rate, rate == null ? null : rate * size * Byte.SIZE / 1e9,
                        Outcome.ratio(outcomes, outcome, Result::rate), outcome.spread(Result::rate),
                        outcome.median(Result::median), outcome.median(Result::tail), outcome.problem());
                if (rate != null) {
                    lines.computeIfAbsent(outcome.rival(), _ -> new ArrayList<>()).add(new double[]{size, rate / 1e3});
                }
            }
        }
        return lines.isEmpty()
                ? table
                : table.plot(new Plot("throughput", title(), "frame bytes", "thousand frames/s", false,
                        Plot.lines(lines)));
    }

    private static Result search(Stand stand, int size, Duration duration) throws Exception {
        stand.meet();
        ThroughputSearch.Outcome best;
        try (HostTraffic traffic = HostTraffic.open(stand)) {
            traffic.flood(FLOWS, size, WARM);
            ThroughputSearch search = new ThroughputSearch(rate -> {
                long before = stand.receivedInTheEnd();
                Sent sent = traffic.pace(FLOWS, size, duration, rate, false);
                return new ThroughputSearch.Outcome(sent.rate(), sent.frames(), stand.receivedInTheEnd() - before);
            }, 0, RESOLUTION);
            best = search.run(HIGHEST);
        }
        Latency latency = best == null ? null : HostTraffic.latency(stand, FLOWS, size, duration, LOADED * best.rate());
        return latency == null
                ? new Result(best == null ? 0 : best.rate(), Double.NaN, Double.NaN)
                : new Result(best.rate(), latency.p50() / MICRO, latency.p99() / MICRO);
    }
}
