package org.sluice.slowpath.conntrack;

import static org.sluice.fastpath.flow.FlowLayout.SLOW_SEQUENCE_END;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Sctp;

/**
 * Follows SCTP associations. The tags that both sides have asked for stand in the flow's line for more where TCP's evidence would: a packet
 * with a wrong one is passed on, its receiver discards it (RFC 9260 8.5), and changes nothing here. Conductor.
 */
public final class SctpTracker {
    private final Flows flows;

    public SctpTracker(Flows flows) {
        this.flows = flows;
    }

    /** @return the state of a flow of SCTP; a path that was tried is open once it was answered, which the fast path may have seen alone. */
    public static SctpState state(Flows flows, int flow) {
        SctpState state = SctpState.of(flows.state(flow).ordinal());
        return state == SctpState.HEARTBEAT_SENT && flows.packets(flow | 1) > 0 ? SctpState.ESTABLISHED : state;
    }

    /**
     * @param sctp offset of the header, which is whole
     * @param end offset behind the packet
     * @return whether the flow's state changed
     */
    public boolean onPacket(int flow, DirectBuffer b, int sctp, int end) {
        int chunk = Sctp.chunkType(b, sctp, end);
        SctpState before = state(flows, flow);
        if (chunk < 0 || !isTagRight(flow, b, sctp, chunk)) {
            return false;
        }
        boolean answer = chunk == Sctp.INIT_ACK && before == SctpState.COOKIE_WAIT;
        SctpState after = before.next((flow & 1) != 0, chunk);
        if (answer || chunk == Sctp.INIT && after == SctpState.COOKIE_WAIT) {
            tag(flow ^ 1, Sctp.initiateTag(b, sctp, end));
        }
        if (chunk == Sctp.INIT && before == SctpState.CLOSED) {
            // of an association that is over nothing is left
            tag(flow, 0);
        }
        flows.state(flow, TcpState.of(after.ordinal()));
        return after != before;
    }

    /** What is not known can't be wrong: the answerer's tag before its INIT ACK, and both of a path that is only tried. */
    private boolean isTagRight(int flow, DirectBuffer b, int sctp, int chunk) {
        int tag = Sctp.verificationTag(b, sctp);
        if (chunk == Sctp.INIT) {
            return tag == 0;
        }
        boolean reflects = (chunk == Sctp.ABORT || chunk == Sctp.SHUTDOWN_COMPLETE)
                && (Sctp.chunkFlags(b, sctp) & Sctp.REFLECTED_TAG) != 0;
        int expected = tag(reflects ? flow ^ 1 : flow);
        return expected == 0 || tag == expected;
    }

    /** @return what packets of the direction have to carry, or 0. */
    private int tag(int flow) {
        return flows.table().moreBuffer(flow).getInt(offset(flow));
    }

    private void tag(int flow, int value) {
        flows.table().moreBuffer(flow).putInt(offset(flow), value);
    }

    private int offset(int flow) {
        return flows.table().slowEvidence(flow) + SLOW_SEQUENCE_END;
    }
}
