package org.sluice.slowpath.conntrack;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2LongHashMap;

/** One timer for each flow, on a hashed wheel: setting, cancelling and expiring cost the same however many there are. Conductor. */
public final class FlowTimers {
    /** 2^26 ns, 67 ms: what a timeout may be late. */
    private static final long TICK_NS = 1L << 26;
    private static final int TICKS = 4096;
    private static final int EXPIRY_LIMIT = 256;

    private final DeadlineTimerWheel wheel;
    private final Long2LongHashMap flowByTimer = new Long2LongHashMap(0);
    private final Flows flows;
    private final IntConsumer onExpiry;

    /**
     * @param now System.nanoTime
     * @param onExpiry gets the id of a flow whose timer has fired and is gone
     */
    public FlowTimers(Flows flows, long now, IntConsumer onExpiry) {
        wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, now, TICK_NS, TICKS);
        this.flows = flows;
        this.onExpiry = onExpiry;
    }

    /** Sets the flow's timer, in place of the one it had. */
    public void set(int flow, long deadline) {
        cancel(flow);
        long timer = wheel.scheduleTimer(deadline);
        flowByTimer.put(timer, flow & ~1);
        // a wheel's first timer id is 0, which in a record means none
        flows.timer(flow, timer + 1);
    }

    public void cancel(int flow) {
        long timer = flows.timer(flow) - 1;
        if (timer >= 0) {
            wheel.cancelTimer(timer);
            flowByTimer.remove(timer);
            flows.timer(flow, 0);
        }
    }

    /** @return when it fires; meaningless without one. */
    public long deadline(int flow) {
        return wheel.deadline(flows.timer(flow) - 1);
    }

    /** @return how many fired. */
    public int poll(long now) {
        return wheel.poll(now, (unit, time, timer) -> {
            int flow = (int) flowByTimer.remove(timer);
            flows.timer(flow, 0);
            onExpiry.accept(flow);
            return true;
        }, EXPIRY_LIMIT);
    }
}
