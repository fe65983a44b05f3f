package org.sluice.perf.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.perf.suite.load.Ping;
import org.sluice.perf.suite.report.Table;
import org.sluice.perf.suite.stand.CpuTime;
import org.sluice.perf.suite.stand.Middle;
import org.sluice.perf.suite.stand.Stand;

/** Round trips when there is little to do, and what doing nothing costs. */
final class LatencyExperiment implements Experiment {
    private static final double INTERVAL_SECONDS = 0.01;
    private static final int IDLE_SECONDS = 2;
    private static final int REPEATS = 3;
    private static final double TAIL = 0.99;

    /**
     * One round.
     *
     * @param median round trip in microseconds
     * @param tail 99 of 100 are shorter, microseconds
     * @param first round trip of a flow after it has been silent, microseconds
     * @param flow round trip of the first packet of a flow after silence, microseconds
     * @param idle share of a core that the rival's processes use without traffic
     */
    private record Result(double median, double tail, double first, double flow, double idle) {
        @Override
        public String toString() {
            return "%.0f us, p99 %.0f us, after idling %.0f us, a new flow %.0f us, idle %.1f %%"
                    .formatted(median, tail, first, flow, idle);
        }
    }

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String title() {
        return "round trip of ping at 100 a second, after idling, and the CPU of an idle rival";
    }

    @Override
    public Table run(Bench bench) {
        int count = 100 * bench.settings().seconds();
        Table table = new Table(name(), title(),
                "%,d echo requests, 10 ms apart; then %d times one of a new flow after %d s of silence, during which the "
                        .formatted(count, REPEATS, IDLE_SECONDS)
                        + "rival's processes are watched, and another of the same flow after as long a silence. Both "
                        + "hosts' own stacks are in the figures.",
                "rival", "median us", "p99 us", "after idling us", "new flow us", "idle % of a core", "remark");
        List<Outcome<Result>> outcomes = bench.turns(name(), Rivals.ALL,
                (stand, middle) -> measure(stand, middle, count));
        for (Outcome<Result> outcome : outcomes) {
            table.row(outcome.rival(), outcome.median(Result::median), outcome.median(Result::tail),
                    outcome.median(Result::first), outcome.median(Result::flow), outcome.median(Result::idle),
                    outcome.problem());
        }
        return table;
    }

    private static Result measure(Stand stand, Middle middle, int count) {
        stand.meet();
        List<Double> times = Ping.run(stand, count, INTERVAL_SECONDS).stream().sorted().toList();
        List<Double> firsts = new ArrayList<>();
        List<Double> flows = new ArrayList<>();
        List<Double> idle = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            long begin = System.nanoTime();
            long before = CpuTime.of(middle.processes());
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
            idle.add(100.0 * (CpuTime.of(middle.processes()) - before) / (System.nanoTime() - begin));
            List<Double> both = Ping.run(stand, 2, IDLE_SECONDS);
            flows.add(both.getFirst());
            firsts.add(both.getLast());
        }
        return new Result(Statistics.median(times), times.get((int) (TAIL * (times.size() - 1))),
                Statistics.median(firsts), Statistics.median(flows), Statistics.median(idle));
    }
}
