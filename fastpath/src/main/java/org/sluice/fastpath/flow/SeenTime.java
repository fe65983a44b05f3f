package org.sluice.fastpath.flow;

/**
 * The time at which a flow was last seen, in four bytes: units of 2^22 ns, 4.2 ms, rounded up, so that no flow ends before its time. It goes
 * round after 208 days, so it is told by a time that is less than {@link #FARTHEST_NS} away from it.
 */
public final class SeenTime {
    /** 104 days. */
    public static final long FARTHEST_NS = 1L << 53;

    private static final int SHIFT = 22;
    private static final long ROUND_UP = (1L << SHIFT) - 1;

    private SeenTime() {}

    /** @param time System.nanoTime */
    public static int of(long time) {
        return (int) (time + ROUND_UP >> SHIFT);
    }

    /** @param near a System.nanoTime not far from it. @return the time, as System.nanoTime */
    public static long nanos(int seen, long near) {
        long units = near >> SHIFT;
        return units + (seen - (int) units) << SHIFT;
    }

    /** @return the later of two. */
    public static int later(int a, int b) {
        return a - b > 0 ? a : b;
    }

    /** @return from {@code earlier} to {@code later}, in ns */
    public static long between(int earlier, int later) {
        return (long) (later - earlier) << SHIFT;
    }
}
