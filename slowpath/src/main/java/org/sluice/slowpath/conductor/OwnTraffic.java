package org.sluice.slowpath.conductor;

import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.icmp.IcmpErrors;
import org.sluice.slowpath.icmp.IpPackets;
import org.sluice.slowpath.icmp.Problem;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.policy.Policy;
import org.sluice.slowpath.settings.PolicySettings.Action;

/**
 * What is sent to the gateway's own addresses: pings are answered; everything else it does not serve is refused as a host would
 * (RFC 1122 3.2.2.1, RFC 9293 3.5.2), if policy lets it come so far at all. Conductor.
 */
final class OwnTraffic {
    private static final int TTL = 64;
    private static final int MAX_PACKET = 1 << 16;

    private final FlowJudge judge;
    private final Policy policy;
    private final IcmpErrors icmpErrors;
    private final IcmpErrors.Output output;
    private final Ledger ledger;
    private final CachedNanoClock clock;
    private final FlowStory story;
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[MAX_PACKET]);

    OwnTraffic(FlowJudge judge, Policy policy, IcmpErrors icmpErrors, IcmpErrors.Output output, Ledger ledger,
            CachedNanoClock clock, FlowStory story) {
        this.judge = judge;
        this.policy = policy;
        this.clock = clock;
        this.icmpErrors = icmpErrors;
        this.output = output;
        this.story = story;
        this.ledger = ledger;
    }

    void onPacket(Packet p) {
        FlowJudge.Verdict verdict = judge.judgeOwn(p);
        judge.note(verdict, clock.nanoTime());
        Action action = verdict.action();
        boolean admitted = action == Action.ACCEPT
                && policy.admits(verdict.rule(), verdict.attempt(), clock.nanoTime());
        story.own(verdict, admitted || action != Action.ACCEPT);
        // what is sent to the gateway is a packet, not a flow that goes on
        policy.settle(FlowTable.NONE);
        if (action == Action.DROP) {
            ledger.drop(DropReason.POLICY);
        } else if (action == Action.ACCEPT && !admitted) {
            ledger.drop(DropReason.LIMIT);
        } else if (!p.isTransportChecksumRight()) {
            ledger.drop(DropReason.TRANSPORT_CHECKSUM);
        } else if (action == Action.REJECT) {
            ledger.drop(DropReason.REJECTED);
            reject(p);
        } else if (p.isIcmp()) {
            onIcmp(p);
        } else {
            ledger.drop(DropReason.NOT_SERVED);
            if (p.protocol() == Ipv4.PROTOCOL_UDP) {
                icmpErrors.send(Problem.NO_PORT, 0, p);
            } else if (p.protocol() == Ipv4.PROTOCOL_TCP) {
                reset(p);
            } else {
                icmpErrors.send(Problem.NO_PROTOCOL, 0, p);
            }
        }
    }

    private void onIcmp(Packet p) {
        int l4Length = p.end() - p.l4();
        int type = Icmp.type(p.buffer(), p.l4());
        if (type != (p.isIpv6() ? Icmpv6.ECHO_REQUEST : Icmp.ECHO_REQUEST)) {
            ledger.drop(DropReason.NOT_SERVED);
            return;
        }
        ledger.deliver();
        int icmp = IpPackets.headerLength(p.source());
        if (icmp + l4Length >= MAX_PACKET) {
            return;
        }
        IpPackets.header(reply, l4Length, p.protocol(), /* source= */ p.destination(), /* destination= */ p.source(),
                TTL);
        reply.putBytes(icmp, p.buffer(), p.l4(), l4Length);
        if (p.isIpv6()) {
            Icmp.type(reply, icmp, Icmpv6.ECHO_REPLY);
            Icmp.checksum(reply, icmp, Checksum.transport(reply, 0, icmp, l4Length, Ipv6.PROTOCOL_ICMP));
        } else {
            Icmp.type(reply, icmp, Icmp.ECHO_REPLY);
            Icmp.checksum(reply, icmp, 0);
            Icmp.checksum(reply, icmp, ~Checksum.fold(Checksum.sum(reply, icmp, l4Length)));
        }
        output.originate(reply, 0, icmp + l4Length, p.port());
    }

    /** Tells the sender that policy refuses its packet, whose fate is settled: a reset for TCP, else an ICMP error. */
    void reject(Packet p) {
        if (p.protocol() == Ipv4.PROTOCOL_TCP) {
            reset(p);
        } else {
            icmpErrors.send(Problem.PROHIBITED, 0, p);
        }
    }

    /** RFC 9293 3.10.7.1: a reset as a closed port sends it. */
    private void reset(Packet p) {
        if ((p.tcpFlags() & Tcp.RST) != 0 || p.isLinkGroup()) {
            return;
        }
        int tcp = IpPackets.header(reply, Tcp.HEADER_LENGTH, Ipv4.PROTOCOL_TCP, /* source= */ p.destination(),
                /* destination= */ p.source(), TTL);
        boolean acknowledges = (p.tcpFlags() & Tcp.ACK) != 0;
        int taken = p.end() - p.l4() - Tcp.headerLength(p.buffer(), p.l4())
                + ((p.tcpFlags() & Tcp.SYN) != 0 ? 1 : 0) + ((p.tcpFlags() & Tcp.FIN) != 0 ? 1 : 0);
        reply.setMemory(tcp, Tcp.HEADER_LENGTH, (byte) 0);
        Tcp.sourcePort(reply, tcp, Tcp.destinationPort(p.buffer(), p.l4()));
        Tcp.destinationPort(reply, tcp, Tcp.sourcePort(p.buffer(), p.l4()));
        Tcp.headerLength(reply, tcp, Tcp.HEADER_LENGTH);
        if (acknowledges) {
            Tcp.sequence(reply, tcp, Tcp.acknowledgement(p.buffer(), p.l4()));
            Tcp.flags(reply, tcp, Tcp.RST);
        } else {
            Tcp.acknowledgement(reply, tcp, Tcp.sequence(p.buffer(), p.l4()) + taken);
            Tcp.flags(reply, tcp, Tcp.RST | Tcp.ACK);
        }
        Tcp.checksum(reply, tcp, Checksum.transport(reply, 0, tcp, Tcp.HEADER_LENGTH, Ipv4.PROTOCOL_TCP));
        output.originate(reply, 0, tcp + Tcp.HEADER_LENGTH, p.port());
    }
}
