package org.sluice.perf.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.suite.load.HostTraffic;
import org.sluice.perf.suite.report.Plot;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.Stand;

/** What more flows cost over devices. */
final class FlowsExperiment implements Experiment {
    private static final List<Integer> FLOWS = List.of(1_000, 100_000, 1_000_000);
    private static final List<Integer> QUICK_FLOWS = List.of(1_000, 20_000);
    private static final Duration LEAST_WARM = Duration.ofSeconds(2);
    /** New flows a second that every rival sets up. */
    private static final int SET_UP = 100_000;

    @Override
    public String name() {
        return "flows";
    }

    @Override
    public String title() {
        return "60-byte UDP packets over veth by number of flows";
    }

    @Override
    public Table run(Bench bench) {
        Table table = new Table(name(), title(), "As in the table \"udp\"; flows take turns, and all have been set up "
                + "before.", "rival", "flows", "offered/s", "delivered/s", "loss %", "of kernel's", "spread %",
                "remark");
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        for (int flows : bench.settings().choose(QUICK_FLOWS, FLOWS)) {
            List<Outcome<Delivery>> outcomes = bench.turns("flows, %,d".formatted(flows), Rivals.KERNEL_AND_OURS,
                    (stand, _) -> measure(stand, flows, bench.settings().duration()));
            for (Outcome<Delivery> outcome : outcomes) {
                Double delivered = outcome.median(Delivery::delivered);
                table.row(outcome.rival(), flows, outcome.median(Delivery::offered), delivered,
                        outcome.median(Delivery::loss), Outcome.ratio(outcomes, outcome, Delivery::delivered),
                        outcome.spread(Delivery::delivered), outcome.problem());
                if (delivered != null) {
                    lines.computeIfAbsent(outcome.rival(), _ -> new ArrayList<>())
                            .add(new double[]{flows, delivered / 1e3});
                }
            }
        }
        table.note("nf_conntrack drops what is more than net.netfilter.nf_conntrack_max, 262,144 by default.");
        return lines.isEmpty()
                ? table
                : table.plot(
                        new Plot("flows", title(), "flows", "thousand packets/s", true, Plot.lines(lines)));
    }

    private static Delivery measure(Stand stand, int flows, Duration duration) {
        stand.meet();
        Duration enough = Duration.ofSeconds(flows / SET_UP);
        try (HostTraffic traffic = HostTraffic.open(stand)) {
            traffic.flood(flows, FrameSizes.SMALLEST, enough.compareTo(LEAST_WARM) > 0 ? enough : LEAST_WARM);
            long before = stand.receivedInTheEnd();
            Sent sent = traffic.flood(flows, FrameSizes.SMALLEST, duration);
            return new Delivery(sent, stand.receivedInTheEnd() - before);
        }
    }
}
