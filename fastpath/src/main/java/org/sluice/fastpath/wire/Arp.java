package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ARP for IPv4 over Ethernet, RFC 826.
 * <pre>
 *   0       2       4   5   6        8          14          18          24          28
 *  +-------+-------+---+---+--------+-----------+-----------+-----------+-----------+
 *  | htype | ptype | 6 | 4 |   op   | senderMac | senderIp  | targetMac | targetIp  |
 *  +-------+-------+---+---+--------+-----------+-----------+-----------+-----------+
 * </pre>
 */
public final class Arp {
    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;
    /** htype 1, ptype 0x0800, lengths 6 and 4. */
    private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

    private Arp() {}

    /** @return whether it is about IPv4 over Ethernet; the caller has checked that {@link #LENGTH} bytes are there. */
    public static boolean isEthernetIpv4(DirectBuffer b, int arp) {
        return b.getLong(arp, BIG_ENDIAN) >>> 16 == ETHERNET_IPV4;
    }

    public static int operation(DirectBuffer b, int arp) {
        return b.getShort(arp + OPERATION, BIG_ENDIAN) & 0xFFFF;
    }

    public static long senderMac(DirectBuffer b, int arp) {
        return Ethernet.address(b, arp + SENDER_MAC);
    }

    public static int senderIp(DirectBuffer b, int arp) {
        return b.getInt(arp + SENDER_IP, BIG_ENDIAN);
    }

    public static int targetIp(DirectBuffer b, int arp) {
        return b.getInt(arp + TARGET_IP, BIG_ENDIAN);
    }

    /** Writes a whole packet. */
    public static void write(MutableDirectBuffer b, int arp, int operation, long senderMac, int senderIp,
            long targetMac,
            int targetIp) {
        b.putLong(arp, ETHERNET_IPV4 << 16 | operation, BIG_ENDIAN);
        Ethernet.address(b, arp + SENDER_MAC, senderMac);
        b.putInt(arp + SENDER_IP, senderIp, BIG_ENDIAN);
        Ethernet.address(b, arp + TARGET_MAC, targetMac);
        b.putInt(arp + TARGET_IP, targetIp, BIG_ENDIAN);
    }
}
