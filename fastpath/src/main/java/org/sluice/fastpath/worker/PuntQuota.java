package org.sluice.fastpath.worker;

import java.util.Arrays;

/**
 * How many packets a second one host may have go the slow way, so that it leaves some of it to the others. For each of 4,096 groups of
 * hosts the time is kept at which its packets so far would be through at that rate (GCRA, ITU-T I.371 Annex A); it may be a second ahead.
 * Which hosts share a group nobody outside can know. Worker's thread, except {@link #limit}.
 */
final class PuntQuota {
    private static final long SECOND = 1_000_000_000L;
    private static final int GROUP_BITS = 12;

    private final long[] due = new long[1 << GROUP_BITS];
    private final long secret;
    private volatile long interval;

    /** @param secret that groups hosts. @param now System.nanoTime */
    PuntQuota(long secret, long now) {
        this.secret = secret;
        Arrays.fill(due, now);
    }

    /** @param perSecond from 1 on; 0 for no limit. Any thread. */
    void limit(int perSecond) {
        interval = perSecond == 0 ? 0 : Math.max(1, SECOND / perSecond);
    }

    /**
     * Counts a packet if there is room for it.
     *
     * @param source an IPv4 address, or the upper half of an IPv6 address
     * @param now System.nanoTime
     */
    boolean admits(long source, long now) {
        long each = interval;
        if (each == 0) {
            return true;
        }
        int group = (int) ((source ^ secret) * 0x9E37_79B9_7F4A_7C15L >>> Long.SIZE - GROUP_BITS);
        long from = due[group] - now < 0 ? now : due[group];
        if (from - now > SECOND - each) {
            return false;
        }
        due[group] = from + each;
        return true;
    }
}
