package org.sluice.slowpath.conductor;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.TcpOptions;
import org.sluice.slowpath.route.Interfaces;

/**
 * Keeps TCP connections to segments that both links take (RFC 4459 3.2, RFC 6691 2): many hosts never hear the ICMP error that would
 * tell them. Each side's offer in its SYN or SYN-ACK is lowered to what the smaller MTU leaves without options, never raised, and
 * never made where there is none. Conductor.
 */
final class MssClamp {
    private static final int HEADERS = Ipv4.HEADER_LENGTH + Tcp.HEADER_LENGTH;
    private static final int HEADERS6 = Ipv6.HEADER_LENGTH + Tcp.HEADER_LENGTH;

    private final Interfaces interfaces;

    MssClamp(Interfaces interfaces) {
        this.interfaces = interfaces;
    }

    /**
     * @param tcp offset of the header of a segment with SYN, which lies in the packet
     * @param partial whether the checksum is still that of the pseudo header alone, and so does not cover the option
     * @param in port that it came in by
     * @param out port that it leaves by
     */
    void apply(MutableDirectBuffer b, int tcp, boolean isIpv6, boolean partial, Port in, Port out) {
        int at = TcpOptions.maximumSegmentSize(b, tcp);
        int largest = Math.min(mtu(in), mtu(out)) - (isIpv6 ? HEADERS6 : HEADERS);
        if (at < 0 || largest < 1 || (b.getShort(at, BIG_ENDIAN) & 0xFFFF) <= largest) {
            return;
        }
        // an option may begin at an odd offset; then its value is in two of the words that the checksum is made of
        int odd = at - tcp & 1;
        long before = Checksum.sum(b, at - odd, Short.BYTES + 2 * odd);
        b.putShort(at, (short) largest, BIG_ENDIAN);
        if (!partial) {
            int delta = Checksum.delta(before, Checksum.sum(b, at - odd, Short.BYTES + 2 * odd));
            Tcp.checksum(b, tcp, Checksum.apply(Tcp.checksum(b, tcp), delta));
        }
    }

    private int mtu(Port port) {
        return interfaces.settings(port.index()).clampsMss() ? port.mtu() : Integer.MAX_VALUE;
    }
}
