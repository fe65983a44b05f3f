package org.sluice.fastpath.flow;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.wire.Tcp;

/**
 * The evidence that the fast path leaves of a TCP connection, for each direction: how far it has sent (sequenceEnd), what it has
 * acknowledged (acknowledgement), and up to where it has allowed the other side to send (windowEnd). By it the conductor tells
 * a RST or FIN of the endpoints from a guess.
 *
 * <p>Only a segment that the receiver itself would take moves the evidence: one that begins within the receiver's window and
 * acknowledges what the receiver has sent (RFC 9293 3.10.7.4, RFC 5961 5.2). Whoever guesses has to hit both. All others are passed
 * on nevertheless: the receiver throws them away or answers with a challenge, and a gateway that has missed a segment, or forgot
 * one over a restart, must not stop a connection that its ends think sound.
 *
 * <p>Two threads know evidence: the worker of what it forwards, the conductor of the handshake and of what was punted. While the
 * connection is opening the workers punt all of it, and the conductor writes the record. Then the record is the workers', and the conductor
 * writes a line of its own, which it takes when it first has to. It begins the evidence by storing a new generation, other than 0, in the
 * flags; a worker notes in the byte above its bytes (adopted) when it has forwarded a segment that fits, and until then takes the
 * conductor's line over before it goes on, if there is one. When a segment does not fit, the worker looks whether the conductor knows more.
 * The truth is the later of the two; numbers compare modulo 2^32 (RFC 9293 3.4).
 *
 * <p>The two directions may be with two workers. Each writes the fields of its own direction only, so no field has two writers. Of
 * the other direction it reads what the record says, if that one's worker has adopted the same generation or there is no line, else what the
 * line says. Every field moves by itself and only forward, so a reader that sees one of them a moment late judges by what was true then: what
 * a segment answers has been noted before it was sent.
 */
public final class TcpWindow {
    /**
     * How far behind the newest number one may be that still comes from a late segment or a probe, in bytes; as nf_conntrack's
     * least.
     */
    private static final int BEHIND = 66_000;

    private TcpWindow() {}

    /**
     * @param sequence of the segment's first byte
     * @param end of its last, plus one
     * @param acknowledgement in it
     * @param acknowledged the highest acknowledgement that its sender has sent before
     * @param otherEnd how far the other side has sent
     * @param otherAcknowledged what the other side has acknowledged
     * @param otherWindowEnd up to where the other side lets the sender send
     * @return whether the other side would take it
     */
    public static boolean fits(int sequence, int end, int acknowledgement, int acknowledged, int otherEnd,
            int otherAcknowledged, int otherWindowEnd) {
        return acknowledgement - otherEnd <= 0
                && isTimely(sequence, end, acknowledgement, acknowledged, otherAcknowledged, otherWindowEnd);
    }

    /** The same but for what it acknowledges, which may be more than the other side is known to have sent. */
    public static boolean isTimely(int sequence, int end, int acknowledgement, int acknowledged, int otherAcknowledged,
            int otherWindowEnd) {
        // where it begins counts: a probe of a closed window goes one byte beyond (RFC 9293 3.8.6.1)
        return sequence - otherWindowEnd <= 0 && end - otherAcknowledged >= -BEHIND
                && acknowledgement - acknowledged >= -BEHIND;
    }

    /** @return the later of two sequence numbers. */
    public static int later(int a, int b) {
        return a - b > 0 ? a : b;
    }

    /**
     * Takes a segment into account that is forwarded and is neither SYN, FIN nor RST. The flow's worker.
     *
     * @param flow direction of the segment
     * @param tcp offset of the TCP header, which has been checked
     * @param packetEnd offset behind the segment
     */
    public static void see(FlowTable flows, int flow, DirectBuffer b, int tcp, int packetEnd) {
        NativeBuffer record = flows.buffer(flow);
        int own = flows.seen(flow);
        int other = flows.seen(flow ^ 1);
        int flags = record.getShortVolatile(flows.flags(flow));
        int generation = flags >>> FlowLayout.GENERATION_SHIFT & FlowLayout.GENERATION_MASK;
        if (generation == 0 || (Tcp.flags(b, tcp) & Tcp.ACK) == 0) {
            return;
        }
        boolean isAdopted = adopted(record, own) == generation;
        if (!isAdopted && flows.hasMore(flow)) {
            takeOver(flows, flow, record, own);
        }
        int sequence = Tcp.sequence(b, tcp);
        int end = sequence + packetEnd - tcp - Tcp.headerLength(b, tcp);
        int acknowledgement = Tcp.acknowledgement(b, tcp);
        int windowEnd = acknowledgement
                + (Tcp.window(b, tcp) << (flags >>> FlowLayout.SCALE_SHIFT & FlowLayout.SCALE_MASK));
        int acknowledged = record.getInt(own + FlowLayout.ACKNOWLEDGEMENT);
        // with acquire: what it vouches for is there
        boolean fits = adopted(record, other) == generation || !flows.hasMore(flow)
                ? fits(sequence, end, acknowledgement, acknowledged, record.getInt(other + FlowLayout.SEQUENCE_END),
                        record.getInt(other + FlowLayout.ACKNOWLEDGEMENT),
                        record.getInt(other + FlowLayout.WINDOW_END))
                : fitsSlow(flows, flow, sequence, end, acknowledgement, acknowledged);
        if (fits || flows.hasMore(flow)
                && fitsByBoth(flows, flow, generation, sequence, end, acknowledgement)) {
            move(record, own, end, acknowledgement, windowEnd);
            if (!isAdopted) {
                adopt(record, own, generation);
            }
        }
    }

    /** @param seen offset of what was seen of a direction. @return the generation of its evidence; as an acquire */
    public static int adopted(NativeBuffer record, int seen) {
        return (int) (record.getLongAcquire(seen + FlowLayout.BYTES) >>> FlowLayout.ADOPTED_SHIFT);
    }

    /** The same while no worker has forwarded anything of the other direction that fits, and the conductor has a line. */
    private static boolean fitsSlow(FlowTable flows, int flow, int sequence, int end, int acknowledgement,
            int acknowledged) {
        NativeBuffer more = flows.moreBuffer(flow);
        int other = flows.slowEvidence(flow ^ 1);
        return fits(sequence, end, acknowledgement, acknowledged,
                more.getIntVolatile(other + FlowLayout.SLOW_SEQUENCE_END),
                more.getIntVolatile(other + FlowLayout.SLOW_ACKNOWLEDGEMENT),
                more.getIntVolatile(other + FlowLayout.SLOW_WINDOW_END));
    }

    private static void move(NativeBuffer record, int seen, int end, int acknowledgement, int windowEnd) {
        if (end - record.getInt(seen + FlowLayout.SEQUENCE_END) > 0) {
            record.putInt(seen + FlowLayout.SEQUENCE_END, end);
        }
        if (acknowledgement - record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT) > 0) {
            record.putInt(seen + FlowLayout.ACKNOWLEDGEMENT, acknowledgement);
        }
        if (windowEnd - record.getInt(seen + FlowLayout.WINDOW_END) > 0) {
            record.putInt(seen + FlowLayout.WINDOW_END, windowEnd);
        }
    }

    /** The conductor may have passed on what this segment follows or acknowledges. */
    private static boolean fitsByBoth(FlowTable flows, int flow, int generation, int sequence, int end,
            int acknowledgement) {
        NativeBuffer record = flows.buffer(flow);
        NativeBuffer more = flows.moreBuffer(flow);
        int seen = flows.seen(flow);
        int slow = flows.slowEvidence(flow);
        move(record, seen, more.getIntVolatile(slow + FlowLayout.SLOW_SEQUENCE_END),
                more.getIntVolatile(slow + FlowLayout.SLOW_ACKNOWLEDGEMENT),
                more.getIntVolatile(slow + FlowLayout.SLOW_WINDOW_END));
        int acknowledged = record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT);
        int otherSeen = flows.seen(flow ^ 1);
        int otherSlow = flows.slowEvidence(flow ^ 1);
        int otherEnd = more.getIntVolatile(otherSlow + FlowLayout.SLOW_SEQUENCE_END);
        int otherAcknowledged = more.getIntVolatile(otherSlow + FlowLayout.SLOW_ACKNOWLEDGEMENT);
        int otherWindowEnd = more.getIntVolatile(otherSlow + FlowLayout.SLOW_WINDOW_END);
        if (adopted(record, otherSeen) == generation) {
            otherEnd = later(otherEnd, record.getInt(otherSeen + FlowLayout.SEQUENCE_END));
            otherAcknowledged = later(otherAcknowledged, record.getInt(otherSeen + FlowLayout.ACKNOWLEDGEMENT));
            otherWindowEnd = later(otherWindowEnd, record.getInt(otherSeen + FlowLayout.WINDOW_END));
        }
        int otherFlags = record.getShortVolatile(flows.flags(flow ^ 1));
        boolean isFinAcknowledged = (otherFlags & FlowLayout.FIN_CLAIMED) != 0
                && acknowledgement == more.getInt(otherSlow + FlowLayout.CLAIM)
                && isTimely(sequence, end, acknowledgement, acknowledged, otherAcknowledged, otherWindowEnd);
        return isFinAcknowledged || fits(sequence, end, acknowledgement, acknowledged, otherEnd, otherAcknowledged,
                otherWindowEnd);
    }

    /** Of its own direction; the other one's worker does the same for its. */
    private static void takeOver(FlowTable flows, int flow, NativeBuffer record, int seen) {
        NativeBuffer more = flows.moreBuffer(flow);
        int slow = flows.slowEvidence(flow);
        record.putInt(seen + FlowLayout.SEQUENCE_END, more.getIntVolatile(slow + FlowLayout.SLOW_SEQUENCE_END));
        record.putInt(seen + FlowLayout.ACKNOWLEDGEMENT,
                more.getIntVolatile(slow + FlowLayout.SLOW_ACKNOWLEDGEMENT));
        record.putInt(seen + FlowLayout.WINDOW_END, more.getIntVolatile(slow + FlowLayout.SLOW_WINDOW_END));
    }

    private static void adopt(NativeBuffer record, int seen, int generation) {
        long bytes = record.getLong(seen + FlowLayout.BYTES) & FlowLayout.BYTES_MASK;
        // after what it vouches for
        record.putLongVolatile(seen + FlowLayout.BYTES, bytes | (long) generation << FlowLayout.ADOPTED_SHIFT);
    }
}
