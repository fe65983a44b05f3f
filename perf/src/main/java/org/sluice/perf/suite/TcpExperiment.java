package org.sluice.perf.suite;

import java.util.List;
import org.sluice.perf.suite.load.IperfStream;
import org.sluice.perf.suite.report.Table;

/** One bulk TCP stream. */
final class TcpExperiment implements Experiment {

    /** One round. */
    private record Result(double bits) {
        double gigabits() {
            return bits / 1e9;
        }

        @Override
        public String toString() {
            return "%.2f Gbit/s".formatted(gigabits());
        }
    }

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public String title() {
        return "one TCP stream of iperf3, offloads as they come";
    }

    @Override
    public Table run(Bench bench) {
        Table table = new Table(name(), title(), "What iperf3's server received, without the first two seconds.",
                "rival", "Gbit/s", "of kernel's", "spread %", "remark");
        if (!IperfStream.missing().isEmpty()) {
            return table.note(IperfStream.missing());
        }
        List<Outcome<Result>> outcomes = bench.turns(name(), Rivals.KERNEL_AND_OURS, (stand, _) -> {
            stand.meet();
            return new Result(IperfStream.run(stand, bench.settings().seconds()));
        });
        for (Outcome<Result> outcome : outcomes) {
            table.row(outcome.rival(), outcome.median(Result::gigabits),
                    Outcome.ratio(outcomes, outcome, Result::bits), outcome.spread(Result::bits), outcome.problem());
        }
        return table;
    }
}
