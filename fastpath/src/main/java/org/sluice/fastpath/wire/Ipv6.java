package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * IPv6 header, RFC 8200 section 3, and what its extension headers (section 4) have in common. Addresses are two longs, first byte
 * highest.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+---------------+---------------------------------------+
 *  |Version| Traffic Class |              Flow Label               |
 *  +-------+---------------+-------+---------------+---------------+
 *  |        Payload Length         |  Next Header  |   Hop Limit   |
 *  +-------------------------------+---------------+---------------+
 *  |                    Source Address, 16 bytes                   |
 *  |                 Destination Address, 16 bytes                 |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv6 {
    public static final int HEADER_LENGTH = 40;
    /** Every link carries packets of this length (RFC 8200 section 5). */
    public static final int MIN_MTU = 1280;
    public static final int PROTOCOL_ICMP = 58;

    public static final int HOP_BY_HOP = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int AUTHENTICATION = 51;
    public static final int NO_NEXT_HEADER = 59;
    public static final int DESTINATION_OPTIONS = 60;

    /** Offset of the field that says what follows the header. */
    public static final int NEXT_HEADER = 6;
    /** Offset of the source address; the destination follows it. */
    public static final int SOURCE = 8;
    public static final int DESTINATION = 24;
    public static final int ADDRESS_LENGTH = 16;

    public static final int FRAGMENT_HEADER_LENGTH = 8;
    /** In {@link #offsetAndFlags}. */
    public static final int MORE_FRAGMENTS = 1;
    /** In {@link #offsetAndFlags}; what it leaves is a count of bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0xFFF8;

    private static final int PAYLOAD_LENGTH = 4;
    private static final int HOP_LIMIT = 7;

    private static final int EXTENSION_LENGTH = 1;
    private static final int OFFSET_FLAGS = 2;
    private static final int IDENTIFICATION = 4;
    private static final int UNIT = 8;
    private static final int WORD = 4;

    private Ipv6() {}

    /** @return whether the header at hand says version 6; of a packet of either version. */
    public static boolean isVersion6(DirectBuffer b, int ip) {
        return (b.getByte(ip) & 0xF0) == 0x60;
    }

    /** Writes the first four bytes: version 6, traffic class, flow label 0. */
    public static void versionAndClass(MutableDirectBuffer b, int ip, int trafficClass) {
        b.putInt(ip, 6 << 28 | trafficClass << 20, BIG_ENDIAN);
    }

    /** @return bytes behind the header, extension headers included. */
    public static int payloadLength(DirectBuffer b, int ip) {
        return b.getShort(ip + PAYLOAD_LENGTH, BIG_ENDIAN) & 0xFFFF;
    }

    public static void payloadLength(MutableDirectBuffer b, int ip, int value) {
        b.putShort(ip + PAYLOAD_LENGTH, (short) value, BIG_ENDIAN);
    }

    public static int nextHeader(DirectBuffer b, int ip) {
        return b.getByte(ip + NEXT_HEADER) & 0xFF;
    }

    public static void nextHeader(MutableDirectBuffer b, int ip, int value) {
        b.putByte(ip + NEXT_HEADER, (byte) value);
    }

    public static int hopLimit(DirectBuffer b, int ip) {
        return b.getByte(ip + HOP_LIMIT) & 0xFF;
    }

    public static void hopLimit(MutableDirectBuffer b, int ip, int value) {
        b.putByte(ip + HOP_LIMIT, (byte) value);
    }

    /** Reads half an address. @param offset of its first byte in the buffer */
    public static long half(DirectBuffer b, int offset) {
        return b.getLong(offset, BIG_ENDIAN);
    }

    /** Writes a whole address. @param offset of its first byte in the buffer */
    public static void address(MutableDirectBuffer b, int offset, long high, long low) {
        b.putLong(offset, high, BIG_ENDIAN);
        b.putLong(offset + Long.BYTES, low, BIG_ENDIAN);
    }

    /** @return whether another header follows that is laid out as extension headers are. */
    public static boolean isExtension(int nextHeader) {
        return nextHeader == HOP_BY_HOP || nextHeader == ROUTING || nextHeader == FRAGMENT
                || nextHeader == AUTHENTICATION || nextHeader == DESTINATION_OPTIONS;
    }

    /** @return what follows an extension header. */
    public static int extensionNext(DirectBuffer b, int extension) {
        return b.getByte(extension) & 0xFF;
    }

    /** @param kind of the extension header. @return its length in bytes; two of them must be at hand */
    public static int extensionLength(DirectBuffer b, int extension, int kind) {
        int length = b.getByte(extension + EXTENSION_LENGTH) & 0xFF;
        return switch (kind) {
            case FRAGMENT -> FRAGMENT_HEADER_LENGTH;
            // RFC 4302 2.2: in words, less two
            case AUTHENTICATION -> (length + 2) * WORD;
            default -> (length + 1) * UNIT;
        };
    }

    /** @return where the extension headers of a whole packet end, which are known to be all there. */
    public static int headersEnd(DirectBuffer b, int ip) {
        int kind = nextHeader(b, ip);
        int at = ip + HEADER_LENGTH;
        while (isExtension(kind)) {
            int length = extensionLength(b, at, kind);
            kind = extensionNext(b, at);
            at += length;
        }
        return at;
    }

    /** @return offset and flags of a fragment header. */
    public static int offsetAndFlags(DirectBuffer b, int fragment) {
        return b.getShort(fragment + OFFSET_FLAGS, BIG_ENDIAN) & 0xFFFF;
    }

    public static int identification(DirectBuffer b, int fragment) {
        return b.getInt(fragment + IDENTIFICATION, BIG_ENDIAN);
    }

    /** Writes a fragment header. */
    public static void fragmentHeader(MutableDirectBuffer b, int fragment, int next, int offsetAndFlags,
            int identification) {
        b.putShort(fragment, (short) (next << 8), BIG_ENDIAN);
        b.putShort(fragment + OFFSET_FLAGS, (short) offsetAndFlags, BIG_ENDIAN);
        b.putInt(fragment + IDENTIFICATION, identification, BIG_ENDIAN);
    }

    /** Says in the last header before {@code end}, the IPv6 header or an extension header, what follows there. */
    public static void endHeadersWith(MutableDirectBuffer b, int ip, int end, int next) {
        int kind = nextHeader(b, ip);
        int at = ip + HEADER_LENGTH;
        if (at >= end) {
            nextHeader(b, ip, next);
            return;
        }
        while (at + extensionLength(b, at, kind) < end) {
            int length = extensionLength(b, at, kind);
            kind = extensionNext(b, at);
            at += length;
        }
        b.putByte(at, (byte) next);
    }

    /** @return what the last header before {@code end} says that follows there. */
    public static int lastNextHeader(DirectBuffer b, int ip, int end) {
        int kind = nextHeader(b, ip);
        int at = ip + HEADER_LENGTH;
        while (at < end) {
            int length = extensionLength(b, at, kind);
            kind = extensionNext(b, at);
            at += length;
        }
        return kind;
    }
}
