package org.sluice.slowpath.fragment;

import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.packet.Packet;

/**
 * Where a fragment belongs in its datagram.
 *
 * @param begin first byte, counted from the datagram's first
 * @param isLast whether none follows
 * @param identification of the datagram
 * @param header bytes before its payload that every fragment has, from the IP header on; IPv6: without the fragment header
 * @param payload offset of its payload in the packet's buffer
 */
record Piece(int begin, boolean isLast, int identification, int header, int payload) {

    static Piece of(Packet p) {
        if (p.isIpv6()) {
            int fragment = p.fragmentHeader();
            int offsetAndFlags = Ipv6.offsetAndFlags(p.buffer(), fragment);
            return new Piece(offsetAndFlags & Ipv6.FRAGMENT_OFFSET_MASK, (offsetAndFlags & Ipv6.MORE_FRAGMENTS) == 0,
                    Ipv6.identification(p.buffer(), fragment), fragment - p.ip(), p.l4());
        }
        int fragment = Ipv4.flagsAndFragment(p.buffer(), p.ip());
        return new Piece((fragment & Ipv4.FRAGMENT_OFFSET_MASK) * 8, (fragment & Ipv4.MORE_FRAGMENTS) == 0,
                Ipv4.identification(p.buffer(), p.ip()), p.l4() - p.ip(), p.l4());
    }
}
