package org.sluice.fastpath.trace;

/**
 * What a worker tells of a frame; the message type is {@link #FORWARDED} or {@link #DROPPED}.
 * <pre>
 *   0           8      12       16   20    24       28     32      36      40
 *  +-----------+------+--------+----+-----+--------+------+-------+-------+--------…+-------…
 *  | timestamp | flow | reason | in | out | length | kept | outLen| outKept| before  | after
 *  +-----------+------+--------+----+-----+--------+------+-------+-------+--------…+-------…
 * </pre>
 */
public final class FrameRecord {
    /** Message type: it left by the fast path. */
    public static final int FORWARDED = 1;
    /** Message type: it went no further. */
    public static final int DROPPED = 2;

    /** When the kernel saw the frame, nanoseconds of CLOCK_REALTIME. */
    public static final int TIMESTAMP = 0;
    /** Its flow, in the direction that it travels in; 0 for none. */
    public static final int FLOW = 8;
    /** Ordinal of {@link org.sluice.fastpath.counter.DropReason}. */
    public static final int REASON = 12;
    /** Index of the port it came in through; -1 when the conductor had sent it on. */
    public static final int IN = 16;
    /** Index of the port it left or should have left through; -1 for none. */
    public static final int OUT = 20;
    /** Of the frame as it came in. */
    public static final int LENGTH = 24;
    /** How many bytes of it are here. */
    public static final int KEPT = 28;
    /** Of the frame as it left. */
    public static final int OUT_LENGTH = 32;
    /** How many bytes of it are here. */
    public static final int OUT_KEPT = 36;
    /** The frame as it came in; behind it, the frame as it left. */
    public static final int FRAMES = 40;

    private FrameRecord() {}
}
