package org.sluice.perf.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.perf.suite.load.MemoryLoad;
import org.sluice.perf.suite.report.Plot;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.OvsInMemory;

/** What tracking and translating cost, without devices and kernel. */
final class MemoryExperiment implements Experiment {
    private static final List<Integer> FLOWS = List.of(1_000, 60_000, 200_000, 1_000_000);
    private static final List<Integer> QUICK_FLOWS = List.of(1_000, 60_000);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "NAT forwarding from memory to memory, 60-byte UDP, one core";
    }

    @Override
    public Table run(Bench bench) {
        Table table = new Table(name(), title(), "One frame a flow in pseudorandom order, again and again, one "
                + "thread. Open vSwitch: DPDK's pcap driver in, ct with source NAT, null driver out; Sluice: a worker "
                + "between two ports in memory.", "flows", Rivals.IN_MEMORY + " packets/s", "ns/packet", "spread %",
                OvsInMemory.NAME + " packets/s", "ns/packet", "ratio", "remark");
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        for (int flows : bench.settings().choose(QUICK_FLOWS, FLOWS)) {
            row(bench, table, flows, lines);
        }
        return lines.isEmpty()
                ? table
                : table.plot(
                        new Plot("memory", title(), "flows", "million packets/s", true, Plot.lines(lines)));
    }

    private void row(Bench bench, Table table, int flows, Map<String, List<double[]>> lines) {
        Side ours = new Side(Rivals.IN_MEMORY, "",
                () -> MemoryLoad.run(flows, bench.settings().seconds(), Ipv4.PROTOCOL_UDP).rate());
        String missing = flows > OvsInMemory.MAX_FLOWS
                ? OvsInMemory.NAME + " holds no more than %,d frames".formatted(OvsInMemory.MAX_FLOWS)
                : OvsInMemory.missing();
        Side theirs = new Side(OvsInMemory.NAME, missing,
                () -> OvsInMemory.measure(flows, bench.settings().seconds()).packets());
        for (int round = 1; round <= bench.settings().rounds(); round++) {
            for (Side side : List.of(ours, theirs)) {
                side.turn(bench, "memory, %,d flows, round %d of %d, %s: ".formatted(flows, round,
                        bench.settings().rounds(), side.name));
            }
        }
        Double we = ours.median();
        Double they = theirs.median();
        table.row(flows, we, we == null ? null : 1e9 / we, we == null ? null : Statistics.spread(ours.rates), they,
                they == null ? null : 1e9 / they, we == null || they == null ? null : we / they,
                (ours.problem + " " + theirs.problem).strip());
        for (Side side : List.of(ours, theirs)) {
            if (side.median() != null) {
                lines.computeIfAbsent(side.name, _ -> new ArrayList<>())
                        .add(new double[]{flows, side.median() / 1e6});
            }
        }
    }

    /** One of the two. */
    private static final class Side {
        private final String name;
        private final Callable<Double> measurement;
        private final List<Double> rates = new ArrayList<>();
        private String problem;

        Side(String name, String missing, Callable<Double> measurement) {
            this.name = name;
            this.measurement = measurement;
            problem = missing;
        }

        void turn(Bench bench, String where) {
            if (!problem.isEmpty() || !bench.settings().admits(name)) {
                return;
            }
            try {
                rates.add(measurement.call());
                bench.progress().accept(where + "%,.0f packets/s".formatted(rates.getLast()));
            } catch (Exception e) {
                problem = name + " failed: " + Bench.firstLine(e);
                bench.progress().accept(where + problem);
            }
        }

        Double median() {
            return rates.isEmpty() ? null : Statistics.median(rates);
        }
    }
}
