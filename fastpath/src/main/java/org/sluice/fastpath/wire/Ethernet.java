package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Ethernet II header. Addresses are the lower 48 bits of a long, first byte highest.
 * <pre>
 *   0                 6               12         14
 *  +-----------------+----------------+-----------+
 *  |   destination   |     source     | ethertype |
 *  +-----------------+----------------+-----------+
 * </pre>
 */
public final class Ethernet {
    public static final int HEADER_LENGTH = 14;
    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_IPV6 = 0x86DD;
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private Ethernet() {}

    public static long destination(DirectBuffer b, int frame) {
        return b.getLong(frame + DESTINATION, BIG_ENDIAN) >>> Short.SIZE;
    }

    public static long source(DirectBuffer b, int frame) {
        return b.getLong(frame + SOURCE - Short.BYTES, BIG_ENDIAN) & BROADCAST;
    }

    public static int type(DirectBuffer b, int frame) {
        return b.getShort(frame + TYPE, BIG_ENDIAN) & 0xFFFF;
    }

    /** Writes the whole header. */
    public static void header(MutableDirectBuffer b, int frame, long destination, long source, int type) {
        addresses(b, frame, destination, source);
        b.putShort(frame + TYPE, (short) type, BIG_ENDIAN);
    }

    /** Writes both addresses, leaving the type. */
    public static void addresses(MutableDirectBuffer b, int frame, long destination, long source) {
        b.putLong(frame, destination << 16 | source >>> 32, BIG_ENDIAN);
        b.putInt(frame + 8, (int) source, BIG_ENDIAN);
    }

    /** @return whether the group bit is set: broadcast or multicast. */
    public static boolean isGroup(long address) {
        return (address >>> 40 & 1) != 0;
    }

    /** @return an address that is written like {@code 02:00:00:00:00:01}. @throws NumberFormatException when it is none */
    public static long parseAddress(String text) {
        return Long.parseLong(text.replace(":", ""), 16);
    }

    /** Reads six bytes as an address. */
    public static long address(DirectBuffer b, int offset) {
        return (b.getShort(offset, BIG_ENDIAN) & 0xFFFFL) << 32 | b.getInt(offset + 2, BIG_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Writes six bytes. */
    public static void address(MutableDirectBuffer b, int offset, long address) {
        b.putShort(offset, (short) (address >>> 32), BIG_ENDIAN);
        b.putInt(offset + 2, (int) address, BIG_ENDIAN);
    }

    /** @return the address written with colons. */
    public static String format(long address) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(String.format("%02x", address >>> shift & 0xFF)).append(shift > 0 ? ":" : "");
        }
        return text.toString();
    }
}
