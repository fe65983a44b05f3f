package org.sluice.perf.gen.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.linux.SocketFilter;

/**
 * The first bytes of a frame's payload, by which the sink knows it again. It fits into the smallest UDP frame over IPv4.
 * <pre>
 *   0        4        8          12           18
 *  +--------+--------+----------+------------+
 *  |  run   |  flow  | sequence |    time    |
 *  +--------+--------+----------+------------+
 * </pre>
 * Run is another number for each run. Flow is the flow's place, from 0; one that takes the place of an older one goes on with its sequence,
 * which counts the frames of the place from 0. Time is nanoseconds of CLOCK_REALTIME, its lower 48 bits, which is enough for
 * differences of up to three days.
 */
public final class Stamp {
    public static final int LENGTH = 18;
    public static final long TIME_MASK = (1L << 48) - 1;

    private static final int RUN = 0;
    private static final int FLOW = 4;
    private static final int SEQUENCE = 8;
    private static final int TIME = 12;

    private Stamp() {}

    public static int run(DirectBuffer b, int stamp) {
        return b.getInt(stamp + RUN, BIG_ENDIAN);
    }

    public static void run(MutableDirectBuffer b, int stamp, int value) {
        b.putInt(stamp + RUN, value, BIG_ENDIAN);
    }

    public static int flow(DirectBuffer b, int stamp) {
        return b.getInt(stamp + FLOW, BIG_ENDIAN);
    }

    /** @return for the frames of one flow. @param stamp offset in frames, from the Ethernet header on */
    public static SocketFilter ofFlow(int stamp, int flow) {
        return SocketFilter.ALL.word(stamp + FLOW, flow);
    }

    public static int sequence(DirectBuffer b, int stamp) {
        return b.getInt(stamp + SEQUENCE, BIG_ENDIAN);
    }

    public static long time(DirectBuffer b, int stamp) {
        return (b.getShort(stamp + TIME, BIG_ENDIAN) & 0xFFFFL) << 32
                | b.getInt(stamp + TIME + 2, BIG_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Writes all but the run. @param time of which the lower 48 bits count */
    public static void write(MutableDirectBuffer b, int stamp, int flow, int sequence, long time) {
        b.putInt(stamp + FLOW, flow, BIG_ENDIAN);
        b.putInt(stamp + SEQUENCE, sequence, BIG_ENDIAN);
        b.putShort(stamp + TIME, (short) (time >>> 32), BIG_ENDIAN);
        b.putInt(stamp + TIME + 2, (int) time, BIG_ENDIAN);
    }

    /** @return what {@link #write} adds to a sum of 16-bit words (RFC 1071), not folded. */
    static long sum(int flow, int sequence, long time) {
        return (flow & 0xFFFF_FFFFL) + (sequence & 0xFFFF_FFFFL) + (time & TIME_MASK);
    }
}
