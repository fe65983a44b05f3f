package org.sluice.perf.suite;

import java.util.ArrayList;
import java.util.List;
import org.sluice.fastpath.wire.Ipv4;
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
                        + "by when the flows were made: record, both index entries, timer, and 8 bytes of the test's own list. "
                        + "TCP: the same with as many connections, one round.",
                "flows",
                "packets/s", "ns/packet", "bytes/flow", "spread %", "TCP packets/s", "TCP bytes/flow", "remark");
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int flows : bench.settings().choose(QUICK_FLOWS, FLOWS)) {
            List<Double> rates = new ArrayList<>();
            List<Double> bytes = new ArrayList<>();
            String problem = measure(bench, flows, bench.settings().rounds(), Ipv4.PROTOCOL_UDP, rates, bytes);
            if (rates.isEmpty()) {
                table.row(flows, null, null, null, null, null, null, problem);
            } else {
                double rate = Statistics.median(rates);
                List<Double> tcpRates = new ArrayList<>();
                List<Double> tcpBytes = new ArrayList<>();
                String tcpProblem = measure(bench, flows, 1, Ipv4.PROTOCOL_TCP, tcpRates, tcpBytes);
                table.row(flows, rate, 1e9 / rate, memory(flows, bytes), Statistics.spread(rates),
                        tcpRates.isEmpty() ? null : tcpRates.getFirst(), memory(flows, tcpBytes),
                        problem.isEmpty() ? tcpProblem : problem);
                x.add((double) flows);
                y.add(1e9 / rate);
            }
        }
        return x.isEmpty()
                ? table
                : table.plot(new Plot("scaling", title(), "flows", "ns/packet", true,
                        List.of(new Plot.Line(Rivals.IN_MEMORY, x, y))));
    }

    private static Double memory(int flows, List<Double> bytes) {
        return flows < ENOUGH || bytes.isEmpty() ? null : (Double) Statistics.median(bytes);
    }

    private static String measure(Bench bench, int flows, int rounds, int protocol, List<Double> rates,
            List<Double> bytes) {
        for (int round = 1; round <= rounds; round++) {
            try {
                MemoryLoad.Forwarded forwarded = MemoryLoad.run(flows, bench.settings().seconds(), protocol);
                rates.add(forwarded.rate());
                bytes.add((double) forwarded.bytes() / flows);
                bench.progress().accept("scaling, %,d flows, %s, round %d of %d: %,.0f packets/s".formatted(flows,
                        protocol == Ipv4.PROTOCOL_TCP ? "TCP" : "UDP", round, rounds, forwarded.rate()));
            } catch (RuntimeException e) {
                return "failed: " + Bench.firstLine(e);
            }
        }
        return "";
    }
}
