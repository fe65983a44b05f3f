package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Both ports at once, with which the headers of TCP, UDP and SCTP begin (RFC 9293 3.1, RFC 768, RFC 9260 3.1).
 * <pre>
 *   0            2                 4
 *  +------------+-----------------+
 *  | sourcePort | destinationPort |
 *  +------------+-----------------+
 * </pre>
 */
public final class Ports {
    private Ports() {}

    /** @return source port in the upper half, destination port in the lower. */
    public static int both(DirectBuffer b, int l4) {
        return b.getInt(l4, BIG_ENDIAN);
    }

    /** @param value source port in the upper half, destination port in the lower */
    public static void both(MutableDirectBuffer b, int l4, int value) {
        b.putInt(l4, value, BIG_ENDIAN);
    }
}
