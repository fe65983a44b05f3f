package org.sluice.slowpath.conductor;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.Flows;

/** Ends the flows that somebody picks, a slice of the table at a time, so that packets do not wait for it. */
final class FlowSweep {
    private static final int SLICE = 1_024;
    private final CommandQueue commands;
    private final Flows flows;
    private final FlowLife life;

    private record Slice(int next, int ended) {}

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
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        next(picks, reason, new Slice(1, 0), ended);
        return ended;
    }

    private void next(IntPredicate picks, EndReason reason, Slice done, CompletableFuture<Integer> all) {
        commands.submit(() -> slice(picks, reason, done)).whenComplete((slice, failure) -> {
            if (failure != null) {
                all.completeExceptionally(failure);
            } else if (slice.next < 0) {
                all.complete(slice.ended);
            } else {
                next(picks, reason, slice, all);
            }
        });
    }

    private Slice slice(IntPredicate picks, EndReason reason, Slice done) {
        int end = Math.min(flows.table().recordLimit(), done.next + SLICE);
        int ended = done.ended;
        for (int record = done.next; record < end; record++) {
            int flow = record << 1;
            if (life.isLive(flow) && picks.test(flow)) {
                life.end(flow, reason);
                ended++;
            }
        }
        return new Slice(end < flows.table().recordLimit() ? end : -1, ended);
    }
}
