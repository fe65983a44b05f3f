package org.sluice.perf.suite;

import java.util.ArrayList;
import java.util.List;
import org.sluice.perf.suite.load.MemoryLoad;
import org.sluice.perf.suite.report.Plot;
import org.sluice.perf.suite.report.Table;

/** What more flows cost, in time and in memory. */
final class ScalingExperiment implements Experiment {
    private static final List<Integer> FLOWS = List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);
    private static final List<Integer> QUICK_FLOWS = List.of(1_000, 10_000, 100_000);
    /** With fewer, what the JVM itself takes meanwhile is more than the flows. */
    private static final int ENOUGH = 1_000_000;

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public String title() {
        return "forwarding in memory by number of flows, and the memory of a flow";
    }

    @Override
    public Table run(Bench bench) {
        Table table = new Table(name(), title(),
                "As in the table \"memory\", Sluice alone. Memory is what the process grew "
                        + "by when the flows were made: record, both index entries, and the list of the test.",
                "flows",
                "packets/s", "ns/packet", "bytes/flow", "spread %", "remark");
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int flows : bench.settings().choose(QUICK_FLOWS, FLOWS)) {
            List<Double> rates = new ArrayList<>();
            List<Double> bytes = new ArrayList<>();
            String problem = measure(bench, flows, rates, bytes);
            if (rates.isEmpty()) {
                table.row(flows, null, null, null, null, problem);
            } else {
                double rate = Statistics.median(rates);
                table.row(flows, rate, 1e9 / rate, flows < ENOUGH ? null : Statistics.median(bytes),
                        Statistics.spread(rates), problem);
                x.add((double) flows);
                y.add(1e9 / rate);
            }
        }
        return x.isEmpty()
                ? table
                : table.plot(new Plot("scaling", title(), "flows", "ns/packet", true,
                        List.of(new Plot.Line(Rivals.IN_MEMORY, x, y))));
    }

    private static String measure(Bench bench, int flows, List<Double> rates, List<Double> bytes) {
        for (int round = 1; round <= bench.settings().rounds(); round++) {
            try {
                MemoryLoad.Forwarded forwarded = MemoryLoad.run(flows, bench.settings().seconds());
                rates.add(forwarded.rate());
                bytes.add((double) forwarded.bytes() / flows);
                bench.progress().accept("scaling, %,d flows, round %d of %d: %,.0f packets/s".formatted(flows, round,
                        bench.settings().rounds(), forwarded.rate()));
            } catch (RuntimeException e) {
                return "failed: " + Bench.firstLine(e);
            }
        }
        return "";
    }
}
