package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * UDP header, RFC 768.
 * <pre>
 *   0            2                 4        6          8
 *  +------------+-----------------+--------+----------+
 *  | sourcePort | destinationPort | length | checksum |
 *  +------------+-----------------+--------+----------+
 * </pre>
 */
public final class Udp {
    public static final int HEADER_LENGTH = 8;
    /** Offset of the checksum field, for the virtio-net header. */
    public static final int CHECKSUM = 6;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int DATAGRAM_LENGTH = 4;

    private Udp() {}

    public static int sourcePort(DirectBuffer b, int udp) {
        return b.getShort(udp + SOURCE_PORT, BIG_ENDIAN) & 0xFFFF;
    }

    public static void sourcePort(MutableDirectBuffer b, int udp, int value) {
        b.putShort(udp + SOURCE_PORT, (short) value, BIG_ENDIAN);
    }

    public static int destinationPort(DirectBuffer b, int udp) {
        return b.getShort(udp + DESTINATION_PORT, BIG_ENDIAN) & 0xFFFF;
    }

    public static void destinationPort(MutableDirectBuffer b, int udp, int value) {
        b.putShort(udp + DESTINATION_PORT, (short) value, BIG_ENDIAN);
    }

    /** @return header and payload in bytes. */
    public static int length(DirectBuffer b, int udp) {
        return b.getShort(udp + DATAGRAM_LENGTH, BIG_ENDIAN) & 0xFFFF;
    }

    public static void length(MutableDirectBuffer b, int udp, int value) {
        b.putShort(udp + DATAGRAM_LENGTH, (short) value, BIG_ENDIAN);
    }

    /** @return 0 when the sender computed none. */
    public static int checksum(DirectBuffer b, int udp) {
        return b.getShort(udp + CHECKSUM, BIG_ENDIAN) & 0xFFFF;
    }

    public static void checksum(MutableDirectBuffer b, int udp, int value) {
        b.putShort(udp + CHECKSUM, (short) value, BIG_ENDIAN);
    }

    /** Writes a checksum that was computed: one of 0 as all ones, because 0 would say that there is none (RFC 768). */
    public static void computedChecksum(MutableDirectBuffer b, int udp, int value) {
        checksum(b, udp, value == 0 ? 0xFFFF : value);
    }
}
