package org.sluice.slowpath.conntrack;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.TcpOptions;

/**
 * The numbers of a TCP segment.
 *
 * @param flags of {@link Tcp}
 * @param sequence of its SYN or first byte
 * @param dataEnd sequence number behind its SYN and data, and before its FIN
 * @param acknowledgement in the numbers of the side that is acknowledged; meaningless without {@link Tcp#ACK}
 * @param window as it stands in the header
 * @param scale window scale that a SYN offers, or {@link TcpEvidence#NO_SCALE}
 */
record TcpSegment(int flags, int sequence, int dataEnd, int acknowledgement, int window, int scale) {

    /**
     * @param l4 offset of the TCP header, which has been checked
     * @param end offset behind the segment
     * @param acknowledgement which a helper's editing may have made another than the one in the header
     */
    static TcpSegment read(DirectBuffer b, int l4, int end, int acknowledgement) {
        int flags = Tcp.flags(b, l4);
        boolean syn = (flags & Tcp.SYN) != 0;
        int scale = syn ? TcpOptions.windowScale(b, l4) : -1;
        int dataEnd = Tcp.sequence(b, l4) + end - l4 - Tcp.headerLength(b, l4) + (syn ? 1 : 0);
        return new TcpSegment(flags, Tcp.sequence(b, l4), dataEnd, acknowledgement, Tcp.window(b, l4),
                scale < 0 ? TcpEvidence.NO_SCALE : scale);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
