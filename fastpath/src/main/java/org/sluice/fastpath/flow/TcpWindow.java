package org.sluice.fastpath.flow;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
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
 * <p>Two threads know evidence: the worker of what it forwards, the conductor of the handshake and of what was punted. Each writes
 * fields of its own. The conductor begins the evidence by storing a new generation, other than 0, in the flags; a worker that has
 * another one in {@link FlowLayout#ADOPTED} takes the conductor's fields over before it goes on. When a segment does not fit, the
 * worker looks whether the conductor knows more. The truth is the later of the two; numbers compare modulo 2^32 (RFC 9293
 * 3.4).
 *
 * <p>The two directions may be with two workers. Each writes the fields of its own direction only, so no field has two writers. Of
 * the other direction it reads what that one's worker has noted, if it has adopted the same generation, else what the conductor has.
 * Every field moves by itself and only forward, so a reader that sees one of them a moment late judges by what was true then: what a
 * segment answers has been noted before it was sent.
 */
public final class TcpWindow {
    /**
     * How far behind the newest number one may be that still comes from a late segment or a probe, in bytes; as nf_conntrack's
     * least.
     */
    private static final int BEHIND = 66_000;
    private static final int OTHER_LINE = FlowLayout.DIRECTION_LENGTH;
    private static final int OTHER_SEEN = FlowLayout.SEEN_LENGTH;

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
     * @param record holds the flow
     * @param line offset of the segment's direction in it
     * @param seen offset of what was seen of that direction
     * @param tcp offset of the TCP header, which has been checked
     * @param packetEnd offset behind the segment
     */
    public static void see(UnsafeBuffer record, int line, int seen, DirectBuffer b, int tcp, int packetEnd) {
        int flags = record.getShortVolatile(line + FlowLayout.FLAGS);
        byte generation = (byte) (flags >>> FlowLayout.GENERATION_SHIFT);
        if (generation == 0 || (Tcp.flags(b, tcp) & Tcp.ACK) == 0) {
            return;
        }
        if (record.getByte(line + FlowLayout.ADOPTED) != generation) {
            adopt(record, line, seen, generation);
        }
        int sequence = Tcp.sequence(b, tcp);
        int end = sequence + packetEnd - tcp - Tcp.headerLength(b, tcp);
        int acknowledgement = Tcp.acknowledgement(b, tcp);
        int windowEnd = acknowledgement
                + (Tcp.window(b, tcp) << (flags >>> FlowLayout.SCALE_SHIFT & FlowLayout.SCALE_MASK));
        // with acquire: what it vouches for is there
        boolean fits = record.getByteVolatile((line ^ OTHER_LINE) + FlowLayout.ADOPTED) == generation
                ? fits(record, line, seen, sequence, end, acknowledgement)
                : fitsSlow(record, line, seen, sequence, end, acknowledgement);
        if (fits) {
            move(record, line, seen, end, acknowledgement, windowEnd);
        } else {
            seeUnfit(record, line, seen, generation, sequence, end, acknowledgement, windowEnd);
        }
    }

    private static boolean fits(UnsafeBuffer record, int line, int seen, int sequence, int end, int acknowledgement) {
        int other = seen ^ OTHER_SEEN;
        return fits(sequence, end, acknowledgement, record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT),
                record.getInt(other + FlowLayout.SEQUENCE_END), record.getInt(other + FlowLayout.ACKNOWLEDGEMENT),
                record.getInt((line ^ OTHER_LINE) + FlowLayout.WINDOW_END));
    }

    /** The same while no worker has forwarded anything of the other direction. */
    private static boolean fitsSlow(UnsafeBuffer record, int line, int seen, int sequence, int end,
            int acknowledgement) {
        int start = start(line);
        int other = direction(line) ^ 1;
        return fits(sequence, end, acknowledgement, record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT),
                slowEnd(record, start, other), slowAcknowledgement(record, start, other),
                slowWindowEnd(record, start, other));
    }

    private static void move(UnsafeBuffer record, int line, int seen, int end, int acknowledgement, int windowEnd) {
        if (end - record.getInt(seen + FlowLayout.SEQUENCE_END) > 0) {
            record.putInt(seen + FlowLayout.SEQUENCE_END, end);
        }
        if (acknowledgement - record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT) > 0) {
            record.putInt(seen + FlowLayout.ACKNOWLEDGEMENT, acknowledgement);
        }
        if (windowEnd - record.getInt(line + FlowLayout.WINDOW_END) > 0) {
            record.putInt(line + FlowLayout.WINDOW_END, windowEnd);
        }
    }

    /** The conductor may have passed on what this segment follows or acknowledges. */
    private static void seeUnfit(UnsafeBuffer record, int line, int seen, byte generation, int sequence, int end,
            int acknowledgement, int windowEnd) {
        int start = start(line);
        int own = direction(line);
        move(record, line, seen, slowEnd(record, start, own), slowAcknowledgement(record, start, own),
                slowWindowEnd(record, start, own));
        int acknowledged = record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT);
        int otherLine = line ^ OTHER_LINE;
        int otherSeen = seen ^ OTHER_SEEN;
        int otherEnd = slowEnd(record, start, own ^ 1);
        int otherAcknowledged = slowAcknowledgement(record, start, own ^ 1);
        int otherWindowEnd = slowWindowEnd(record, start, own ^ 1);
        if (record.getByteVolatile(otherLine + FlowLayout.ADOPTED) == generation) {
            otherEnd = later(otherEnd, record.getInt(otherSeen + FlowLayout.SEQUENCE_END));
            otherAcknowledged = later(otherAcknowledged, record.getInt(otherSeen + FlowLayout.ACKNOWLEDGEMENT));
            otherWindowEnd = later(otherWindowEnd, record.getInt(otherLine + FlowLayout.WINDOW_END));
        }
        boolean isFinAcknowledged = (record.getShortVolatile(otherLine + FlowLayout.FLAGS)
                & FlowLayout.FIN_CLAIMED) != 0
                && acknowledgement == record.getInt(otherLine + FlowLayout.CLAIM)
                && isTimely(sequence, end, acknowledgement, acknowledged, otherAcknowledged, otherWindowEnd);
        if (isFinAcknowledged || fits(sequence, end, acknowledgement, acknowledged, otherEnd, otherAcknowledged,
                otherWindowEnd)) {
            move(record, line, seen, end, acknowledgement, windowEnd);
        }
    }

    /** Of its own direction; the other one's worker does the same for its. */
    private static void adopt(UnsafeBuffer record, int line, int seen, byte generation) {
        int start = start(line);
        int own = direction(line);
        record.putInt(seen + FlowLayout.SEQUENCE_END, slowEnd(record, start, own));
        record.putInt(seen + FlowLayout.ACKNOWLEDGEMENT, slowAcknowledgement(record, start, own));
        record.putInt(line + FlowLayout.WINDOW_END, slowWindowEnd(record, start, own));
        // after what it vouches for
        record.putByteVolatile(line + FlowLayout.ADOPTED, generation);
    }

    private static int direction(int line) {
        return (line & OTHER_LINE) == 0 ? 0 : 1;
    }

    private static int start(int line) {
        return line & -FlowLayout.LENGTH;
    }

    private static int line(int start, int direction) {
        return start + direction * FlowLayout.DIRECTION_LENGTH;
    }

    private static int slowEnd(UnsafeBuffer record, int start, int direction) {
        return record.getIntVolatile(start + FlowLayout.TRACKING + FlowLayout.SLOW_EVIDENCE
                + direction * FlowLayout.SLOW_EVIDENCE_LENGTH);
    }

    private static int slowAcknowledgement(UnsafeBuffer record, int start, int direction) {
        return record.getIntVolatile(start + FlowLayout.TRACKING + FlowLayout.SLOW_EVIDENCE
                + direction * FlowLayout.SLOW_EVIDENCE_LENGTH + Integer.BYTES);
    }

    private static int slowWindowEnd(UnsafeBuffer record, int start, int direction) {
        return record.getIntVolatile(line(start, 1) + FlowLayout.SLOW_WINDOW_END + direction * Integer.BYTES);
    }
}
