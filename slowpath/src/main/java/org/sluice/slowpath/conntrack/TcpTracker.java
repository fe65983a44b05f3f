package org.sluice.slowpath.conntrack;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.TcpWindow;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.TcpOptions;

/**
 * Follows a TCP connection by what the conductor is shown (SYN, FIN, RST and the first segments) and by the evidence that the fast
 * path left in the record. The rule of RFC 5961 as it looks from the middle: a segment that its receiver would only challenge, or
 * throw away, changes nothing here and is passed on; what is wrong by the evidence but right to the receiver shows in what the
 * receiver answers. Conductor.
 */
public final class TcpTracker {
    /** The largest window without a scale; what a side may send when its SYN's window is not known any more. */
    private static final int LARGEST_UNSCALED = 0xFFFF;
    /** A SYN this little behind what was sent since is the one that opened the connection, once more; in bytes. */
    private static final int REPEATED = 1 << 20;

    private final Flows flows;
    private final TcpEvidence evidence;
    private final TcpSegment segment = new TcpSegment();

    public TcpTracker(Flows flows) {
        this.flows = flows;
        evidence = new TcpEvidence(flows.table());
    }

    /**
     * Takes a segment into account.
     *
     * @param flow direction it travels in
     * @param l4 offset of the TCP header
     * @param end offset behind the segment
     * @param acknowledgement in the numbers of the other side, which a helper's editing may have made others than those in the segment
     * @return why it must go no further, or null
     */
    public DropReason onSegment(int flow, DirectBuffer b, int l4, int end, int acknowledgement) {
        catchUp(flow);
        TcpSegment s = segment;
        s.read(b, l4, end, acknowledgement);
        if (s.has(Tcp.RST)) {
            return onReset(flow, s);
        }
        if (!s.has(Tcp.SYN)) {
            onOrdinary(flow, s);
        } else if (s.has(Tcp.ACK)) {
            onSynAck(flow, s);
        } else {
            onSyn(flow, s);
        }
        catchUp(flow);
        return null;
    }

    // --- opening

    private void onSyn(int flow, TcpSegment s) {
        TcpState state = flows.state(flow);
        boolean reply = isReply(flow);
        if (state == TcpState.NONE || state == TcpState.SYN_SENT) {
            evidence.set(flow, s.dataEnd(), evidence.acknowledgement(flow), s.window());
            evidence.set(flow ^ 1, evidence.sequenceEnd(flow ^ 1), s.sequence(), evidence.windowEnd(flow ^ 1));
            evidence.scale(flow, s.scale());
            flows.state(flow, state.next(reply, s.flags()));
        } else if (!reply && !isRepeatedSyn(flow, s)) {
            // RFC 5961 4: only a challenge comes of it, unless the other side has forgotten the connection
            evidence.claimSyn(flow, s.dataEnd());
        }
    }

    private boolean isRepeatedSyn(int flow, TcpSegment s) {
        int behind = evidence.sequenceEnd(flow) - s.dataEnd();
        return behind >= 0 && behind < REPEATED;
    }

    private void onSynAck(int flow, TcpSegment s) {
        TcpState state = flows.state(flow);
        int other = flow ^ 1;
        if (state == TcpState.SYN_SENT && isReply(flow) || state == TcpState.SYN_SENT2) {
            if (s.acknowledgement() != evidence.acknowledgement(flow) && acknowledgesSyn(flow, s)) {
                agree(flow, s, evidence.windowEnd(other), evidence.scale(other));
            }
        } else if (state == TcpState.SYN_RECV && isReopeningAnswer(flow, s)) {
            agreeAgain(flow, s);
        } else if (evidence.isSynClaimed(other) && s.acknowledgement() == evidence.claim(other)) {
            // the other side has forgotten the connection and opens a new one by the SYN that was passed on
            evidence.set(other, evidence.claim(other), s.sequence(), 0);
            flows.unmark(flow, Status.FIN_ORIGINAL | Status.FIN_REPLY | Status.RESET_ORIGINAL | Status.RESET_REPLY);
            agreeAgain(flow, s);
        } else if (state == TcpState.SYN_RECV && acknowledgesSyn(flow, s)) {
            // the same once more, or that of a simultaneous open from the other side
            boolean acknowledged = s.sequence() + 1 == evidence.acknowledgement(other);
            evidence.advance(flow, s.dataEnd(), s.acknowledgement(), s.acknowledgement() + s.window());
            if (acknowledged || !isReply(flow)) {
                flows.state(flow, TcpState.ESTABLISHED);
            }
        }
    }

    /** @return whether another answer to the SYN than the last one: the answering side has begun again. */
    private boolean isReopeningAnswer(int flow, TcpSegment s) {
        int acknowledged = evidence.acknowledgement(flow ^ 1);
        return isReply(flow) && s.sequence() != acknowledged && s.sequence() + 1 != acknowledged
                && acknowledgesSyn(flow, s);
    }

    /** RFC 9293 3.10.7.3: anything else answers an older SYN. */
    private boolean acknowledgesSyn(int flow, TcpSegment s) {
        return s.acknowledgement() - evidence.acknowledgement(flow) >= 0
                && s.acknowledgement() - evidence.sequenceEnd(flow ^ 1) <= 0;
    }

    /** What the first SYN said of its sender's window is no longer known: the largest is assumed. */
    private void agreeAgain(int flow, TcpSegment s) {
        agree(flow, s, LARGEST_UNSCALED, TcpOptions.MAX_WINDOW_SCALE);
    }

    /**
     * Both sides' first numbers are known.
     *
     * @param otherWindow that the other side's SYN announced
     * @param otherScale that it offered
     */
    private void agree(int flow, TcpSegment s, int otherWindow, int otherScale) {
        int other = flow ^ 1;
        // what the other side has acknowledged begins here, at nothing; numbers compare with no other 0
        evidence.set(other, evidence.slowSequenceEnd(other), s.sequence(), s.sequence() + 1 + otherWindow);
        // RFC 7323 2.2: the window of a SYN is not scaled
        evidence.set(flow, s.dataEnd(), s.acknowledgement(), s.acknowledgement() + s.window());
        boolean scaled = s.scale() != TcpEvidence.NO_SCALE && otherScale != TcpEvidence.NO_SCALE;
        evidence.scale(flow, scaled ? s.scale() : 0);
        evidence.scale(other, scaled ? otherScale : 0);
        if (!isReply(flow)) {
            // a simultaneous open: what the other side acknowledges tells when it is over
            evidence.needLine(flow);
        }
        evidence.begin(flow);
        flows.state(flow, TcpState.SYN_RECV);
    }

    /**
     * @param sequence of a SYN from the side that opened
     * @return whether the connection is over, so that it begins another one (RFC 9293 3.6.1)
     */
    public boolean mayReopen(int flow, int sequence) {
        catchUp(flow);
        TcpState state = flows.state(flow);
        return state == TcpState.CLOSE
                || state == TcpState.TIME_WAIT && sequence - evidence.sequenceEnd(flow) > 0;
    }

    // --- open

    private void onOrdinary(int flow, TcpSegment s) {
        int other = flow ^ 1;
        if (flows.state(flow) == TcpState.NONE) {
            pickUp(flow, s);
            return;
        }
        if (!s.has(Tcp.ACK)) {
            return;
        }
        if (flows.is(flow, Status.RESTORED)) {
            resume(flow, s);
        }
        if (!evidence.isKnown(flow)) {
            // of this connection only one side passes here
            evidence.giveUp(flow);
            return;
        }
        boolean acknowledgesFin = evidence.isFinClaimed(other) && s.acknowledgement() == evidence.claim(other)
                && evidence.isTimely(flow, s);
        if (!acknowledgesFin && !evidence.fits(flow, s)) {
            return;
        }
        int before = evidence.sequenceEnd(flow);
        boolean gap = s.sequence() - before > 0;
        if (s.dataEnd() - before > 0) {
            // nothing follows a FIN or RST (RFC 9293 3.6): it was somebody else's
            flows.unmark(flow, fin(flow));
            revive(flow);
        }
        int end = s.has(Tcp.FIN) && gap ? before : s.dataEnd();
        boolean opens = flows.state(flow) == TcpState.SYN_RECV
                && s.acknowledgement() - evidence.acknowledgement(flow) > 0;
        int windowEnd = s.acknowledgement() + (s.window() << evidence.scale(flow));
        evidence.advance(flow, end, s.acknowledgement(), windowEnd);
        if (flows.state(flow) == TcpState.CLOSE) {
            return;
        }
        if (opens) {
            flows.state(flow, TcpState.ESTABLISHED);
        }
        if (s.has(Tcp.FIN)) {
            onFin(flow, s.dataEnd(), before, gap);
        }
    }

    /** Nothing is known of the connection's beginning: windows are taken for as large as they can be. */
    private void pickUp(int flow, TcpSegment s) {
        int other = flow ^ 1;
        int scale = TcpOptions.MAX_WINDOW_SCALE;
        evidence.set(flow, s.dataEnd(), s.acknowledgement(), s.acknowledgement() + (s.window() << scale));
        evidence.set(other, s.acknowledgement(), s.sequence(), s.sequence() + (LARGEST_UNSCALED << scale));
        evidence.scale(flow, scale);
        evidence.scale(other, scale);
        evidence.begin(flow);
        flows.state(flow, TcpState.ESTABLISHED);
    }

    /** Where its sides are now was not written down at each byte: the first segment tells, unless it fits what was. */
    private void resume(int flow, TcpSegment s) {
        flows.unmark(flow, Status.RESTORED);
        if (evidence.isKnown(flow) && evidence.fits(flow, s)) {
            return;
        }
        int other = flow ^ 1;
        evidence.set(flow, s.dataEnd(), s.acknowledgement(),
                s.acknowledgement() + (s.window() << evidence.scale(flow)));
        evidence.set(other, s.acknowledgement(), s.sequence(),
                s.sequence() + (LARGEST_UNSCALED << evidence.scale(other)));
        evidence.begin(flow);
        if (flows.state(flow).isOpening()) {
            flows.state(flow, TcpState.ESTABLISHED);
        }
    }

    /** @return whether the direction has sent what the other one has not acknowledged. */
    public boolean isUnacknowledged(int flow) {
        return evidence.isKnown(flow) && evidence.sequenceEnd(flow) - evidence.acknowledgement(flow ^ 1) > 0;
    }

    /** @param before how far the side had sent before this segment. */
    private void onFin(int flow, int at, int before, boolean gap) {
        if (gap) {
            // what is missing was lost on the way here, or the FIN is a guess; the other side knows
            evidence.claimFin(flow, at + 1);
        } else if (at - before >= 0) {
            evidence.advance(flow, at + 1, evidence.acknowledgement(flow), evidence.windowEnd(flow));
            evidence.dropClaim(flow);
            flows.mark(flow, fin(flow));
            flows.state(flow, flows.state(flow).next(isReply(flow), Tcp.FIN | Tcp.ACK));
        }
    }

    // --- reset

    private DropReason onReset(int flow, TcpSegment s) {
        TcpState state = flows.state(flow);
        if (state == TcpState.CLOSE) {
            return null;
        }
        if (refusesSyn(flow, s, state) || isExactReset(flow, s.sequence())) {
            // later data of this side proves that it was not from there
            evidence.advance(flow, evidence.sequenceEnd(flow), evidence.acknowledgement(flow),
                    evidence.windowEnd(flow));
            flows.mark(flow, isReply(flow) ? Status.RESET_REPLY : Status.RESET_ORIGINAL);
            flows.state(flow, state.next(isReply(flow), s.flags()));
            return null;
        }
        if (!evidence.isKnown(flow)) {
            return null;
        }
        if (!isInWindow(flow, s.sequence())) {
            return DropReason.TCP_RESET;
        }
        if (flows.is(flow, Status.FIN_ORIGINAL | Status.FIN_REPLY)) {
            // nothing is left to be protected
            flows.state(flow, TcpState.CLOSE);
        }
        return null;
    }

    /** RFC 9293 3.10.7.3: a refusal acknowledges the SYN. */
    private boolean refusesSyn(int flow, TcpSegment s, TcpState state) {
        if (!s.has(Tcp.ACK)) {
            return false;
        }
        int other = flow ^ 1;
        return state == TcpState.SYN_SENT && isReply(flow) && s.acknowledgement() == evidence.sequenceEnd(other)
                || evidence.isSynClaimed(other) && s.acknowledgement() == evidence.claim(other);
    }

    /**
     * RFC 5961 3.2: only a reset at exactly the next expected byte ends a connection. The gateway knows that byte from the other
     * side's acknowledgements; or, when data went just before, from what this side itself has sent.
     */
    private boolean isExactReset(int flow, int sequence) {
        if (!evidence.isKnown(flow)) {
            return !isReply(flow) && sequence == evidence.sequenceEnd(flow);
        }
        return sequence == evidence.acknowledgement(flow ^ 1) || sequence == evidence.sequenceEnd(flow);
    }

    private boolean isInWindow(int flow, int sequence) {
        int right = TcpWindow.later(evidence.windowEnd(flow ^ 1), evidence.sequenceEnd(flow));
        return sequence - evidence.acknowledgement(flow ^ 1) >= 0 && sequence - right <= 0;
    }

    // --- what the fast path has seen

    /** Brings the state up to what the fast path has forwarded since. */
    public void catchUp(int flow) {
        int original = flow & ~1;
        if (!evidence.isKnown(flow)) {
            return;
        }
        if (flows.state(flow) == TcpState.SYN_RECV
                && (hasAnswered(original) || evidence.hasAcknowledgedFast(original | 1))) {
            flows.state(flow, TcpState.ESTABLISHED);
        }
        settle(original);
        settle(original | 1);
        if (flows.state(flow) != TcpState.CLOSE) {
            flows.state(flow, closing(original));
        }
    }

    /** @return whether workers have forwarded what the opening side acknowledges the other's SYN with, as nothing else that fits does alone. */
    private boolean hasAnswered(int original) {
        int reply = original | 1;
        return evidence.isAdopted(original) && (evidence.isAdopted(reply)
                || evidence.acknowledgement(original) == evidence.sequenceEnd(reply));
    }

    /** Confirms or takes back the end that a side has announced. */
    private void settle(int flow) {
        if (evidence.isFinClaimed(flow)) {
            int claim = evidence.claim(flow);
            if (evidence.sequenceEnd(flow) - claim >= 0) {
                evidence.dropClaim(flow);
            } else if (evidence.acknowledgement(flow ^ 1) == claim) {
                evidence.advance(flow, claim, evidence.acknowledgement(flow), evidence.windowEnd(flow));
                evidence.dropClaim(flow);
                flows.mark(flow, fin(flow));
            }
        }
        if (evidence.sequenceEnd(flow) != evidence.slowSequenceEnd(flow)) {
            flows.unmark(flow, fin(flow));
            revive(flow);
        }
    }

    /** A side that sends new data has not reset the connection. */
    private void revive(int flow) {
        int reset = isReply(flow) ? Status.RESET_REPLY : Status.RESET_ORIGINAL;
        if (flows.is(flow, reset)) {
            flows.unmark(flow, reset);
            flows.state(flow, TcpState.ESTABLISHED);
        }
    }

    private TcpState closing(int original) {
        int reply = original | 1;
        TcpState state = flows.state(original);
        boolean finOriginal = flows.is(original, Status.FIN_ORIGINAL);
        boolean finReply = flows.is(original, Status.FIN_REPLY);
        boolean originalDone = finOriginal
                && evidence.acknowledgement(reply) - evidence.sequenceEnd(original) >= 0;
        boolean replyDone = finReply && evidence.acknowledgement(original) - evidence.sequenceEnd(reply) >= 0;
        if (finOriginal && finReply) {
            return originalDone && replyDone ? TcpState.TIME_WAIT : TcpState.LAST_ACK;
        }
        if (finOriginal || finReply) {
            return originalDone || replyDone ? TcpState.CLOSE_WAIT : TcpState.FIN_WAIT;
        }
        return state.isClosing() ? TcpState.ESTABLISHED : state;
    }

    private static boolean isReply(int flow) {
        return (flow & 1) != 0;
    }

    private static int fin(int flow) {
        return isReply(flow) ? Status.FIN_REPLY : Status.FIN_ORIGINAL;
    }
}
