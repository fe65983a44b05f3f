package org.sluice.perf.suite;

import java.util.List;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.suite.load.HostTraffic;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Stand;

/** New flows a second: every packet opens one. */
final class SetupExperiment implements Experiment {
    private static final int FLOWS = 200_000;
    private static final int QUICK_FLOWS = 20_000;
    private static final int WARM_FLOWS = 20_000;

    /**
     * One round.
     *
     * @param offered new flows a second
     * @param setUp new flows a second
     * @param loss share of the flows whose packet did not arrive
     */
    private record Result(double offered, double setUp, double loss) {
        double lossPercent() {
            return 100 * loss;
        }

        @Override
        public String toString() {
            return "%,.0f of %,.0f new flows/s".formatted(setUp, offered);
        }
    }

    @Override
    public String name() {
        return "setup";
    }

    @Override
    public String title() {
        return "new UDP flows, one packet each";
    }

    @Override
    public Table run(Bench bench) {
        int flows = bench.settings().choose(QUICK_FLOWS, FLOWS);
        Table table = new Table(name(), title(),
                "%,d combinations of source and destination port in pseudorandom order "
                        .formatted(flows)
                        + "(RFC 9693, 4.4), each once, as fast as the source can; a flow counts when its packet "
                        + "arrives. The whole machine carries source and rival.",
                "rival", "offered/s", "set up/s", "loss %",
                "of kernel's", "spread %", "remark");
        List<Outcome<Result>> outcomes = bench.turns(name(), Rivals.KERNEL_AND_OURS,
                (stand, middle) -> {
                    stand.meet();
                    try (HostTraffic traffic = HostTraffic.open(stand)) {
                        traffic.once(WARM_FLOWS);
                        middle.flush();
                        return measure(stand, traffic, flows);
                    }
                });
        for (Outcome<Result> outcome : outcomes) {
            table.row(outcome.rival(), outcome.median(Result::offered), outcome.median(Result::setUp),
                    outcome.median(Result::lossPercent), Outcome.ratio(outcomes, outcome, Result::setUp),
                    outcome.spread(Result::setUp), outcome.problem());
        }
        return table;
    }

    private static Result measure(Stand stand, HostTraffic traffic, int flows) {
        long before = stand.receivedInTheEnd();
        Sent sent = traffic.once(flows);
        double arrived = stand.receivedInTheEnd() - before;
        return new Result(sent.rate(), arrived * 1e9 / sent.nanos(), Math.max(0, 1 - arrived / sent.frames()));
    }
}
