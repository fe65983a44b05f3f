package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/** The Internet checksum (RFC 1071) and its change by difference (RFC 1624). */
public final class Checksum {
    private static final long LOW = 0xFFFF_FFFFL;

    private Checksum() {}

    /** @return 16-bit one's complement sum, 0 to 0xFFFF. */
    public static int fold(long sum) {
        // a number and itself with its halves swapped: what the lower halves carry over is the carry that goes round
        int half = (int) (sum + Long.rotateLeft(sum, Integer.SIZE) >>> Integer.SIZE);
        return half + Integer.rotateLeft(half, Short.SIZE) >>> Short.SIZE;
    }

    /** @return sum of big-endian 16-bit words, not folded; an odd last byte counts as the upper half of a word. */
    public static long sum(DirectBuffer b, int offset, int length) {
        long sum = 0;
        int i = offset;
        int end = offset + length;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long word = b.getLong(i, BIG_ENDIAN);
            sum += (word >>> 32) + (word & LOW);
        }
        if (i + Integer.BYTES <= end) {
            sum += b.getInt(i, BIG_ENDIAN) & LOW;
            i += Integer.BYTES;
        }
        if (i + Short.BYTES <= end) {
            sum += b.getShort(i, BIG_ENDIAN) & 0xFFFF;
            i += Short.BYTES;
        }
        return i < end ? sum + ((b.getByte(i) & 0xFF) << 8) : sum;
    }

    /**
     * @param before sum of the words that go, not folded
     * @param after sum of the words that come, not folded
     * @return what the change adds to a sum; several add up with {@link #fold}
     */
    public static int delta(long before, long after) {
        return fold((~fold(before) & 0xFFFF) + (long) fold(after));
    }

    /**
     * RFC 1624, equation 3; unlike RFC 1141 it never makes a wrong 0xFFFF of a 0.
     *
     * @param field a checksum as it stands in a header, which is the complement of a sum
     * @param delta of {@link #delta}, or the sum of several
     */
    public static int apply(int field, int delta) {
        int sum = (~field & 0xFFFF) + delta;
        int folded = (sum >>> Short.SIZE) + (sum & 0xFFFF);
        return ~((folded >>> Short.SIZE) + folded) & 0xFFFF;
    }

    /** @return sum of the pseudo header of a transport over IPv4 (RFC 9293 3.1) or IPv6 (RFC 8200 8.1), not folded. */
    public static long pseudoHeader(DirectBuffer b, int ip, int protocol, int l4Length) {
        if (Ipv6.isVersion6(b, ip)) {
            return sum(b, ip + Ipv6.SOURCE, 2 * Ipv6.ADDRESS_LENGTH) + protocol + l4Length;
        }
        return (Ipv4.source(b, ip) & LOW) + (Ipv4.destination(b, ip) & LOW) + protocol + l4Length;
    }

    /** @return what the checksum field of TCP, UDP or ICMPv6 ought to be, whatever is in it now. */
    public static int transport(DirectBuffer b, int ip, int l4, int l4Length, int protocol) {
        int field = l4 + switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> Tcp.CHECKSUM;
            case Ipv6.PROTOCOL_ICMP -> Icmp.CHECKSUM;
            default -> Udp.CHECKSUM;
        };
        long sum = pseudoHeader(b, ip, protocol, l4Length) + sum(b, l4, l4Length);
        int present = b.getShort(field, BIG_ENDIAN) & 0xFFFF;
        return ~fold(sum + (~present & 0xFFFF)) & 0xFFFF;
    }
}
