package org.sluice.perf.suite;

import java.time.Duration;
import java.util.List;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.suite.load.HostTraffic;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.CpuTime;
import org.sluice.perf.suite.stand.Middle;
import org.sluice.perf.suite.stand.Stand;

/** Small packets of established flows: how many come through, and what each costs. */
final class UdpExperiment implements Experiment {
    private static final int FLOWS = 1_000;
    private static final Duration WARM = Duration.ofSeconds(3);
    /** Low enough for every rival. */
    private static final long STEADY = 50_000;

    /**
     * One round.
     *
     * @param delivery as fast as the source can
     * @param nanos processor time of the whole machine for a packet at the steady rate, less the source's
     * @param own of it, what the rival's processes used
     */
    private record Result(Delivery delivery, double nanos, double own) {
        double offered() {
            return delivery.offered();
        }

        double delivered() {
            return delivery.delivered();
        }

        double loss() {
            return delivery.loss();
        }

        @Override
        public String toString() {
            return "%s, %,.0f ns".formatted(delivery, nanos);
        }
    }

    @Override
    public String name() {
        return "udp";
    }

    @Override
    public String title() {
        return "60-byte UDP packets of 1,000 flows, over veth";
    }

    @Override
    public Table run(Bench bench) throws Exception {
        Settings settings = bench.settings();
        double floor = floor(settings);
        bench.progress().accept("udp, the source alone: %,.0f ns a packet".formatted(floor));
        List<Outcome<Result>> outcomes = bench.turns("udp", Rivals.ALL,
                (stand, middle) -> measure(stand, middle, settings, floor));
        Table table = new Table(name(), title(), "One source sends as fast as its device takes frames; what "
                + "arrived at the server counts. CPU time is the whole machine's at %,d packets a second, less that of "
                        .formatted(STEADY)
                + "the source alone (%,.0f ns a packet).".formatted(floor),
                "rival", "offered/s", "delivered/s", "loss %", "of kernel's", "spread %", "CPU ns/packet",
                "of these its own", "remark");
        for (Outcome<Result> outcome : outcomes) {
            table.row(outcome.rival(), outcome.median(Result::offered), outcome.median(Result::delivered),
                    outcome.median(Result::loss), Outcome.ratio(outcomes, outcome, Result::delivered),
                    outcome.spread(Result::delivered), outcome.median(Result::nanos), outcome.median(Result::own),
                    outcome.problem());
        }
        return table.note("testpmd neither tracks nor translates: it is the limit of the interface, not a rival.")
                .note("A rival that polls without rest spends a core whatever the rate.");
    }

    private static Sent steady(HostTraffic traffic, Settings settings) {
        return traffic.pace(FLOWS, FrameSizes.SMALLEST, settings.duration(), STEADY, true);
    }

    /** @return what a packet costs that goes from the source to a device that forgets it, in nanoseconds. */
    private static double floor(Settings settings) throws Exception {
        try (Stand stand = Stand.make(); HostTraffic traffic = HostTraffic.toNobody(stand)) {
            traffic.flood(FLOWS, FrameSizes.SMALLEST, WARM);
            long before = CpuTime.ofMachine();
            Sent sent = steady(traffic, settings);
            return (double) (CpuTime.ofMachine() - before) / sent.frames();
        }
    }

    private static Result measure(Stand stand, Middle middle, Settings settings, double floor) {
        stand.meet();
        try (HostTraffic traffic = HostTraffic.open(stand)) {
            traffic.flood(FLOWS, FrameSizes.SMALLEST, WARM);
            long before = stand.receivedInTheEnd();
            Sent sent = traffic.flood(FLOWS, FrameSizes.SMALLEST, settings.duration());
            Delivery delivery = new Delivery(sent, stand.receivedInTheEnd() - before);

            before = stand.received();
            long machine = CpuTime.ofMachine();
            long own = CpuTime.of(middle.processes());
            Sent paced = steady(traffic, settings);
            double carried = stand.receivedInTheEnd() - before;
            double nanos = (CpuTime.ofMachine() - machine - floor * paced.frames()) / carried;
            return new Result(delivery, nanos, (CpuTime.of(middle.processes()) - own) / carried);
        }
    }
}
