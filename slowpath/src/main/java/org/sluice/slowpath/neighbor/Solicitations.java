package org.sluice.slowpath.neighbor;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.slowpath.icmp.IpPackets;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;

/** Writes neighbour solicitations and advertisements, RFC 4861 4.3 and 4.4. Conductor. */
final class Solicitations {
    private static final int IP = HeldFrame.FRAME + Ethernet.HEADER_LENGTH;
    private static final int ICMP = Ipv6.HEADER_LENGTH;
    static final IpAddress ALL_NODES = new IpAddress(0xFF02L << 48, 1);
    private static final int LENGTH = Ndp.LENGTH + Ndp.LINK_ADDRESS_LENGTH;
    /** What no router lowers: the packet was sent on this link (RFC 4861 7.1). */
    static final int HOP_LIMIT = 255;

    private final Interfaces interfaces;
    private final NeighborTable.Link link;
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[ICMP + LENGTH]);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[IP + ICMP + LENGTH]);

    Solicitations(Interfaces interfaces, NeighborTable.Link link) {
        this.interfaces = interfaces;
        this.link = link;
    }

    /** Asks everybody who may have the address. */
    void ask(int port, IpAddress address) {
        ask(port, address, address.solicitedNode(), groupMac(address.solicitedNode()));
    }

    /** Asks the host that had the address. */
    void ask(int port, IpAddress address, long mac) {
        ask(port, address, address, mac);
    }

    private void ask(int port, IpAddress address, IpAddress destination, long mac) {
        IpAddress own = interfaces.get(port).addressToward(address);
        if (own != null) {
            send(port, Icmpv6.NEIGHBOR_SOLICITATION, 0, own, destination, mac, address, Ndp.SOURCE_LINK_ADDRESS);
        }
    }

    /** Says that the gateway has an address. @param asked by whom; a group when the asker has no address yet */
    void answer(int port, IpAddress own, IpAddress asked, long mac) {
        boolean group = asked.isGroup();
        int flags = Ndp.ROUTER | Ndp.OVERRIDE | (group ? 0 : Ndp.SOLICITED);
        send(port, Icmpv6.NEIGHBOR_ADVERTISEMENT, flags, own, asked, group ? groupMac(asked) : mac, own,
                Ndp.TARGET_LINK_ADDRESS);
    }

    /** Says so unasked. */
    void announce(int port, IpAddress own) {
        answer(port, own, ALL_NODES, 0);
    }

    private void send(int port, int type, int flags, IpAddress source, IpAddress destination, long mac,
            IpAddress target, int option) {
        IpPackets.header(packet, LENGTH, Ipv6.PROTOCOL_ICMP, source, destination, HOP_LIMIT);
        Icmp.type(packet, ICMP, type);
        Icmp.code(packet, ICMP, 0);
        Ndp.flags(packet, ICMP, flags);
        target.write(packet, ICMP + Ndp.TARGET);
        Ndp.linkAddress(packet, ICMP + Ndp.LENGTH, option, link.mac(port));
        Icmp.checksum(packet, ICMP, Checksum.transport(packet, 0, ICMP, LENGTH, Ipv6.PROTOCOL_ICMP));
        frame.setMemory(0, IP, (byte) 0);
        Ethernet.header(frame, HeldFrame.FRAME, mac, link.mac(port), Ethernet.TYPE_IPV6);
        frame.putBytes(IP, packet, 0, packet.capacity());
        link.originate(port, frame, HeldFrame.FRAME, Ethernet.HEADER_LENGTH + packet.capacity());
    }

    /** RFC 2464 section 7. */
    private static long groupMac(IpAddress group) {
        return 0x3333L << 32 | group.low() & 0xFFFF_FFFFL;
    }
}
