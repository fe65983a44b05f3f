package org.sluice.slowpath.icmp;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ports;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.CallTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.TcpEvidence;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.IpAddress;

/**
 * Carries ICMP errors about a flow's packets to the flow's other end (RFC 5508 section 4, RFC 5382 REQ-9): finds the flow by the
 * embedded packet and gives outer and embedded packet the addresses and ports that the receiver knows. Conductor.
 */
public final class IcmpTranslator {
    /** Embedded transport bytes that every error carries (RFC 792). */
    private static final int MIN_EMBEDDED = 8;
    /** How far behind the newest segment an embedded one may be, in bytes of sequence: the largest window there is. */
    private static final int WINDOW = 1 << 30;
    private static final long NO_PORTS = -1;

    private final Flows flows;
    private final TcpEvidence evidence;
    private final CallTable calls;
    private final UnsafeBuffer translated = new UnsafeBuffer(new byte[1 << 16]);
    private int flow;
    private int length;

    /** @param calls knows the other call ID of a call, which the embedded packet does not tell */
    public IcmpTranslator(Flows flows, CallTable calls) {
        this.flows = flows;
        evidence = new TcpEvidence(flows.table());
        this.calls = calls;
    }

    /** @return direction the translated error travels in; valid after {@link #translate} answered null. */
    public int flow() {
        return flow;
    }

    /** @return the translated IP packet, at offset 0. */
    public UnsafeBuffer packet() {
        return translated;
    }

    /** @return length of the translated IP packet. */
    public int length() {
        return length;
    }

    /** @param p an ICMP error whose time to live is at least 2. @return why it goes no further, or null */
    public DropReason translate(Packet p) {
        return p.isIpv6() ? translate6(p) : translate4(p);
    }

    private DropReason translate6(Packet p) {
        int inner = p.l4() + Icmp.HEADER_LENGTH;
        if (!p.isTransportChecksumRight() || p.end() - inner < Ipv6.HEADER_LENGTH + MIN_EMBEDDED
                || !Ipv6.isVersion6(p.buffer(), inner)) {
            return DropReason.ICMP_ERROR;
        }
        int protocol = Ipv6.nextHeader(p.buffer(), inner);
        int innerL4 = inner + Ipv6.HEADER_LENGTH;
        while (Ipv6.isExtension(protocol) && innerL4 + 2 * MIN_EMBEDDED <= p.end()) {
            if (protocol == Ipv6.FRAGMENT
                    && (Ipv6.offsetAndFlags(p.buffer(), innerL4) & Ipv6.FRAGMENT_OFFSET_MASK) != 0) {
                return DropReason.ICMP_ERROR;
            }
            int next = Ipv6.extensionNext(p.buffer(), innerL4);
            innerL4 += Ipv6.extensionLength(p.buffer(), innerL4, protocol);
            protocol = next;
        }
        if (Ipv6.isExtension(protocol) || innerL4 + MIN_EMBEDDED > p.end()) {
            return DropReason.ICMP_ERROR;
        }
        length = p.end() - p.ip();
        translated.putBytes(0, p.buffer(), p.ip(), length);
        innerL4 -= p.ip();
        inner -= p.ip();
        long ports = embeddedPorts6(protocol, innerL4);
        if (ports == NO_PORTS) {
            return DropReason.ICMP_ERROR;
        }
        flow = flows.table().find(Ipv6.half(translated, inner + Ipv6.DESTINATION),
                Ipv6.half(translated, inner + Ipv6.DESTINATION + Long.BYTES),
                Ipv6.half(translated, inner + Ipv6.SOURCE),
                Ipv6.half(translated, inner + Ipv6.SOURCE + Long.BYTES), Flows.swapPorts(ports));
        if (flow == FlowTable.NONE) {
            return DropReason.NOT_A_FLOW;
        }
        if (flows.ingress(flow) != p.port() || !p.destination().equals(flows.destination(flow))
                || !isPlausible(protocol, innerL4)) {
            return DropReason.ICMP_ERROR;
        }
        Ipv6.hopLimit(translated, 0, Ipv6.hopLimit(translated, 0) - 1);
        rewrite6(protocol, inner, innerL4, p.l4() - p.ip());
        return null;
    }

    private void rewrite6(int protocol, int inner, int innerL4, int l4) {
        IpAddress source = flows.newSource(flow);
        IpAddress destination = flows.newDestination(flow);
        if (source.equals(flows.source(flow)) && destination.equals(flows.destination(flow))) {
            return;
        }
        if (!source.equals(flows.source(flow))) {
            source.write(translated, Ipv6.SOURCE);
        }
        destination.write(translated, Ipv6.DESTINATION);
        long before = addresses(inner);
        destination.write(translated, inner + Ipv6.SOURCE);
        source.write(translated, inner + Ipv6.DESTINATION);
        rewriteEmbeddedPorts(protocol, inner, innerL4, before);
        Icmp.checksum(translated, l4, 0);
        Icmp.checksum(translated, l4, Checksum.transport(translated, 0, l4, length - l4, Ipv6.PROTOCOL_ICMP));
    }

    private long embeddedPorts6(int protocol, int l4) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_SCTP ->
                FlowKey.ports(protocol, Ports.both(translated, l4)) | FlowKey.IPV6;
            case Ipv6.PROTOCOL_ICMP -> {
                int type = Icmp.type(translated, l4);
                yield type == Icmpv6.ECHO_REQUEST || type == Icmpv6.ECHO_REPLY
                        ? FlowKey.echo6(type == Icmpv6.ECHO_REQUEST, Icmp.identifier(translated, l4))
                        : NO_PORTS;
            }
            default -> FlowKey.ports(protocol, 0, 0) | FlowKey.IPV6;
        };
    }

    private DropReason translate4(Packet p) {
        int embedded = p.l4() + Icmp.HEADER_LENGTH;
        int available = p.end() - embedded;
        if (!p.isTransportChecksumRight() || available < Ipv4.HEADER_LENGTH || Ipv4.version(p.buffer(), embedded) != 4
                || Ipv4.headerLength(p.buffer(), embedded) < Ipv4.HEADER_LENGTH
                || available < Ipv4.headerLength(p.buffer(), embedded) + MIN_EMBEDDED
                || Checksum.fold(Checksum.sum(p.buffer(), embedded, Ipv4.headerLength(p.buffer(), embedded))) != 0xFFFF
                || (Ipv4.flagsAndFragment(p.buffer(), embedded) & Ipv4.FRAGMENT_OFFSET_MASK) != 0) {
            return DropReason.ICMP_ERROR;
        }
        length = p.end() - p.ip();
        translated.putBytes(0, p.buffer(), p.ip(), length);
        int inner = embedded - p.ip();
        int innerL4 = inner + Ipv4.headerLength(translated, inner);
        long ports = embeddedPorts(inner, innerL4);
        if (ports == NO_PORTS) {
            return DropReason.ICMP_ERROR;
        }
        flow = answersTo(Ipv4.addresses(translated, inner), ports);
        if (flow == FlowTable.NONE) {
            return DropReason.NOT_A_FLOW;
        }
        if (flows.ingress(flow) != p.port() || !p.destination().equals(flows.destination(flow))
                || !isPlausible(Ipv4.protocol(translated, inner), innerL4)) {
            return DropReason.ICMP_ERROR;
        }
        rewriteOuter();
        rewriteEmbedded(inner, innerL4);
        int l4 = Ipv4.headerLength(translated, 0);
        Icmp.checksum(translated, l4, 0);
        Icmp.checksum(translated, l4, ~Checksum.fold(Checksum.sum(translated, l4, length - l4)));
        return null;
    }

    /** The embedded packet went the other way: the error travels in the direction of its answers. */
    private int answersTo(long addresses, long ports) {
        Call.Way call = FlowKey.isCall(ports) ? calls.findLeaving(addresses, ports) : null;
        return call != null
                ? flows.table().find(call.back().addresses(), FlowKey.lookup(call.back().ports()))
                : flows.table().find(FlowKey.swapAddresses(addresses), FlowKey.lookup(Flows.swapPorts(ports)));
    }

    /** @return FlowKey ports, or NO_PORTS for ICMP other than echo, of which there are no flows. */
    private long embeddedPorts(int inner, int l4) {
        int protocol = Ipv4.protocol(translated, inner);
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_SCTP ->
                FlowKey.ports(protocol, Ports.both(translated, l4));
            case Ipv4.PROTOCOL_ICMP -> {
                int type = Icmp.type(translated, l4);
                yield type == Icmp.ECHO_REQUEST || type == Icmp.ECHO_REPLY
                        ? FlowKey.echo(type, Icmp.identifier(translated, l4))
                        : NO_PORTS;
            }
            case Ipv4.PROTOCOL_GRE -> Gre.isEnhanced(translated, l4)
                    ? FlowKey.call(Gre.callId(translated, l4), Gre.callId(translated, l4))
                    : FlowKey.ports(protocol, 0, 0);
            default -> FlowKey.ports(protocol, 0, 0);
        };
    }

    /** RFC 5927 4.1: the embedded segment must be one that can have been sent; a guess seldom is. */
    private boolean isPlausible(int protocol, int l4) {
        if (protocol != Ipv4.PROTOCOL_TCP) {
            return true;
        }
        int sender = flow ^ 1;
        if (flows.isHelped(flow)) {
            return true;
        }
        int behind = evidence.sequenceEnd(sender) - Tcp.sequence(translated, l4);
        return behind >= 0 && behind < WINDOW;
    }

    private void rewriteOuter() {
        int source = flows.source(flow).v4();
        int newSource = flows.newSource(flow).v4();
        if (newSource != source) {
            // RFC 5508 REQ-5: whoever reports from behind the translation is seen under the translated address
            Ipv4.source(translated, 0, newSource);
        }
        Ipv4.destination(translated, 0, flows.newDestination(flow).v4());
        Ipv4.ttl(translated, 0, Ipv4.ttl(translated, 0) - 1);
        Ipv4.updateChecksum(translated, 0);
    }

    private void rewriteEmbedded(int inner, int l4) {
        long before = addresses(inner);
        Ipv4.source(translated, inner, flows.newDestination(flow).v4());
        Ipv4.destination(translated, inner, flows.newSource(flow).v4());
        Ipv4.updateChecksum(translated, inner);
        rewriteEmbeddedPorts(Ipv4.protocol(translated, inner), inner, l4, before);
    }

    /** @param before sum of the addresses that stood there */
    private void rewriteEmbeddedPorts(int protocol, int inner, int l4, long before) {
        switch (protocol) {
            case Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP -> {
                long ports = ports(l4);
                Udp.sourcePort(translated, l4, flows.newDestinationPort(flow));
                Udp.destinationPort(translated, l4, flows.newSourcePort(flow));
                updateEmbeddedChecksum(protocol, l4, Checksum.delta(before + ports, addresses(inner) + ports(l4)));
            }
            case Ipv4.PROTOCOL_ICMP -> {
                int old = Icmp.identifier(translated, l4);
                boolean request = Icmp.type(translated, l4) == Icmp.ECHO_REQUEST;
                Icmp.identifier(translated, l4, request ? flows.newDestinationPort(flow) : flows.newSourcePort(flow));
                Icmp.checksum(translated, l4, Checksum.apply(Icmp.checksum(translated, l4),
                        Checksum.delta(old, Icmp.identifier(translated, l4))));
            }
            case Ipv6.PROTOCOL_ICMP -> {
                boolean request = Icmp.type(translated, l4) == Icmpv6.ECHO_REQUEST;
                int old = Icmp.identifier(translated, l4);
                Icmp.identifier(translated, l4, request ? flows.newDestinationPort(flow) : flows.newSourcePort(flow));
                // unlike that of ICMP, the checksum covers the addresses (RFC 4443 2.3)
                Icmp.checksum(translated, l4, Checksum.apply(Icmp.checksum(translated, l4),
                        Checksum.delta(before + old, addresses(inner) + Icmp.identifier(translated, l4))));
            }
            case Ipv4.PROTOCOL_GRE -> {
                if (Gre.isEnhanced(translated, l4)) {
                    Gre.callId(translated, l4, flows.newSourcePort(flow));
                }
            }
            default -> {
                // addresses alone
            }
        }
    }

    private long addresses(int inner) {
        return Checksum.pseudoHeader(translated, inner, 0, 0);
    }

    private long ports(int l4) {
        return Udp.sourcePort(translated, l4) + (long) Udp.destinationPort(translated, l4);
    }

    private void updateEmbeddedChecksum(int protocol, int l4, int delta) {
        int field = protocol == Ipv4.PROTOCOL_TCP ? Tcp.CHECKSUM : Udp.CHECKSUM;
        if (l4 + field + Short.BYTES > length) {
            return;
        }
        if (protocol == Ipv4.PROTOCOL_TCP) {
            Tcp.checksum(translated, l4, Checksum.apply(Tcp.checksum(translated, l4), delta));
        } else if (Udp.checksum(translated, l4) != 0) {
            Udp.computedChecksum(translated, l4, Checksum.apply(Udp.checksum(translated, l4), delta));
        }
    }
}
