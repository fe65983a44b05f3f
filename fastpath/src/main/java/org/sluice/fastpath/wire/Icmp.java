package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ICMP header, RFC 792.
 * <pre>
 *   0      1      2          4                     8
 *  +------+------+----------+---------------------+
 *  | type | code | checksum | identifier, sequence |   echo
 *  |      |      |          | unused, next-hop MTU |   errors; the packet they are about follows
 *  +------+------+----------+---------------------+
 * </pre>
 */
public final class Icmp {
    public static final int HEADER_LENGTH = 8;

    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #UNREACHABLE}, RFC 792 and RFC 1812 5.2.7.1. */
    public static final int NET_UNREACHABLE = 0;
    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int ADMINISTRATIVELY_PROHIBITED = 13;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    /** Offset of the checksum field. */
    public static final int CHECKSUM = 2;
    private static final int IDENTIFIER = 4;
    private static final int MTU = 6;

    private Icmp() {}

    public static int type(DirectBuffer b, int icmp) {
        return b.getByte(icmp + TYPE) & 0xFF;
    }

    public static void type(MutableDirectBuffer b, int icmp, int value) {
        b.putByte(icmp + TYPE, (byte) value);
    }

    public static int code(DirectBuffer b, int icmp) {
        return b.getByte(icmp + CODE) & 0xFF;
    }

    public static void code(MutableDirectBuffer b, int icmp, int value) {
        b.putByte(icmp + CODE, (byte) value);
    }

    public static int checksum(DirectBuffer b, int icmp) {
        return b.getShort(icmp + CHECKSUM, BIG_ENDIAN) & 0xFFFF;
    }

    public static void checksum(MutableDirectBuffer b, int icmp, int value) {
        b.putShort(icmp + CHECKSUM, (short) value, BIG_ENDIAN);
    }

    public static int identifier(DirectBuffer b, int icmp) {
        return b.getShort(icmp + IDENTIFIER, BIG_ENDIAN) & 0xFFFF;
    }

    public static void identifier(MutableDirectBuffer b, int icmp, int value) {
        b.putShort(icmp + IDENTIFIER, (short) value, BIG_ENDIAN);
    }

    /** Next-hop MTU in bytes of {@link #FRAGMENTATION_NEEDED}, RFC 1191 section 4. */
    public static void mtu(MutableDirectBuffer b, int icmp, int value) {
        b.putInt(icmp + IDENTIFIER, 0);
        b.putShort(icmp + MTU, (short) value, BIG_ENDIAN);
    }

    /** @return whether the type reports a problem with another packet, RFC 1122 3.2.2. */
    public static boolean isError(int type) {
        return type == UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }
}
