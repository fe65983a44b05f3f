package org.sluice.slowpath.conductor;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.Flows;

/** Does something to every flow, a slice of the table at a time, so that packets do not wait for it. */
final class FlowSweep {
    private static final int SLICE = 1_024;
    private final CommandQueue commands;
    private final Flows flows;
    private final FlowLife life;

    private record Slice(int next, int count) {}

    FlowSweep(CommandQueue commands, Flows flows, FlowLife life) {
        this.commands = commands;
        this.flows = flows;
        this.life = life;
    }

    /**
     * Any thread.
     *
     * @param picks asked about every live flow, on the conductor's thread
     * @return how many were ended
     */
    CompletableFuture<Integer> end(IntPredicate picks, EndReason reason) {
        return each(flow -> {
            if (picks.test(flow)) {
                life.end(flow, reason);
                return true;
            }
            return false;
        });
    }

    /**
     * Any thread.
     *
     * @param action done to every live flow's original direction, on the conductor's thread
     * @return how often it said true
     */
    CompletableFuture<Integer> each(IntPredicate action) {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        next(action, new Slice(1, 0), count);
        return count;
    }

    private void next(IntPredicate action, Slice done, CompletableFuture<Integer> all) {
        commands.submit(() -> slice(action, done)).whenComplete((slice, failure) -> {
            if (failure != null) {
                all.completeExceptionally(failure);
            } else if (slice.next < 0) {
                all.complete(slice.count);
            } else {
                next(action, slice, all);
            }
        });
    }

    private Slice slice(IntPredicate action, Slice done) {
        int end = Math.min(flows.table().recordLimit(), done.next + SLICE);
        int count = done.count;
        for (int record = done.next; record < end; record++) {
            int flow = record << 1;
            if (life.isLive(flow) && action.test(flow)) {
                count++;
            }
        }
        return new Slice(end < flows.table().recordLimit() ? end : -1, count);
    }
}
