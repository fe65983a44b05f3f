package org.sluice.fastpath.port;

/**
 * The time in captures that are replayed together: it begins with the first frame of all of them when a port is first asked for
 * frames. Ports announce their captures before; then any thread may ask.
 */
public final class ReplayClock {
    private long first = Long.MAX_VALUE;
    private volatile long begin;
    private volatile boolean hasBegun;

    /** A capture begins then, nanoseconds since 1970. Before any port is asked for frames. */
    void covers(long timestamp) {
        first = Math.min(first, timestamp);
    }

    /** Starts it, if it hasn't been; for every look for frames, so without a lock when it has. */
    void start() {
        if (!hasBegun) {
            begin();
        }
    }

    private synchronized void begin() {
        if (!hasBegun) {
            begin = System.nanoTime();
            hasBegun = true;
        }
    }

    /** @return the time in the captures, nanoseconds since 1970; before the start that of the first frame. */
    long now() {
        long origin = first == Long.MAX_VALUE ? 0 : first;
        return hasBegun ? origin + System.nanoTime() - begin : origin;
    }
}
