package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Enhanced GRE header, RFC 2637 section 4.1: what carries the calls of PPTP. It names the call by the number that the receiver
 * gave it; no checksum covers it.
 * <pre>
 *  0                         2                 4                6         8
 *  +------------------------+-----------------+----------------+---------+
 *  | C R K S s Recur A 0 Ver | protocol 0x880B | payload length | call ID |   sequence (4), acknowledgement (4)
 *  +------------------------+-----------------+----------------+---------+   as S and A say
 * </pre>
 */
public final class Gre {
    /** Of the part that is always there. */
    public static final int ENHANCED_LENGTH = 8;

    /** No checksum, no routing, a key, version 1, PPP; whatever the other bits are. */
    private static final int ENHANCED = 0x2001_880B;

    private static final int ENHANCED_MASK = 0xE007_FFFF;
    private static final int CALL_ID = 6;

    private Gre() {}

    /** @param gre at least four bytes are there. @return whether it is a header of PPTP's kind, not that it is complete. */
    public static boolean isEnhanced(DirectBuffer b, int gre) {
        return (b.getInt(gre, BIG_ENDIAN) & ENHANCED_MASK) == ENHANCED;
    }

    public static int callId(DirectBuffer b, int gre) {
        return b.getShort(gre + CALL_ID, BIG_ENDIAN) & 0xFFFF;
    }

    public static void callId(MutableDirectBuffer b, int gre, int value) {
        b.putShort(gre + CALL_ID, (short) value, BIG_ENDIAN);
    }
}
