package org.sluice.slowpath.icmp;

/** Lets a number of events a second through, and a few more at once (RFC 1812 4.3.2.8). One thread. */
public final class TokenBucket {
    private static final long SECOND = 1_000_000_000L;
    private final long intervalNs;
    private final long capacityNs;
    /** Tokens, as the time it took to earn them. */
    private long level;
    private long last;

    /**
     * @param perSecond in the long run
     * @param burst at once after a rest
     * @param now System.nanoTime
     */
    public TokenBucket(int perSecond, int burst, long now) {
        intervalNs = SECOND / perSecond;
        capacityNs = intervalNs * burst;
        level = capacityNs;
        last = now;
    }

    /** @return whether one more may pass. */
    public boolean take(long now) {
        level = Math.min(capacityNs, level + now - last);
        last = now;
        if (level < intervalNs) {
            return false;
        }
        level -= intervalNs;
        return true;
    }
}
