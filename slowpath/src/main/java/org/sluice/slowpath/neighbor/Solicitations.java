package org.sluice.slowpath.neighbor;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;

/** Writes neighbour solicitations and advertisements, RFC 4861 4.3 and 4.4. Conductor. */
final class Solicitations {
    private static final int IP = HeldFrame.FRAME + Ethernet.HEADER_LENGTH;
    static final IpAddress ALL_NODES = new IpAddress(0xFF02L << 48, 1);
    private static final int LENGTH = IP + Ipv6.HEADER_LENGTH + Ndp.LENGTH + Ndp.LINK_ADDRESS_LENGTH;

    private final Interfaces interfaces;
    private final NeighborTable.Link link;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH]);

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
        frame.setMemory(0, IP, (byte) 0);
        Ethernet.header(frame, HeldFrame.FRAME, mac, link.mac(port), Ethernet.TYPE_IPV6);
        source.write(frame, IP + Ipv6.SOURCE);
        destination.write(frame, IP + Ipv6.DESTINATION);
        target.write(frame, IP + Ipv6.HEADER_LENGTH + Ndp.TARGET);
        int length = Ndp.write(frame, IP, type, flags, option, link.mac(port));
        link.originate(port, frame, HeldFrame.FRAME, Ethernet.HEADER_LENGTH + length);
    }

    /** RFC 2464 section 7. */
    private static long groupMac(IpAddress group) {
        return 0x3333L << 32 | group.low() & 0xFFFF_FFFFL;
    }
}
