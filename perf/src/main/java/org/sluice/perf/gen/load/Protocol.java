package org.sluice.perf.gen.load;

import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/** What is carried over IP. */
public enum Protocol {
    UDP(Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_UDP, Udp.HEADER_LENGTH),
    /** Segments that open a connection (SYN). */
    TCP(Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_TCP, Tcp.HEADER_LENGTH),
    /** Echo requests; the source port is their identifier. */
    ICMP(Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMP, Icmp.HEADER_LENGTH);

    private final int number4;
    private final int number6;
    private final int headerLength;

    Protocol(int number4, int number6, int headerLength) {
        this.number4 = number4;
        this.number6 = number6;
        this.headerLength = headerLength;
    }

    /** @return its number in the header of IPv4, or of IPv6. */
    public int number(boolean isIpv6) {
        return isIpv6 ? number6 : number4;
    }

    /** @return bytes of its header. */
    public int headerLength() {
        return headerLength;
    }
}
