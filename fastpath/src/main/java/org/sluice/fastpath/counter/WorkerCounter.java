package org.sluice.fastpath.counter;

/** What a worker counts besides drops and punts. */
public enum WorkerCounter {
    /** Received frames that a port took to send them on, by the fast path or on the conductor's word. */
    FORWARDED,
    /** Those of them that needed no conductor. */
    FAST_FORWARDED,
    /** Frames of the gateway itself that a port took. */
    ORIGINATED,
    /** The gateway's own frames that found no room on the way out. */
    ORIGINATED_LOST,
    /** Frames given to the conductor. */
    PUNTED,
    /** Received frames taken back from the conductor to be sent. */
    RESUMED
}
