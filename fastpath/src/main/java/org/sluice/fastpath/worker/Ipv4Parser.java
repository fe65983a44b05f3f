package org.sluice.fastpath.worker;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/**
 * Reads the headers of an IPv4 packet once. After {@link #parse} answered null every header accessor of the wire package stays
 * inside the packet, and the fields hold the flow key. Reused for every packet; worker and conductor have one each.
 */
public final class Ipv4Parser {
    private static final int TCP_STATE_FLAGS = Tcp.SYN | Tcp.FIN | Tcp.RST;

    private int l4;
    private int end;
    private int protocol;
    private int tcpFlags;
    private long addresses;
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
        if (Checksum.fold(Checksum.sum(b, ip, headerLength)) != 0xFFFF) {
            return DropReason.IP_CHECKSUM;
        }
        l4 = ip + headerLength;
        end = ip + totalLength;
        protocol = Ipv4.protocol(b, ip);
        tcpFlags = 0;
        addresses = FlowKey.addresses(Ipv4.source(b, ip), Ipv4.destination(b, ip));
        special = null;
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

    private DropReason parseTransport(DirectBuffer b, int length) {
        switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> {
                if (length < Tcp.HEADER_LENGTH || Tcp.headerLength(b, l4) < Tcp.HEADER_LENGTH
                        || Tcp.headerLength(b, l4) > length) {
                    return DropReason.TRANSPORT_MALFORMED;
                }
                tcpFlags = Tcp.flags(b, l4);
                ports = FlowKey.ports(protocol, Tcp.sourcePort(b, l4), Tcp.destinationPort(b, l4));
                if ((tcpFlags & TCP_STATE_FLAGS) != 0) {
                    special = PuntReason.TCP_STATE;
                }
            }
            case Ipv4.PROTOCOL_UDP -> {
                if (length < Udp.HEADER_LENGTH || Udp.length(b, l4) < Udp.HEADER_LENGTH || Udp.length(b, l4) > length) {
                    return DropReason.TRANSPORT_MALFORMED;
                }
                ports = FlowKey.ports(protocol, Udp.sourcePort(b, l4), Udp.destinationPort(b, l4));
            }
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
            case Ipv4.PROTOCOL_GRE -> ports = length >= Gre.ENHANCED_LENGTH && Gre.isEnhanced(b, l4)
                    ? FlowKey.call(0, Gre.callId(b, l4))
                    : FlowKey.ports(protocol, 0, 0);
            default -> ports = FlowKey.ports(protocol, 0, 0);
        }
        return null;
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

    /** @return {@link FlowKey} */
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
