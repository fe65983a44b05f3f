package org.sluice.fastpath.worker;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ports;
import org.sluice.fastpath.wire.Sctp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/**
 * Reads the headers of an IP packet once. After {@link #parse} or {@link #parse6} answered null every header accessor of the wire
 * package stays inside the packet, and the fields hold the flow key. Reused for every packet; worker and conductor have one each.
 */
public final class IpParser {
    /** Extension headers of one packet; more have no use but to hide something (RFC 8504 section 5.3). */
    private static final int MAX_EXTENSIONS = 8;

    private static final int TCP_STATE_FLAGS = Tcp.SYN | Tcp.FIN | Tcp.RST;

    private int l4;
    private int end;
    private int protocol;
    private int tcpFlags;
    private boolean isIpv6;
    private int fragmentHeader;
    private long addresses;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long ports;
    private PuntReason special;

    /**
     * @param ip offset of the IPv4 header
     * @param available bytes from there to the end of the frame; Ethernet padding may be among them
     * @return why the packet must be dropped (RFC 1812 5.2.2), or null
     */
    public DropReason parse(DirectBuffer b, int ip, int available) {
        if (available < Ipv4.HEADER_LENGTH) {
            return DropReason.TRUNCATED;
        }
        int headerLength = Ipv4.headerLength(b, ip);
        int totalLength = Ipv4.totalLength(b, ip);
        if (Ipv4.version(b, ip) != 4 || headerLength < Ipv4.HEADER_LENGTH || totalLength < headerLength) {
            return DropReason.IP_MALFORMED;
        }
        if (totalLength > available) {
            return DropReason.TRUNCATED;
        }
        if (!Ipv4.isChecksumRight(b, ip, headerLength)) {
            return DropReason.IP_CHECKSUM;
        }
        l4 = ip + headerLength;
        end = ip + totalLength;
        protocol = Ipv4.protocol(b, ip);
        tcpFlags = 0;
        addresses = Ipv4.addresses(b, ip);
        notSpecial();
        isIpv6 = false;
        if (Ipv4.isFragment(b, ip)) {
            ports = FlowKey.ports(protocol, 0, 0);
            special = PuntReason.FRAGMENT;
            return null;
        }
        DropReason reason = parseTransport(b, end - l4);
        if (headerLength > Ipv4.HEADER_LENGTH) {
            special = PuntReason.OPTIONS;
        }
        return reason;
    }

    /** The frame is one of ARP: only {@link #special} says something. */
    void arp() {
        special = PuntReason.ARP;
    }

    /** It hardly ever is, and to store a reference costs more than to look at it. */
    private void notSpecial() {
        if (special != null) {
            special = null;
        }
    }

    /**
     * The same for IPv6. Extension headers are passed over; they make the packet special.
     *
     * @param ip offset of the IPv6 header
     */
    public DropReason parse6(DirectBuffer b, int ip, int available) {
        if (available < Ipv6.HEADER_LENGTH) {
            return DropReason.TRUNCATED;
        }
        if (!Ipv6.isVersion6(b, ip)) {
            return DropReason.IP_MALFORMED;
        }
        l4 = ip + Ipv6.HEADER_LENGTH;
        end = l4 + Ipv6.payloadLength(b, ip);
        if (end > ip + available) {
            return DropReason.TRUNCATED;
        }
        protocol = Ipv6.nextHeader(b, ip);
        tcpFlags = 0;
        sourceHigh = Ipv6.half(b, ip + Ipv6.SOURCE);
        sourceLow = Ipv6.half(b, ip + Ipv6.SOURCE + Long.BYTES);
        destinationHigh = Ipv6.half(b, ip + Ipv6.DESTINATION);
        destinationLow = Ipv6.half(b, ip + Ipv6.DESTINATION + Long.BYTES);
        notSpecial();
        isIpv6 = true;
        fragmentHeader = 0;
        boolean extended = Ipv6.isExtension(protocol);
        if (extended && !skipExtensions(b)) {
            return DropReason.IP_MALFORMED;
        }
        if (fragmentHeader != 0) {
            ports = FlowKey.ports(protocol, 0, 0) | FlowKey.IPV6;
            special = PuntReason.FRAGMENT;
            return null;
        }
        DropReason reason = parseTransport(b, end - l4);
        ports |= FlowKey.IPV6;
        if (extended) {
            special = special == PuntReason.NDP ? PuntReason.NDP : PuntReason.OPTIONS;
        }
        return reason;
    }

    /** @return false when they lie about their length, are too many, or stand where they must not (RFC 8200 4.1). */
    private boolean skipExtensions(DirectBuffer b) {
        for (int count = 0; Ipv6.isExtension(protocol); count++) {
            if (count == MAX_EXTENSIONS || end - l4 < Ipv6.FRAGMENT_HEADER_LENGTH
                    || protocol == Ipv6.HOP_BY_HOP && count > 0) {
                return false;
            }
            int length = Ipv6.extensionLength(b, l4, protocol);
            if (length > end - l4) {
                return false;
            }
            boolean fragment = protocol == Ipv6.FRAGMENT;
            protocol = Ipv6.extensionNext(b, l4);
            if (fragment) {
                // what follows the first fragment's header may be cut; nothing behind it is read before it is whole
                fragmentHeader = l4;
                l4 += length;
                return true;
            }
            l4 += length;
        }
        return true;
    }

    /** What is most of the traffic is small enough to be compiled into its callers. */
    private DropReason parseTransport(DirectBuffer b, int length) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> parseTcp(b, length);
            case Ipv4.PROTOCOL_UDP -> parseUdp(b, length);
            default -> parseOther(b, length);
        };
    }

    private DropReason parseTcp(DirectBuffer b, int length) {
        if (length < Tcp.HEADER_LENGTH || Tcp.headerLength(b, l4) < Tcp.HEADER_LENGTH
                || Tcp.headerLength(b, l4) > length) {
            return DropReason.TRANSPORT_MALFORMED;
        }
        tcpFlags = Tcp.flags(b, l4);
        ports = FlowKey.ports(protocol, Ports.both(b, l4));
        if ((tcpFlags & TCP_STATE_FLAGS) != 0) {
            special = PuntReason.TCP_STATE;
        }
        return null;
    }

    private DropReason parseUdp(DirectBuffer b, int length) {
        if (length < Udp.HEADER_LENGTH || Udp.length(b, l4) < Udp.HEADER_LENGTH || Udp.length(b, l4) > length) {
            return DropReason.TRANSPORT_MALFORMED;
        }
        ports = FlowKey.ports(protocol, Ports.both(b, l4));
        return null;
    }

    private DropReason parseOther(DirectBuffer b, int length) {
        switch (protocol) {
            case Ipv4.PROTOCOL_ICMP -> {
                if (length < Icmp.HEADER_LENGTH) {
                    return DropReason.TRANSPORT_MALFORMED;
                }
                int type = Icmp.type(b, l4);
                if (type == Icmp.ECHO_REQUEST || type == Icmp.ECHO_REPLY) {
                    ports = FlowKey.echo(type, Icmp.identifier(b, l4));
                } else {
                    ports = FlowKey.ports(protocol, 0, 0);
                    special = PuntReason.ICMP;
                }
            }
            case Ipv4.PROTOCOL_SCTP -> {
                if (length < Sctp.HEADER_LENGTH) {
                    return DropReason.TRANSPORT_MALFORMED;
                }
                ports = FlowKey.ports(protocol, Ports.both(b, l4));
                if (Sctp.isMoving(Sctp.chunkType(b, l4, end))) {
                    special = PuntReason.SCTP_STATE;
                }
            }
            case Ipv4.PROTOCOL_GRE -> ports = !isIpv6 && length >= Gre.ENHANCED_LENGTH && Gre.isEnhanced(b, l4)
                    ? FlowKey.call(0, Gre.callId(b, l4))
                    : FlowKey.ports(protocol, 0, 0);
            case Ipv6.PROTOCOL_ICMP -> {
                if (!isIpv6) {
                    ports = FlowKey.ports(protocol, 0, 0);
                } else if (length < Icmp.HEADER_LENGTH) {
                    return DropReason.TRANSPORT_MALFORMED;
                } else {
                    parseIcmpv6(b);
                }
            }
            default -> ports = FlowKey.ports(protocol, 0, 0);
        }
        return null;
    }

    private void parseIcmpv6(DirectBuffer b) {
        int type = Icmp.type(b, l4);
        if (type == Icmpv6.ECHO_REQUEST || type == Icmpv6.ECHO_REPLY) {
            ports = FlowKey.echo6(type == Icmpv6.ECHO_REQUEST, Icmp.identifier(b, l4));
        } else {
            ports = FlowKey.ports(protocol, 0, 0);
            special = Icmpv6.isDiscovery(type) ? PuntReason.NDP : PuntReason.ICMP;
        }
    }

    /** @return offset of the transport header; of the payload of a fragment. */
    public int l4() {
        return l4;
    }

    /** @return offset behind the packet's last byte; Ethernet padding may follow. */
    public int end() {
        return end;
    }

    public int protocol() {
        return protocol;
    }

    /** @return flags of a TCP segment, else 0. */
    public int tcpFlags() {
        return tcpFlags;
    }

    /** @return which of the two parse methods was called last. */
    public boolean isIpv6() {
        return isIpv6;
    }

    /** @return IPv6: offset of the fragment header, 0 when there is none. */
    public int fragmentHeader() {
        return isIpv6 ? fragmentHeader : 0;
    }

    /** @return the IPv4 source address, or the upper half of the IPv6 one. */
    long source() {
        return isIpv6 ? sourceHigh : FlowKey.source(addresses);
    }

    /** @return first eight bytes of an IPv6 source. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** @return last eight bytes of an IPv6 source. */
    public long sourceLow() {
        return sourceLow;
    }

    /** @return first eight bytes of an IPv6 destination. */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** @return last eight bytes of an IPv6 destination. */
    public long destinationLow() {
        return destinationLow;
    }

    /** @return the flow of the packet that was parsed last, or {@link FlowTable#NONE}. */
    public int find(FlowTable flows) {
        return isIpv6
                ? flows.find(sourceHigh, sourceLow, destinationHigh, destinationLow, ports)
                : flows.find(addresses, ports);
    }

    /** The same where the hash is known and what likely comes out. @param candidate NONE when nothing comes out */
    int find(FlowTable flows, long hash, int candidate) {
        if (candidate == FlowTable.NONE) {
            return FlowTable.NONE;
        }
        if (isIpv6) {
            return flows.is(candidate, sourceHigh, sourceLow, destinationHigh, destinationLow, ports)
                    ? candidate
                    : flows.find(hash, sourceHigh, sourceLow, destinationHigh, destinationLow, ports);
        }
        return flows.is(candidate, addresses, ports) ? candidate : flows.find(hash, addresses, ports);
    }

    /** @return hash of the flow's key in the table. */
    long hash(FlowTable flows) {
        return isIpv6
                ? flows.hash(sourceHigh, sourceLow, destinationHigh, destinationLow, ports)
                : flows.hash(addresses, ports);
    }

    /** @return {@link FlowKey}; IPv4 only. */
    public long addresses() {
        return addresses;
    }

    /** @return {@link FlowKey}; without ports for fragments, ICMP errors and other protocols. */
    public long ports() {
        return ports;
    }

    /** @return why the fast path can't settle it even if its flow is known, or null. */
    public PuntReason special() {
        return special;
    }
}
