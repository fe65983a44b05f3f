package org.sluice.slowpath.conntrack;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.TcpOptions;

/** The numbers of the TCP segment that the tracker is dealing with. Reused; valid until the next one. Conductor. */
final class TcpSegment {
    private int flags;
    private int sequence;
    private int dataEnd;
    private int acknowledgement;
    private int window;
    private int scale;

    /**
     * @param l4 offset of the TCP header, which has been checked
     * @param end offset behind the segment
     * @param acknowledgement which a helper's editing may have made another than the one in the header
     */
    void read(DirectBuffer b, int l4, int end, int acknowledgement) {
        flags = Tcp.flags(b, l4);
        sequence = Tcp.sequence(b, l4);
        dataEnd = sequence + end - l4 - Tcp.headerLength(b, l4) + (has(Tcp.SYN) ? 1 : 0);
        this.acknowledgement = acknowledgement;
        window = Tcp.window(b, l4);
        int offered = has(Tcp.SYN) ? TcpOptions.windowScale(b, l4) : -1;
        scale = offered < 0 ? TcpEvidence.NO_SCALE : offered;
    }

    /** @return of {@link Tcp}. */
    int flags() {
        return flags;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** @return of its SYN or first byte. */
    int sequence() {
        return sequence;
    }

    /** @return sequence number behind its SYN and data, and before its FIN. */
    int dataEnd() {
        return dataEnd;
    }

    /** @return in the numbers of the side that is acknowledged; meaningless without {@link Tcp#ACK}. */
    int acknowledgement() {
        return acknowledgement;
    }

    /** @return as it stands in the header. */
    int window() {
        return window;
    }

    /** @return window scale that a SYN offers, or {@link TcpEvidence#NO_SCALE}. */
    int scale() {
        return scale;
    }
}
