package org.sluice.perf.suite;

import java.util.List;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.suite.load.HostTraffic;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Stand;

/** New flows a second: every packet opens one. */
final class SetupExperiment implements Experiment {
    private static final int WARM_UPS = 5;
    private static final int FLOWS = 200_000;
    private static final int QUICK_FLOWS = 20_000;

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
        List<Outcome<Delivery>> outcomes = bench.turns(name(), Rivals.KERNEL_AND_OURS,
                (stand, middle) -> {
                    stand.meet();
                    try (HostTraffic traffic = HostTraffic.open(stand)) {
                        // so that no rival is measured cold, nor while its code is being compiled
                        for (int i = 0; i < WARM_UPS; i++) {
                            traffic.once(flows);
                            middle.flush();
                        }
                        return measure(stand, traffic, flows);
                    }
                });
        for (Outcome<Delivery> outcome : outcomes) {
            table.row(outcome.rival(), outcome.median(Delivery::offered), outcome.median(Delivery::delivered),
                    outcome.median(Delivery::loss), Outcome.ratio(outcomes, outcome, Delivery::delivered),
                    outcome.spread(Delivery::delivered), outcome.problem());
        }
        return table;
    }

    private static Delivery measure(Stand stand, HostTraffic traffic, int flows) {
        long before = stand.receivedInTheEnd();
        Sent sent = traffic.once(flows);
        return new Delivery(sent, stand.receivedInTheEnd() - before);
    }
}
