package org.sluice.fastpath.trace;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Udp;

/**
 * Which packets are traced: those of a protocol between two endpoints, in either direction. Allocates nothing; any thread.
 *
 * @param protocol IP protocol number, or {@link #ANY}
 * @param src of the one direction, null for any
 * @param dst of the one direction, null for any
 * @param sport of the one direction, or {@link #ANY}; the identifier of a ping
 * @param dport of the one direction, or {@link #ANY}; the identifier of a ping
 */
public record TraceFilter(int protocol, Address src, Address dst, int sport, int dport) {
    /** Says nothing. */
    public static final int ANY = -1;
    /** Picks everything, also what is not IP or is malformed. */
    public static final TraceFilter ALL = new TraceFilter(ANY, null, null, ANY, ANY);

    /**
     * An address of either family, an IPv4 address as an IPv4-mapped one (RFC 4291 2.5.5.2).
     *
     * @param high the first eight bytes
     * @param low the last eight bytes
     */
    public record Address(long high, long low) {
        private static final long MAPPED = 0xFFFF_0000_0000L;

        private boolean is(DirectBuffer b, int ip, boolean isIpv6, boolean isSource) {
            if (isIpv6) {
                int at = ip + (isSource ? Ipv6.SOURCE : Ipv6.DESTINATION);
                return high == Ipv6.half(b, at) && low == Ipv6.half(b, at + Long.BYTES);
            }
            int address = isSource ? Ipv4.source(b, ip) : Ipv4.destination(b, ip);
            return high == 0 && low == (MAPPED | address & 0xFFFF_FFFFL);
        }
    }

    /** @return whether everything is picked. */
    public boolean isAll() {
        return equals(ALL);
    }

    /**
     * @param b holds a packet whose IP header is well formed
     * @param ip offset of that header
     * @param l4 offset of the header behind it
     * @param of protocol of the header behind it
     * @param end behind the last byte at hand
     */
    public boolean matches(DirectBuffer b, int ip, int l4, int of, int end) {
        if (protocol != ANY && protocol != of) {
            return false;
        }
        boolean isIpv6 = Ipv6.isVersion6(b, ip);
        boolean hasPorts = sport != ANY || dport != ANY;
        long ports = hasPorts ? ports(b, l4, of, end) : 0;
        int from = (int) (ports >> Integer.SIZE);
        int to = (int) ports;
        return is(src, b, ip, isIpv6, true) && is(dst, b, ip, isIpv6, false) && is(sport, from) && is(dport, to)
                || is(src, b, ip, isIpv6, false) && is(dst, b, ip, isIpv6, true) && is(sport, to) && is(dport, from);
    }

    private static boolean is(Address wanted, DirectBuffer b, int ip, boolean isIpv6, boolean isSource) {
        return wanted == null || wanted.is(b, ip, isIpv6, isSource);
    }

    private static boolean is(int wanted, int port) {
        return wanted == ANY || wanted == port;
    }

    /** @return source and destination; both the identifier for a ping; both {@link #ANY} less one where there is none. */
    private static long ports(DirectBuffer b, int l4, int protocol, int end) {
        int source = ANY - 1;
        int destination = ANY - 1;
        switch (protocol) {
            case Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_SCTP -> {
                if (l4 + Integer.BYTES <= end) {
                    // the same place in all three
                    source = Udp.sourcePort(b, l4);
                    destination = Udp.destinationPort(b, l4);
                }
            }
            case Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMP -> {
                if (l4 + Icmp.HEADER_LENGTH <= end && isEcho(Icmp.type(b, l4), protocol)) {
                    source = Icmp.identifier(b, l4);
                    destination = source;
                }
            }
            default -> {
                // no ports
            }
        }
        return (long) source << Integer.SIZE | destination & 0xFFFF_FFFFL;
    }

    private static boolean isEcho(int type, int protocol) {
        return protocol == Ipv4.PROTOCOL_ICMP
                ? type == Icmp.ECHO_REQUEST || type == Icmp.ECHO_REPLY
                : type == Icmpv6.ECHO_REQUEST || type == Icmpv6.ECHO_REPLY;
    }
}
