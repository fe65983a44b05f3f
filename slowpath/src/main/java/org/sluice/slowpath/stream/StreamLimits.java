package org.sluice.slowpath.stream;

/** What one connection may cost. */
final class StreamLimits {
    /** Bytes that came before their turn, in one direction; the sender repeats what is not kept. */
    static final int OUT_OF_ORDER_BYTES = 1 << 16;
    /** Pieces of such bytes. */
    static final int OUT_OF_ORDER_PIECES = 64;
    /** Bytes sent on and not acknowledged, in one direction, kept for repetition. */
    static final int RETAINED_BYTES = 1 << 18;
    /** How long the beginning of a message may wait for its end. */
    static final long HOLD_NS = 2_000_000_000L;
    /** When what the sender was relieved of is repeated for the first time; then each time after twice as long. */
    static final long REPEAT_NS = 500_000_000L;
    /** How often; the receiver is gone by then. */
    static final int REPEATS = 7;
    /** RFC 9293 3.7.1: what a receiver takes that did not say otherwise. */
    static final int DEFAULT_MSS = 536;

    private StreamLimits() {}
}
