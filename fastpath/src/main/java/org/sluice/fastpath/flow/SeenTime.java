package org.sluice.fastpath.flow;

/**
 * The time at which a flow was last seen, in four bytes: units of 2^22 ns, 4.2 ms, rounded up, so that no flow ends before its time. It goes
 * round after 208 days, so it is told by how old it is now. Times are those of System.nanoTime.
 */
public final class SeenTime {
    private static final int SHIFT = 22;
    private static final long ROUND_UP = (1L << SHIFT) - 1;
    /** Units, 73 minutes: what a time may be later than now, because each thread reads the clock for itself. */
    private static final int AHEAD = 1 << 20;
    /** The greatest age that can be told from a lesser one. */
    public static final long OLDEST_NS = (1L << 32 << SHIFT) - ((long) AHEAD << SHIFT);

    private SeenTime() {}

    public static int of(long time) {
        return (int) (time + ROUND_UP >> SHIFT);
    }

    /** @param seen not older than {@link #OLDEST_NS}, or else it seems to be younger. @return the time */
    public static long nanos(int seen, long now) {
        long latest = (now >> SHIFT) + AHEAD;
        return latest - Integer.toUnsignedLong((int) latest - seen) << SHIFT;
    }
}
