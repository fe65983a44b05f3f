package org.sluice.slowpath.icmp;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.Ipv4Address;

/** Makes the errors that a router owes the sender of a packet it can't forward (RFC 1812 4.3, RFC 792). Conductor. */
public final class IcmpErrors {
    /** RFC 1812 4.3.2.3: as much of the packet as fits into this. */
    private static final int MAX_LENGTH = 576;
    private static final int TTL = 64;
    /** RFC 1812 4.3.2.5: errors travel with internetwork control precedence. */
    private static final int TOS = 0xC0;

    private final Interfaces interfaces;
    private final Output output;
    private final TokenBucket bucket;
    private final CachedNanoClock clock;
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[MAX_LENGTH]);

    /** Where errors leave. */
    public interface Output {

        /** Routes and sends an IP packet of the gateway's own. */
        void originate(DirectBuffer packet, int offset, int length);
    }

    public IcmpErrors(Interfaces interfaces, Output output, CachedNanoClock clock) {
        this.interfaces = interfaces;
        this.output = output;
        this.clock = clock;
        bucket = new TokenBucket(1000, 200, clock.nanoTime());
    }

    /** Tells the sender of a packet, unless it must not be told. @param mtu of the next link, for FRAGMENTATION_NEEDED */
    public void send(int type, int code, int mtu, Packet cause) {
        if (!cause.isLinkGroup()) {
            send(type, code, mtu, cause.buffer(), cause.ip(), cause.end() - cause.ip(), cause.port());
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
    public void send(int type, int code, int mtu, DirectBuffer b, int ip, int length, int ingress) {
        int source = Ipv4.source(b, ip);
        if (!mayTell(b, ip, length, source) || !bucket.take(clock.nanoTime())) {
            return;
        }
        int quoted = Math.min(length, MAX_LENGTH - Ipv4.HEADER_LENGTH - Icmp.HEADER_LENGTH);
        int icmp = Ipv4.HEADER_LENGTH;
        int total = Ipv4.HEADER_LENGTH + Icmp.HEADER_LENGTH + quoted;
        Ipv4Packets.header(packet, 0, total, Ipv4.PROTOCOL_ICMP, interfaces.get(ingress).addressToward(source), source,
                TTL);
        Ipv4.tos(packet, 0, TOS);
        Ipv4.updateChecksum(packet, 0);
        Icmp.type(packet, icmp, type);
        Icmp.code(packet, icmp, code);
        Icmp.mtu(packet, icmp, mtu);
        packet.putBytes(icmp + Icmp.HEADER_LENGTH, b, ip, quoted);
        Icmp.checksum(packet, icmp, 0);
        Icmp.checksum(packet, icmp, ~Checksum.fold(Checksum.sum(packet, icmp, total - icmp)));
        output.originate(packet, 0, total);
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
}
