package org.sluice.slowpath.conntrack;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Tcp;

/**
 * Follows a TCP connection by what the conductor is shown (SYN, FIN, RST and the first segments) and by what the fast path left in
 * the record (how far each side has sent and acknowledged). Conductor.
 */
public final class TcpTracker {
    private final Flows flows;

    public TcpTracker(Flows flows) {
        this.flows = flows;
    }

    /**
     * Takes a segment into account.
     *
     * @param flow direction it travels in
     * @param l4 offset of the TCP header
     * @param end offset behind the segment
     * @param acknowledgement in the numbers of the other side, which a helper's editing may have made others than those in the segment
     */
    public void onSegment(int flow, DirectBuffer b, int l4, int end, int acknowledgement) {
        catchUp(flow);
        int flags = Tcp.flags(b, l4);
        int sequence = Tcp.sequence(b, l4);
        if ((flags & Tcp.RST) != 0 && !isExactReset(flow, sequence, flags, acknowledgement)) {
            return;
        }
        TcpState before = flows.state(flow);
        TcpState after = before.next((flow & 1) != 0, flags);
        if ((flags & Tcp.FIN) != 0) {
            if (before != TcpState.SYN_SENT && before != TcpState.NONE && before != TcpState.CLOSE) {
                flows.mark(flow, (flow & 1) == 0 ? Status.FIN_ORIGINAL : Status.FIN_REPLY);
            }
        }
        note(flow, b, l4, end, before, acknowledgement);
        flows.state(flow, after);
        catchUp(flow);
    }

    private void note(int flow, DirectBuffer b, int l4, int end, TcpState before, int acknowledged) {
        int flags = Tcp.flags(b, l4);
        int sequence = Tcp.sequence(b, l4);
        int length = end - l4 - Tcp.headerLength(b, l4) + ((flags & (Tcp.SYN | Tcp.FIN)) != 0 ? 1 : 0);
        int sequenceEnd = sequence + length;
        if ((flags & Tcp.SYN) != 0) {
            if (!before.isOpening()) {
                // RFC 5961 4.1: only a challenge comes of it
                return;
            }
            // what the other side has acknowledged of this one begins here, at nothing; numbers compare with no other 0
            flows.evidence(flow ^ 1, flows.sequenceEnd(flow ^ 1), sequence);
            boolean answers = (flags & Tcp.ACK) != 0;
            flows.evidence(flow, sequenceEnd, answers ? acknowledged : flows.acknowledgement(flow));
        } else if ((flags & Tcp.RST) == 0) {
            int acknowledgement = (flags & Tcp.ACK) != 0 ? acknowledged : flows.acknowledgement(flow);
            flows.evidence(flow, later(sequenceEnd, flows.sequenceEnd(flow)),
                    later(acknowledgement, flows.acknowledgement(flow)));
        }
    }

    private static int later(int a, int b) {
        return a - b > 0 ? a : b;
    }

    /**
     * RFC 5961 3.2: only a reset at exactly the next expected byte ends a connection. The gateway knows that byte from the other
     * side's acknowledgements and from what this side itself has sent.
     */
    private boolean isExactReset(int flow, int sequence, int flags, int acknowledgement) {
        if (flows.state(flow) == TcpState.SYN_SENT && (flow & 1) != 0) {
            return (flags & Tcp.ACK) != 0 && acknowledgement == flows.sequenceEnd(flow ^ 1);
        }
        return sequence == flows.acknowledgement(flow ^ 1) || sequence == flows.sequenceEnd(flow);
    }

    /** Brings the state up to what the fast path has forwarded since. */
    public void catchUp(int flow) {
        int original = flow & ~1;
        int reply = flow | 1;
        TcpState state = flows.state(flow);
        if (state == TcpState.SYN_RECV && flows.fastPackets(original) > 0) {
            state = TcpState.ESTABLISHED;
        }
        boolean finOriginal = flows.is(flow, Status.FIN_ORIGINAL);
        boolean finReply = flows.is(flow, Status.FIN_REPLY);
        if (state != TcpState.CLOSE && (finOriginal || finReply)) {
            boolean originalDone = finOriginal && flows.acknowledgement(reply) - flows.sequenceEnd(original) >= 0;
            boolean replyDone = finReply && flows.acknowledgement(original) - flows.sequenceEnd(reply) >= 0;
            if (finOriginal && finReply) {
                state = originalDone && replyDone ? TcpState.TIME_WAIT : TcpState.LAST_ACK;
            } else {
                state = originalDone || replyDone ? TcpState.CLOSE_WAIT : TcpState.FIN_WAIT;
            }
        }
        flows.state(flow, state);
    }
}
