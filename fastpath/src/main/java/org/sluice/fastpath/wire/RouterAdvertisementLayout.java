package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Writes a router advertisement, RFC 4861 4.2, and its options; offsets count from the ICMPv6 header or the option. All times are in
 * seconds.
 * <pre>
 *   0      1      2          4           5       6                 8                12               16
 *  +------+------+----------+-----------+-------+-----------------+----------------+----------------+---------
 *  | type | code | checksum | hop limit | flags | router lifetime | reachable time | retransmission | options …
 *  +------+------+----------+-----------+-------+-----------------+----------------+----------------+---------
 *  MTU:     0 kind 5 (1)    1 length 1 (1)   2 zero (2)   4 MTU (4)
 *  prefix:  0 kind 3 (1)    1 length 4 (1)   2 prefix length (1)   3 flags (1)   4 valid (4)   8 preferred (4)
 *          12 zero (4)     16 prefix (16)
 *  DNS:     0 kind 25 (1)   1 length (1)     2 zero (2)   4 lifetime (4)   8 addresses (16 each)
 * </pre>
 */
public final class RouterAdvertisementLayout {
    public static final int LENGTH = 16;
    public static final int MTU_LENGTH = 8;
    public static final int PREFIX_LENGTH = 32;
    /** Without its addresses. */
    public static final int DNS_LENGTH = 8;
    /** Offset of the prefix in its option; the address is the caller's to write. */
    public static final int PREFIX = 16;

    /** Flags of a prefix: hosts reach it on the link; hosts make themselves addresses in it. */
    public static final int ON_LINK = 0x80;
    public static final int AUTONOMOUS = 0x40;

    private static final int KIND_PREFIX = 3;
    private static final int KIND_MTU = 5;
    private static final int KIND_DNS = 25;
    private static final int UNIT = 8;
    private static final int HOP_LIMIT = 4;
    private static final int ROUTER_LIFETIME = 6;

    private RouterAdvertisementLayout() {}

    /** Writes everything before the options but the checksum. @param hopLimit that hosts are to use */
    public static void header(MutableDirectBuffer b, int icmp, int hopLimit, int lifetime) {
        b.setMemory(icmp, LENGTH, (byte) 0);
        Icmp.type(b, icmp, Icmpv6.ROUTER_ADVERTISEMENT);
        b.putByte(icmp + HOP_LIMIT, (byte) hopLimit);
        b.putShort(icmp + ROUTER_LIFETIME, (short) lifetime, BIG_ENDIAN);
    }

    /** Writes an option. @return offset behind it */
    public static int mtu(MutableDirectBuffer b, int at, int mtu) {
        begin(b, at, KIND_MTU, MTU_LENGTH);
        b.putInt(at + 4, mtu, BIG_ENDIAN);
        return at + MTU_LENGTH;
    }

    /** Writes an option but for the prefix itself. @return offset behind it */
    public static int prefix(MutableDirectBuffer b, int at, int length, int flags, int valid, int preferred) {
        begin(b, at, KIND_PREFIX, PREFIX_LENGTH);
        b.putByte(at + 2, (byte) length);
        b.putByte(at + 3, (byte) flags);
        b.putInt(at + 4, valid, BIG_ENDIAN);
        b.putInt(at + 8, preferred, BIG_ENDIAN);
        return at + PREFIX_LENGTH;
    }

    /** Writes an option but for the addresses. @return offset of the first */
    public static int dns(MutableDirectBuffer b, int at, int count, int lifetime) {
        begin(b, at, KIND_DNS, DNS_LENGTH + count * Ipv6.ADDRESS_LENGTH);
        b.putInt(at + 4, lifetime, BIG_ENDIAN);
        return at + DNS_LENGTH;
    }

    private static void begin(MutableDirectBuffer b, int at, int kind, int length) {
        b.setMemory(at, length, (byte) 0);
        b.putByte(at, (byte) kind);
        b.putByte(at + 1, (byte) (length / UNIT));
    }
}
