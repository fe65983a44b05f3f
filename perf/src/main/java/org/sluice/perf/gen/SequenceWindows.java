package org.sluice.perf.gen;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.linux.OffHeap;

/**
 * Which sequence numbers of each flow have come: the next one expected, and the last {@value #WINDOW} before it, a bit each. One thread.
 */
final class SequenceWindows {
    static final int WINDOW = 64;

    /** What a number is beside those that came before (RFC 4737 3.3, RFC 5560 3). */
    enum Arrival {
        IN_ORDER, REORDERED, DUPLICATE
    }

    private static final int STRIDE = 16;
    private static final int EXPECTED = 0;
    private static final int SEEN = 8;

    private final UnsafeBuffer flows;
    private final int count;

    /** @param count of flows */
    SequenceWindows(int count) {
        this.count = count;
        flows = OffHeap.allocate((long) count * STRIDE);
    }

    /** @return whether there is such a flow. */
    boolean has(int flow) {
        return flow >= 0 && flow < count;
    }

    /**
     * Takes a number, from 0, which may wrap. One that comes later than {@value #WINDOW} others after it counts as reordered, though it may
     * be a duplicate: it is not remembered that long.
     */
    Arrival take(int flow, int sequence) {
        int at = flow * STRIDE;
        int expected = flows.getInt(at + EXPECTED);
        long seen = flows.getLong(at + SEEN);
        int ahead = sequence - expected;
        if (ahead >= 0) {
            flows.putInt(at + EXPECTED, sequence + 1);
            flows.putLong(at + SEEN, (ahead + 1 >= WINDOW ? 0 : seen << ahead + 1) | 1);
            return Arrival.IN_ORDER;
        }
        int back = -ahead - 1;
        if (back >= WINDOW) {
            return Arrival.REORDERED;
        }
        long bit = 1L << back;
        flows.putLong(at + SEEN, seen | bit);
        return (seen & bit) != 0 ? Arrival.DUPLICATE : Arrival.REORDERED;
    }
}
