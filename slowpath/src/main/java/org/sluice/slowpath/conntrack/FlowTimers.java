package org.sluice.slowpath.conntrack;

import java.util.function.IntConsumer;
import org.sluice.fastpath.flow.FlowLayout;
import org.sluice.fastpath.linux.NativeBuffer;

/**
 * One timer for each flow, on a hashed wheel (Varghese and Lauck, scheme 6): a slot for each tick, in it a list of the flows whose
 * time is that tick of this turn or of a later one. The links stand in a table by record, so that setting and cancelling cost the same
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
    /** Ticks, two years: a timer that is farther away fires by then. */
    private static final int FARTHEST = 1 << 30;
    /** End of a list; the flow table has no such record. */
    private static final int NOBODY = 0;

    /** In the timer of a record: the one behind it. */
    private static final int NEXT = 0;
    /** The one before it; of the first in a list the complement of the slot; {@link #NOBODY} without a timer. */
    private static final int PREVIOUS = 4;
    /** The lower half of the number of the tick in which it fires. */
    private static final int DUE = 8;

    private final int[] heads = new int[SLOTS];
    private final NativeBuffer timers;
    private final long start;
    private final IntConsumer onExpiry;
    /** The tick under way, and the record that is to be looked at next in it. */
    private long tick;
    private int cursor;

    /**
     * @param timers zeros, {@link FlowLayout#TIMER_LENGTH} bytes for each record there can be
     * @param now System.nanoTime
     * @param onExpiry gets the id of a flow whose timer has fired and is gone
     */
    public FlowTimers(NativeBuffer timers, long now, IntConsumer onExpiry) {
        this.timers = timers;
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
        // the list of the tick under way is being walked
        long ahead = Math.clamp(tick(deadline + TICK_NS - 1) - tick, 1, FARTHEST);
        put(record, DUE, (int) (tick + ahead));
        int slot = get(record, DUE) & SLOTS - 1;
        int first = heads[slot];
        heads[slot] = record;
        put(record, NEXT, first);
        put(record, PREVIOUS, ~slot);
        if (first != NOBODY) {
            put(first, PREVIOUS, record);
        }
    }

    private int get(int record, int field) {
        return timers.getInt(record * FlowLayout.TIMER_LENGTH + field);
    }

    private void put(int record, int field, int value) {
        timers.putInt(record * FlowLayout.TIMER_LENGTH + field, value);
    }

    /** Does nothing to a flow without one. */
    public void cancel(int flow) {
        int record = flow >>> 1;
        if (get(record, PREVIOUS) == NOBODY) {
            return;
        }
        int behind = get(record, NEXT);
        int before = get(record, PREVIOUS);
        if (before < 0) {
            heads[~before] = behind;
        } else {
            put(before, NEXT, behind);
        }
        if (behind != NOBODY) {
            put(behind, PREVIOUS, before);
        }
        if (cursor == record) {
            cursor = behind;
        }
        put(record, PREVIOUS, NOBODY);
    }

    /** Fires what is due, up to a limit; the rest follows with the next calls. @return how many fired. */
    public int poll(long now) {
        long last = tick(now);
        int fired = 0;
        for (int looked = 0; looked < LOOK_LIMIT && fired < FIRE_LIMIT;) {
            if (cursor != NOBODY) {
                int record = cursor;
                cursor = get(record, NEXT);
                looked++;
                if (get(record, DUE) - (int) tick <= 0) {
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
