package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * IPv4 header, RFC 791.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+---------------+-------------------------------+
 *  |Version|  IHL  |      TOS      |         Total Length          |
 *  +-------+-------+---------------+-----+-------------------------+
 *  |        Identification         |Flags|     Fragment Offset     |
 *  +---------------+---------------+-----+-------------------------+
 *  |      TTL      |   Protocol    |        Header Checksum        |
 *  +---------------+---------------+-------------------------------+
 *  |                        Source Address                         |
 *  +---------------------------------------------------------------+
 *  |                     Destination Address                       |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv4 {
    public static final int HEADER_LENGTH = 20;
    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;
    public static final int PROTOCOL_GRE = 47;
    public static final int PROTOCOL_SCTP = 132;
    /** In {@link #flagsAndFragment}. */
    public static final int DONT_FRAGMENT = 0x4000;
    /** In {@link #flagsAndFragment}. */
    public static final int MORE_FRAGMENTS = 0x2000;
    /** In {@link #flagsAndFragment}; counts units of eight bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1FFF;

    private static final int VERSION_LENGTH = 0;
    private static final int TOS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FLAGS_FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    /** In the word of time to live, protocol and checksum. */
    private static final int ONE_HOP = 1 << 24;
    /** What a time to live one lower adds to the header's sum: its word is less by 0x0100. */
    private static final int HOP_DELTA = 0xFEFF;
    private static final int RIGHT = 0xFFFF;
    private static final long LOW = 0xFFFF_FFFFL;

    private Ipv4() {}

    public static int version(DirectBuffer b, int ip) {
        return b.getByte(ip + VERSION_LENGTH) >>> 4 & 0xF;
    }

    /** @return in bytes, options included. */
    public static int headerLength(DirectBuffer b, int ip) {
        return (b.getByte(ip + VERSION_LENGTH) & 0xF) << 2;
    }

    /** Sets version 4 and the header's length in bytes. */
    public static void versionAndHeaderLength(MutableDirectBuffer b, int ip, int headerLength) {
        b.putByte(ip + VERSION_LENGTH, (byte) (0x40 | headerLength >> 2));
    }

    public static int tos(DirectBuffer b, int ip) {
        return b.getByte(ip + TOS) & 0xFF;
    }

    public static void tos(MutableDirectBuffer b, int ip, int value) {
        b.putByte(ip + TOS, (byte) value);
    }

    public static int totalLength(DirectBuffer b, int ip) {
        return b.getShort(ip + TOTAL_LENGTH, BIG_ENDIAN) & 0xFFFF;
    }

    public static void totalLength(MutableDirectBuffer b, int ip, int value) {
        b.putShort(ip + TOTAL_LENGTH, (short) value, BIG_ENDIAN);
    }

    public static int identification(DirectBuffer b, int ip) {
        return b.getShort(ip + IDENTIFICATION, BIG_ENDIAN) & 0xFFFF;
    }

    public static void identification(MutableDirectBuffer b, int ip, int value) {
        b.putShort(ip + IDENTIFICATION, (short) value, BIG_ENDIAN);
    }

    public static int flagsAndFragment(DirectBuffer b, int ip) {
        return b.getShort(ip + FLAGS_FRAGMENT, BIG_ENDIAN) & 0xFFFF;
    }

    public static void flagsAndFragment(MutableDirectBuffer b, int ip, int value) {
        b.putShort(ip + FLAGS_FRAGMENT, (short) value, BIG_ENDIAN);
    }

    /** @return whether it is a part of a datagram: not the first, or more follow. */
    public static boolean isFragment(DirectBuffer b, int ip) {
        return (flagsAndFragment(b, ip) & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0;
    }

    public static boolean dontFragment(DirectBuffer b, int ip) {
        return (flagsAndFragment(b, ip) & DONT_FRAGMENT) != 0;
    }

    public static int ttl(DirectBuffer b, int ip) {
        return b.getByte(ip + TTL) & 0xFF;
    }

    public static void ttl(MutableDirectBuffer b, int ip, int value) {
        b.putByte(ip + TTL, (byte) value);
    }

    public static int protocol(DirectBuffer b, int ip) {
        return b.getByte(ip + PROTOCOL) & 0xFF;
    }

    public static void protocol(MutableDirectBuffer b, int ip, int value) {
        b.putByte(ip + PROTOCOL, (byte) value);
    }

    public static int checksum(DirectBuffer b, int ip) {
        return b.getShort(ip + CHECKSUM, BIG_ENDIAN) & 0xFFFF;
    }

    public static void checksum(MutableDirectBuffer b, int ip, int value) {
        b.putShort(ip + CHECKSUM, (short) value, BIG_ENDIAN);
    }

    /**
     * Takes one from the time to live, which is at least 1.
     *
     * @param delta what else changes in the header, for its checksum: {@link Checksum#delta}
     */
    public static void takeHop(MutableDirectBuffer b, int ip, int delta) {
        int word = b.getInt(ip + TTL, BIG_ENDIAN);
        b.putInt(ip + TTL, (word & ~0xFFFF) - ONE_HOP | Checksum.apply(word & 0xFFFF, HOP_DELTA + delta), BIG_ENDIAN);
    }

    /** @param headerLength in bytes. @return whether the header's words add up as its sender said (RFC 791 3.1). */
    public static boolean isChecksumRight(DirectBuffer b, int ip, int headerLength) {
        if (headerLength != HEADER_LENGTH) {
            return Checksum.fold(Checksum.sum(b, ip, headerLength)) == RIGHT;
        }
        // nearly always; all ones are all ones in any byte order (RFC 1071 2 B)
        long first = b.getLong(ip);
        long second = b.getLong(ip + Long.BYTES);
        return Checksum.fold((first >>> Integer.SIZE) + (first & LOW) + (second >>> Integer.SIZE) + (second & LOW)
                + (b.getInt(ip + DESTINATION) & LOW)) == RIGHT;
    }

    /** Computes the header checksum from scratch. */
    public static void updateChecksum(MutableDirectBuffer b, int ip) {
        checksum(b, ip, 0);
        checksum(b, ip, ~Checksum.fold(Checksum.sum(b, ip, headerLength(b, ip))));
    }

    /** @return source in the upper half, destination in the lower. */
    public static long addresses(DirectBuffer b, int ip) {
        return b.getLong(ip + SOURCE, BIG_ENDIAN);
    }

    /** @param value source in the upper half, destination in the lower */
    public static void addresses(MutableDirectBuffer b, int ip, long value) {
        b.putLong(ip + SOURCE, value, BIG_ENDIAN);
    }

    public static int source(DirectBuffer b, int ip) {
        return b.getInt(ip + SOURCE, BIG_ENDIAN);
    }

    public static void source(MutableDirectBuffer b, int ip, int value) {
        b.putInt(ip + SOURCE, value, BIG_ENDIAN);
    }

    public static int destination(DirectBuffer b, int ip) {
        return b.getInt(ip + DESTINATION, BIG_ENDIAN);
    }

    public static void destination(MutableDirectBuffer b, int ip, int value) {
        b.putInt(ip + DESTINATION, value, BIG_ENDIAN);
    }
}
