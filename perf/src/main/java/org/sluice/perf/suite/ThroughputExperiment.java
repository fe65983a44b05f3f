package org.sluice.perf.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.perf.suite.load.UdpLoad;
import org.sluice.perf.suite.report.Plot;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Stand;

/** The throughput without loss of RFC 2544, section 26.1, by frame size. */
final class ThroughputExperiment implements Experiment {
    /** RFC 2544, section 9.1. */
    private static final List<Integer> SIZES = List.of(64, 128, 256, 512, 1024, 1280, 1518);
    private static final List<Integer> QUICK_SIZES = List.of(64, 1518);
    /** A frame's length in the RFC counts the check sequence, which a device of the kernel does not show. */
    private static final int CHECK_SEQUENCE = 4;
    private static final int FLOWS = 1_000;
    private static final int WARM_MILLIS = 2_000;
    private static final double RESOLUTION = 0.05;
    /** More than a source reaches. */
    private static final double HIGHEST = 5e6;

    /** One round: frames a second. */
    private record Result(double rate) {
        @Override
        public String toString() {
            return "%,.0f frames/s without loss".formatted(rate);
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
                        .formatted(100 * RESOLUTION) + "no frame may be lost. Sizes count the frame check sequence.",
                "rival",
                "frame bytes", "frames/s", "Gbit/s", "of kernel's", "spread %", "remark");
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        for (int size : bench.settings().quick() ? QUICK_SIZES : SIZES) {
            List<Outcome<Result>> outcomes = bench.turns("throughput, " + size + " bytes", Rivals.KERNEL_AND_OURS,
                    (stand, _) -> search(stand, size, 1_000 * bench.settings().seconds()));
            for (Outcome<Result> outcome : outcomes) {
                Double rate = outcome.median(Result::rate);
                table.row(outcome.rival(), size, rate, rate == null ? null : rate * size * Byte.SIZE / 1e9,
                        Outcome.ratio(outcomes, outcome, Result::rate), outcome.spread(Result::rate),
                        outcome.problem());
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

    private static Result search(Stand stand, int size, int milliseconds) throws Exception {
        stand.meet();
        int bytes = size - CHECK_SEQUENCE;
        UdpLoad.flood(FLOWS, bytes, WARM_MILLIS).run(stand);
        ThroughputSearch search = new ThroughputSearch(rate -> {
            long before = stand.receivedInTheEnd();
            UdpLoad.Sent sent = UdpLoad.paced(FLOWS, bytes, milliseconds, (long) rate, false).run(stand);
            return new ThroughputSearch.Outcome(sent.rate(), sent.frames(), stand.receivedInTheEnd() - before);
        }, 0, RESOLUTION);
        ThroughputSearch.Outcome best = search.run(HIGHEST);
        return new Result(best == null ? 0 : best.rate());
    }
}
