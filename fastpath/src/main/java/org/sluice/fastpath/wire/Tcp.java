package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * TCP header, RFC 9293 section 3.1.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |          Source Port          |       Destination Port        |
 *  +-------------------------------+-------------------------------+
 *  |                        Sequence Number                        |
 *  +---------------------------------------------------------------+
 *  |                    Acknowledgment Number                      |
 *  +-------+-------+---------------+-------------------------------+
 *  | Offset| Rsrvd | C E U A P R S F |           Window            |
 *  +-------+-------+---------------+-------------------------------+
 *  |           Checksum            |         Urgent Pointer        |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
public final class Tcp {
    public static final int HEADER_LENGTH = 20;
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;
    /** Offset of the checksum field, for the virtio-net header. */
    public static final int CHECKSUM = 16;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGEMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int URGENT_POINTER = 18;

    private Tcp() {}

    public static int sourcePort(DirectBuffer b, int tcp) {
        return b.getShort(tcp + SOURCE_PORT, BIG_ENDIAN) & 0xFFFF;
    }

    public static void sourcePort(MutableDirectBuffer b, int tcp, int value) {
        b.putShort(tcp + SOURCE_PORT, (short) value, BIG_ENDIAN);
    }

    public static int destinationPort(DirectBuffer b, int tcp) {
        return b.getShort(tcp + DESTINATION_PORT, BIG_ENDIAN) & 0xFFFF;
    }

    public static void destinationPort(MutableDirectBuffer b, int tcp, int value) {
        b.putShort(tcp + DESTINATION_PORT, (short) value, BIG_ENDIAN);
    }

    public static int sequence(DirectBuffer b, int tcp) {
        return b.getInt(tcp + SEQUENCE, BIG_ENDIAN);
    }

    public static void sequence(MutableDirectBuffer b, int tcp, int value) {
        b.putInt(tcp + SEQUENCE, value, BIG_ENDIAN);
    }

    public static int acknowledgement(DirectBuffer b, int tcp) {
        return b.getInt(tcp + ACKNOWLEDGEMENT, BIG_ENDIAN);
    }

    public static void acknowledgement(MutableDirectBuffer b, int tcp, int value) {
        b.putInt(tcp + ACKNOWLEDGEMENT, value, BIG_ENDIAN);
    }

    /** @return in bytes, options included. */
    public static int headerLength(DirectBuffer b, int tcp) {
        return (b.getByte(tcp + DATA_OFFSET) & 0xF0) >> 2;
    }

    public static void headerLength(MutableDirectBuffer b, int tcp, int value) {
        b.putByte(tcp + DATA_OFFSET, (byte) (value << 2));
    }

    public static int flags(DirectBuffer b, int tcp) {
        return b.getByte(tcp + FLAGS) & 0xFF;
    }

    public static void flags(MutableDirectBuffer b, int tcp, int value) {
        b.putByte(tcp + FLAGS, (byte) value);
    }

    public static int window(DirectBuffer b, int tcp) {
        return b.getShort(tcp + WINDOW, BIG_ENDIAN) & 0xFFFF;
    }

    public static void window(MutableDirectBuffer b, int tcp, int value) {
        b.putShort(tcp + WINDOW, (short) value, BIG_ENDIAN);
    }

    public static int checksum(DirectBuffer b, int tcp) {
        return b.getShort(tcp + CHECKSUM, BIG_ENDIAN) & 0xFFFF;
    }

    public static void checksum(MutableDirectBuffer b, int tcp, int value) {
        b.putShort(tcp + CHECKSUM, (short) value, BIG_ENDIAN);
    }

    public static int urgentPointer(DirectBuffer b, int tcp) {
        return b.getShort(tcp + URGENT_POINTER, BIG_ENDIAN) & 0xFFFF;
    }

    public static void urgentPointer(MutableDirectBuffer b, int tcp, int value) {
        b.putShort(tcp + URGENT_POINTER, (short) value, BIG_ENDIAN);
    }
}
