package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Neighbour solicitation and advertisement, RFC 4861 4.3 and 4.4; the offsets count from the ICMPv6 header.
 * <pre>
 *   0      1      2          4            8                         24
 *  +------+------+----------+------------+-------------------------+---------
 *  | type | code | checksum |   flags    |   target address (16)   | options …
 *  +------+------+----------+------------+-------------------------+---------
 *  option:  0 kind (1)   1 length in units of eight bytes (1)   2 Ethernet address (6)
 * </pre>
 */
public final class Ndp {
    public static final int LENGTH = 24;
    public static final int TARGET = 8;
    public static final int LINK_ADDRESS_LENGTH = 8;
    /** What no router lowers: the packet was sent on this link (RFC 4861 7.1). */
    public static final int HOP_LIMIT = 255;

    /** Flags of an advertisement. */
    public static final int ROUTER = 1 << 31;
    public static final int SOLICITED = 1 << 30;
    public static final int OVERRIDE = 1 << 29;

    /** Kinds of options. */
    public static final int SOURCE_LINK_ADDRESS = 1;
    public static final int TARGET_LINK_ADDRESS = 2;

    private static final int FLAGS = 4;
    private static final int UNIT = 8;
    private static final int SOLICITATION_LENGTH = 8;
    private static final int ADVERTISEMENT_LENGTH = 16;
    private static final int REDIRECT_LENGTH = 40;

    private Ndp() {}

    /** @return bytes before the options of a packet of that ICMPv6 type. */
    public static int length(int type) {
        return switch (type) {
            case Icmpv6.ROUTER_SOLICITATION -> SOLICITATION_LENGTH;
            case Icmpv6.ROUTER_ADVERTISEMENT -> ADVERTISEMENT_LENGTH;
            case Icmpv6.REDIRECT -> REDIRECT_LENGTH;
            default -> LENGTH;
        };
    }

    /**
     * Writes a solicitation or an advertisement with one link-layer address option, and the IPv6 header before it; source, destination and
     * target are there already.
     *
     * @param ip where the IPv6 header begins
     * @param type of ICMPv6
     * @param option its kind
     * @param mac its address
     * @return bytes from the IPv6 header on
     */
    public static int write(MutableDirectBuffer b, int ip, int type, int flags, int option, long mac) {
        int length = LENGTH + LINK_ADDRESS_LENGTH;
        int icmp = ip + Ipv6.HEADER_LENGTH;
        Ipv6.versionAndClass(b, ip, 0);
        Ipv6.payloadLength(b, ip, length);
        Ipv6.nextHeader(b, ip, Ipv6.PROTOCOL_ICMP);
        Ipv6.hopLimit(b, ip, HOP_LIMIT);
        Icmp.type(b, icmp, type);
        Icmp.code(b, icmp, 0);
        flags(b, icmp, flags);
        linkAddress(b, icmp + LENGTH, option, mac);
        Icmp.checksum(b, icmp, Checksum.transport(b, ip, icmp, length, Ipv6.PROTOCOL_ICMP));
        return Ipv6.HEADER_LENGTH + length;
    }

    public static int flags(DirectBuffer b, int icmp) {
        return b.getInt(icmp + FLAGS, BIG_ENDIAN);
    }

    public static void flags(MutableDirectBuffer b, int icmp, int value) {
        b.putInt(icmp + FLAGS, value, BIG_ENDIAN);
    }

    /** @return whether every option is as long as it says and none is empty (RFC 4861 4.6). */
    public static boolean areOptionsWhole(DirectBuffer b, int options, int end) {
        int at = options;
        while (at < end) {
            int length = end - at < 2 ? 0 : (b.getByte(at + 1) & 0xFF) * UNIT;
            if (length == 0 || at + length > end) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** @return offset of an option among those that are whole, or -1. */
    public static int findOption(DirectBuffer b, int options, int end, int kind) {
        int at = options;
        while (at < end) {
            if (b.getByte(at) == kind) {
                return at;
            }
            at += (b.getByte(at + 1) & 0xFF) * UNIT;
        }
        return -1;
    }

    /** @return the Ethernet address in a link-layer address option. */
    public static long linkAddress(DirectBuffer b, int option) {
        return Ethernet.address(b, option + 2);
    }

    /** Writes a link-layer address option. */
    public static void linkAddress(MutableDirectBuffer b, int option, int kind, long mac) {
        b.putByte(option, (byte) kind);
        b.putByte(option + 1, (byte) (LINK_ADDRESS_LENGTH / UNIT));
        Ethernet.address(b, option + 2, mac);
    }
}
