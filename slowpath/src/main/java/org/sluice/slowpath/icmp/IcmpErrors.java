package org.sluice.slowpath.icmp;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.trace.Tracer;
import org.sluice.slowpath.view.Protocols;
import org.sluice.slowpath.route.Ipv4Address;

/** Makes the errors that a router owes the sender of a packet it can't forward (RFC 1812 4.3, RFC 4443). Conductor. */
public final class IcmpErrors {
    /** RFC 1812 4.3.2.3: as much of the packet as fits into this. */
    private static final int MAX_LENGTH = 576;
    private static final int TTL = 64;
    private static final String STEP = "icmp";
    private static final String NOT_TOLD = "the sender is not told: it must not be, or was told too often";
    /** RFC 1812 4.3.2.5: errors travel with internetwork control precedence. */
    private static final int TOS = 0xC0;

    private final Interfaces interfaces;
    private final Output output;
    private final TokenBucket bucket;
    private final CachedNanoClock clock;
    private final Tracer tracer;
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[Ipv6.MIN_MTU]);

    /** Where errors leave. */
    public interface Output {

        /**
         * Routes and sends an IP packet of the gateway's own.
         *
         * @param port to leave through when the destination is a link-local address
         */
        void originate(DirectBuffer packet, int offset, int length, int port);
    }

    public IcmpErrors(Interfaces interfaces, Output output, CachedNanoClock clock, Tracer tracer) {
        this.interfaces = interfaces;
        this.output = output;
        this.clock = clock;
        this.tracer = tracer;
        bucket = new TokenBucket(1000, 200, clock.nanoTime());
    }

    /** Tells the sender of a packet, unless it must not be told. @param mtu of the next link, for TOO_BIG; else 0 */
    public void send(Problem problem, int mtu, Packet cause) {
        if (!cause.isLinkGroup()) {
            send(problem, mtu, cause.buffer(), cause.ip(), cause.end() - cause.ip(), cause.port());
        }
    }

    /**
     * The same for a packet that is at hand as bytes.
     *
     * @param b holds it
     * @param ip offset of its IP header
     * @param length at hand
     * @param ingress port it came in through
     */
    public void send(Problem problem, int mtu, DirectBuffer b, int ip, int length, int ingress) {
        if (Ipv6.isVersion6(b, ip)) {
            send6(problem, mtu, b, ip, length, ingress);
        } else {
            send4(problem, mtu, b, ip, length, ingress);
        }
    }

    private void send4(Problem problem, int mtu, DirectBuffer b, int ip, int length, int ingress) {
        int source = Ipv4.source(b, ip);
        if (!mayTell(b, ip, length, source) || !bucket.take(clock.nanoTime())) {
            tracer.hop(STEP, NOT_TOLD);
            return;
        }
        tell(problem);
        int quoted = Math.min(length, MAX_LENGTH - Ipv4.HEADER_LENGTH - Icmp.HEADER_LENGTH);
        int icmp = Ipv4.HEADER_LENGTH;
        int total = Ipv4.HEADER_LENGTH + Icmp.HEADER_LENGTH + quoted;
        IpPackets.header(packet, 0, total, Ipv4.PROTOCOL_ICMP, interfaces.get(ingress).addressToward(source), source,
                TTL);
        Ipv4.tos(packet, 0, TOS);
        Ipv4.updateChecksum(packet, 0);
        Icmp.type(packet, icmp, problem.type);
        Icmp.code(packet, icmp, problem.code);
        Icmp.mtu(packet, icmp, mtu);
        packet.putBytes(icmp + Icmp.HEADER_LENGTH, b, ip, quoted);
        Icmp.checksum(packet, icmp, 0);
        Icmp.checksum(packet, icmp, ~Checksum.fold(Checksum.sum(packet, icmp, total - icmp)));
        output.originate(packet, 0, total, ingress);
    }

    private void tell(Problem problem) {
        if (tracer.isOn()) {
            tracer.hop(STEP, "tells the sender: " + Protocols.lower(problem));
        }
    }

    private void send6(Problem problem, int mtu, DirectBuffer b, int ip, int length, int ingress) {
        IpAddress source = IpAddress.read(b, ip + Ipv6.SOURCE);
        IpAddress own = interfaces.get(ingress).addressToward(source);
        if (own == null || !mayTell6(b, ip, length, source) || !bucket.take(clock.nanoTime())) {
            tracer.hop(STEP, NOT_TOLD);
            return;
        }
        tell(problem);
        // RFC 4443 2.4 (c): as much as every link carries
        int quoted = Math.min(length, Ipv6.MIN_MTU - Ipv6.HEADER_LENGTH - Icmp.HEADER_LENGTH);
        int icmp = Ipv6.HEADER_LENGTH;
        int icmpLength = Icmp.HEADER_LENGTH + quoted;
        IpPackets.header(packet, icmpLength, Ipv6.PROTOCOL_ICMP, own, source, TTL);
        Icmp.type(packet, icmp, problem.type6);
        Icmp.code(packet, icmp, problem.code6);
        Icmpv6.value(packet, icmp, problem == Problem.NO_PROTOCOL ? Ipv6.NEXT_HEADER : mtu);
        packet.putBytes(icmp + Icmp.HEADER_LENGTH, b, ip, quoted);
        Icmp.checksum(packet, icmp, Checksum.transport(packet, 0, icmp, icmpLength, Ipv6.PROTOCOL_ICMP));
        output.originate(packet, 0, icmp + icmpLength, ingress);
    }

    /** RFC 1812 4.3.2.7: never about an ICMP error, a later fragment, or a packet from or to more than one host. */
    private boolean mayTell(DirectBuffer b, int ip, int length, int source) {
        int destination = Ipv4.destination(b, ip);
        if (Ipv4Address.isMartianSource(source) || interfaces.isLinkBroadcast(source)
                || Ipv4Address.isGroup(destination)
                || interfaces.isLinkBroadcast(destination)
                || (Ipv4.flagsAndFragment(b, ip) & Ipv4.FRAGMENT_OFFSET_MASK) != 0) {
            return false;
        }
        int headerLength = Ipv4.headerLength(b, ip);
        return Ipv4.protocol(b, ip) != Ipv4.PROTOCOL_ICMP
                || length > headerLength && !Icmp.isError(Icmp.type(b, ip + headerLength));
    }

    /** RFC 4443 2.4 (e): never about an ICMPv6 error or a redirect, nor about what came from or went to more than one host. */
    private static boolean mayTell6(DirectBuffer b, int ip, int length, IpAddress source) {
        if (source.isMartianSource() || IpAddress.read(b, ip + Ipv6.DESTINATION).isGroup()) {
            return false;
        }
        int protocol = Ipv6.nextHeader(b, ip);
        int at = ip + Ipv6.HEADER_LENGTH;
        while (Ipv6.isExtension(protocol) && at + Ipv6.FRAGMENT_HEADER_LENGTH <= ip + length) {
            int extension = protocol;
            protocol = Ipv6.extensionNext(b, at);
            at += Ipv6.extensionLength(b, at, extension);
        }
        if (protocol != Ipv6.PROTOCOL_ICMP) {
            return !Ipv6.isExtension(protocol);
        }
        return at < ip + length && !Icmpv6.isError(Icmp.type(b, at)) && Icmp.type(b, at) != Icmpv6.REDIRECT;
    }
}
