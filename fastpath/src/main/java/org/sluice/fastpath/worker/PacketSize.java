package org.sluice.fastpath.worker;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/** How large an IP packet is on the link. */
public final class PacketSize {
    private PacketSize() {}

    /** @return bytes from the IP header on: of the packet, or of each segment that a GSO super-frame is going to be cut into. */
    public static int onLink(DirectBuffer b, int frame, int ip, int l4, int end, int protocol) {
        int gsoType = VirtioNetHeader.gsoType(b, frame);
        if (gsoType == VirtioNetHeader.GSO_NONE) {
            return end - ip;
        }
        int transportHeader = protocol == Ipv4.PROTOCOL_TCP ? Tcp.headerLength(b, l4) : Udp.HEADER_LENGTH;
        return Math.min(end - ip, l4 - ip + transportHeader + VirtioNetHeader.gsoSize(b, frame));
    }
}
