package org.sluice.fastpath.flow;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ports;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/**
 * Writes a flow's new addresses and ports into a packet and takes one from its time to live; the only code that does,
 * for the first packet as for the millionth. Checksums change by difference (RFC 1624), so a packet that came in with a wrong
 * one goes out with a wrong one.
 */
public final class Rewriter {
    private Rewriter() {}

    /**
     * @param b holds the packet
     * @param ip offset of the IPv4 header, whose time to live is at least 1
     * @param l4 offset of the TCP, UDP, ICMP or GRE header
     * @param partial the transport checksum holds only the pseudo header's sum (see VirtioNetHeader)
     * @param flow direction of the packet
     */
    public static void rewrite(MutableDirectBuffer b, int ip, int l4, boolean partial, FlowTable flows, int flow) {
        NativeBuffer record = flows.buffer(flow);
        int deltas = flows.deltas(flow);
        int addressDelta = record.getShort(deltas + FlowLayout.ADDRESS_DELTA) & 0xFFFF;
        Ipv4.takeHop(b, ip, addressDelta);
        if ((record.getShort(flows.flags(flow)) & FlowLayout.TRANSLATED) == 0) {
            return;
        }
        int answers = flows.key(flow ^ 1);
        Ipv4.addresses(b, ip, FlowKey.swapAddresses(record.getLong(answers + FlowLayout.ADDRESSES)));
        int transportDelta = record.getShort(deltas + FlowLayout.TRANSPORT_DELTA) & 0xFFFF;
        long ports = record.getLong(answers + FlowLayout.PORTS);
        switch (Ipv4.protocol(b, ip)) {
            case Ipv4.PROTOCOL_TCP -> tcp(b, l4, FlowKey.oppositePorts(ports), partial, addressDelta, transportDelta);
            case Ipv4.PROTOCOL_UDP -> udp(b, l4, FlowKey.oppositePorts(ports), partial, addressDelta, transportDelta);
            default -> other(b, ip, l4, ports, transportDelta);
        }
    }

    /** Apart, so that what is most of the traffic is small enough to be compiled into its callers. @param answers ports of their key */
    private static void other(MutableDirectBuffer b, int ip, int l4, long answers, int transportDelta) {
        switch (Ipv4.protocol(b, ip)) {
            case Ipv4.PROTOCOL_ICMP -> {
                // the identifier stands where the asking side's port would; the other is 0
                Icmp.identifier(b, l4, FlowKey.sourcePort(answers) + FlowKey.destinationPort(answers));
                int updated = Checksum.apply(Icmp.checksum(b, l4), transportDelta);
                Icmp.checksum(b, l4, updated);
                if (updated == 0 && Checksum.sum(b, l4, ip + Ipv4.totalLength(b, ip) - l4) == 0) {
                    // an echo reply of nothing but zeros: no difference can tell this 0 of one's complement from the other
                    Icmp.checksum(b, l4, 0xFFFF);
                }
            }
            case Ipv4.PROTOCOL_GRE -> {
                if (FlowKey.isCall(answers)) {
                    Gre.callId(b, l4, transportDelta);
                }
            }
            default -> {
                // other protocols are translated by address alone
            }
        }
    }

    /**
     * The same for IPv6, whose differences are taken from the packet.
     *
     * @param ip offset of the IPv6 header, whose hop limit is at least 1
     * @param l4 offset of the header behind all extension headers
     */
    public static void rewrite6(MutableDirectBuffer b, int ip, int l4, boolean partial, FlowTable flows, int flow) {
        NativeBuffer record = flows.buffer(flow);
        Ipv6.hopLimit(b, ip, Ipv6.hopLimit(b, ip) - 1);
        if ((record.getShort(flows.flags(flow)) & FlowLayout.TRANSLATED) == 0) {
            return;
        }
        long before = Checksum.sum(b, ip + Ipv6.SOURCE, 2 * Ipv6.ADDRESS_LENGTH);
        NativeBuffer line = flows.addressBuffer(flow);
        int reverse = flows.addresses(flow ^ 1);
        b.putLong(ip + Ipv6.SOURCE, line.getLong(reverse + FlowLayout.DESTINATION_HIGH), BIG_ENDIAN);
        b.putLong(ip + Ipv6.SOURCE + Long.BYTES, line.getLong(reverse + FlowLayout.DESTINATION_LOW), BIG_ENDIAN);
        b.putLong(ip + Ipv6.DESTINATION, line.getLong(reverse + FlowLayout.SOURCE_HIGH), BIG_ENDIAN);
        b.putLong(ip + Ipv6.DESTINATION + Long.BYTES, line.getLong(reverse + FlowLayout.SOURCE_LOW), BIG_ENDIAN);
        long after = Checksum.sum(b, ip + Ipv6.SOURCE, 2 * Ipv6.ADDRESS_LENGTH);
        long ports = record.getLong(flows.key(flow) + FlowLayout.PORTS);
        // what the answers are sent to is what this direction comes from
        long answers = record.getLong(flows.key(flow ^ 1) + FlowLayout.PORTS);
        int newPorts = FlowKey.oppositePorts(answers);
        int identifier = FlowKey.sourcePort(answers) + FlowKey.destinationPort(answers);
        int addressDelta = Checksum.delta(before, after);
        int transportDelta = Checksum.delta(before + FlowKey.sourcePort(ports) + FlowKey.destinationPort(ports),
                after + identifier);
        switch (FlowKey.protocol(ports)) {
            case Ipv4.PROTOCOL_TCP -> tcp(b, l4, newPorts, partial, addressDelta, transportDelta);
            case Ipv4.PROTOCOL_UDP -> udp(b, l4, newPorts, partial, addressDelta, transportDelta);
            case Ipv6.PROTOCOL_ICMP -> {
                Icmp.identifier(b, l4, identifier);
                Icmp.checksum(b, l4, Checksum.apply(Icmp.checksum(b, l4), transportDelta));
            }
            default -> {
                // other protocols are translated by address alone
            }
        }
    }

    private static void tcp(MutableDirectBuffer b, int l4, int ports, boolean partial, int addressDelta,
            int transportDelta) {
        Ports.both(b, l4, ports);
        Tcp.checksum(b, l4, transport(Tcp.checksum(b, l4), partial, addressDelta, transportDelta));
    }

    private static void udp(MutableDirectBuffer b, int l4, int ports, boolean partial, int addressDelta,
            int transportDelta) {
        Ports.both(b, l4, ports);
        int checksum = Udp.checksum(b, l4);
        // RFC 768: 0 means that the sender computed none, which stays so; a computed 0 is sent as all ones
        if (checksum != 0 || partial) {
            int updated = transport(checksum, partial, addressDelta, transportDelta);
            Udp.checksum(b, l4, updated == 0 && !partial ? 0xFFFF : updated);
        }
    }

    /** A partial field holds a sum, a complete one the complement of a sum; only addresses are in the partial one. */
    private static int transport(int field, boolean partial, int addressDelta, int transportDelta) {
        return partial ? Checksum.fold((long) field + addressDelta) : Checksum.apply(field, transportDelta);
    }
}
