package org.sluice.slowpath.conntrack;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One timer for each flow, on a hashed wheel (Varghese and Lauck, scheme 6): a slot for each tick, in it a list of the flows whose
 * time is that tick of this turn or of a later one. The links stand in arrays by record, so that setting and cancelling cost the same
 * however many there are, and memory does not depend on how many end at the same time. Conductor.
 */
public final class FlowTimers {
    /** 2^26 ns, 67 ms: what a timer may be late. */
    private static final int TICK_SHIFT = 26;
    private static final long TICK_NS = 1L << TICK_SHIFT;
    private static final int SLOTS = 4096;
    /** In one poll, so that the conductor comes round to its packets. */
    private static final int FIRE_LIMIT = 256;
    private static final int LOOK_LIMIT = 4096;
    private static final int INITIAL = 1 << 10;
    /** Ticks, two years: a timer that is farther away fires by then. */
    private static final int FARTHEST = 1 << 30;
    /** End of a list; the flow table has no such record. */
    private static final int NOBODY = 0;

    private final int[] heads = new int[SLOTS];
    /** By record: the one behind it. */
    private int[] next = new int[INITIAL];
    /** By record: the one before it; of the first in a list the complement of the slot; {@link #NOBODY} without a timer. */
    private int[] previous = new int[INITIAL];
    /** By record: the lower half of the number of the tick in which it fires. */
    private int[] due = new int[INITIAL];
    private final long start;
    private final IntConsumer onExpiry;
    /** The tick under way, and the record that is to be looked at next in it. */
    private long tick;
    private int cursor;

    /**
     * @param now System.nanoTime
     * @param onExpiry gets the id of a flow whose timer has fired and is gone
     */
    public FlowTimers(long now, IntConsumer onExpiry) {
        start = now;
        this.onExpiry = onExpiry;
    }

    /**
     * Sets the flow's timer, in place of the one it had.
     *
     * @param deadline System.nanoTime; one that is over fires in the tick that comes next
     */
    public void set(int flow, long deadline) {
        cancel(flow);
        int record = flow >>> 1;
        grow(record);
        // the list of the tick under way is being walked
        long ahead = Math.clamp(tick(deadline + TICK_NS - 1) - tick, 1, FARTHEST);
        due[record] = (int) (tick + ahead);
        int slot = due[record] & SLOTS - 1;
        int first = heads[slot];
        heads[slot] = record;
        next[record] = first;
        previous[record] = ~slot;
        if (first != NOBODY) {
            previous[first] = record;
        }
    }

    private void grow(int record) {
        if (record >= due.length) {
            int length = Math.max(2 * due.length, record + 1);
            next = Arrays.copyOf(next, length);
            previous = Arrays.copyOf(previous, length);
            due = Arrays.copyOf(due, length);
        }
    }

    /** Does nothing to a flow without one. */
    public void cancel(int flow) {
        int record = flow >>> 1;
        if (record >= due.length || previous[record] == NOBODY) {
            return;
        }
        int behind = next[record];
        int before = previous[record];
        if (before < 0) {
            heads[~before] = behind;
        } else {
            next[before] = behind;
        }
        if (behind != NOBODY) {
            previous[behind] = before;
        }
        if (cursor == record) {
            cursor = behind;
        }
        previous[record] = NOBODY;
    }

    /** Fires what is due, up to a limit; the rest follows with the next calls. @return how many fired. */
    public int poll(long now) {
        long last = tick(now);
        int fired = 0;
        for (int looked = 0; looked < LOOK_LIMIT && fired < FIRE_LIMIT;) {
            if (cursor != NOBODY) {
                int record = cursor;
                cursor = next[record];
                looked++;
                if (due[record] - (int) tick <= 0) {
                    cancel(record << 1);
                    fired++;
                    onExpiry.accept(record << 1);
                }
            } else if (tick < last) {
                tick++;
                cursor = heads[(int) tick & SLOTS - 1];
            } else {
                break;
            }
        }
        return fired;
    }

    private long tick(long time) {
        return time - start >> TICK_SHIFT;
    }
}
