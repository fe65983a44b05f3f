package org.sluice.slowpath.conntrack;

import static org.sluice.fastpath.flow.FlowLayout.ACKNOWLEDGEMENT;
import static org.sluice.fastpath.flow.FlowLayout.CLAIM;
import static org.sluice.fastpath.flow.FlowLayout.FIN_CLAIMED;
import static org.sluice.fastpath.flow.FlowLayout.GENERATION_MASK;
import static org.sluice.fastpath.flow.FlowLayout.GENERATION_SHIFT;
import static org.sluice.fastpath.flow.FlowLayout.OPENING;
import static org.sluice.fastpath.flow.FlowLayout.SCALE_MASK;
import static org.sluice.fastpath.flow.FlowLayout.SCALE_SHIFT;
import static org.sluice.fastpath.flow.FlowLayout.SEQUENCE_END;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_ACKNOWLEDGEMENT;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_SEQUENCE_END;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_WINDOW_END;
import static org.sluice.fastpath.flow.FlowLayout.SYN_CLAIMED;
import static org.sluice.fastpath.flow.FlowLayout.WINDOW_END;

import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.TcpWindow;
import org.sluice.fastpath.linux.NativeBuffer;

/**
 * What both paths know of a TCP connection's numbers, by direction; {@link TcpWindow} tells how they share it. Reading takes the
 * later of what each of them noted, writing changes the conductor's own, which is the record while the connection is opening. Conductor.
 */
public final class TcpEvidence {
    /** Instead of a window scale: the SYN offered none. */
    static final int NO_SCALE = 15;

    private final FlowTable table;

    public TcpEvidence(FlowTable table) {
        this.table = table;
    }

    /** @return whether both sides' first numbers are known, so that segments can be judged. */
    public boolean isKnown(int flow) {
        return generation(flow) != 0;
    }

    private int generation(int flow) {
        return flags(flow) >>> GENERATION_SHIFT & GENERATION_MASK;
    }

    /** @return whether a worker has forwarded a segment of the direction that fits. */
    boolean isAdopted(int flow) {
        int generation = generation(flow);
        return generation != 0 && TcpWindow.adopted(table.buffer(flow), table.seen(flow)) == generation;
    }

    /** @return whether what the conductor knows is in the record alone. */
    private boolean isInRecord(int flow) {
        return table.isOpening(flow) || !table.hasMore(flow);
    }

    private int inRecord(int flow, int field) {
        return table.buffer(flow).getInt(table.seen(flow) + field);
    }

    /** @param slow field of the line. @param field of the record */
    private int slow(int flow, int slow, int field) {
        return isInRecord(flow)
                ? inRecord(flow, field)
                : table.moreBuffer(flow).getInt(table.slowEvidence(flow) + slow);
    }

    /** @return how far the direction has sent: its highest sequence number plus one. */
    public int sequenceEnd(int flow) {
        int slow = slowSequenceEnd(flow);
        return isAdopted(flow)
                ? TcpWindow.later(slow, inRecord(flow, SEQUENCE_END))
                : slow;
    }

    /** @return the highest acknowledgement that the direction has sent. */
    public int acknowledgement(int flow) {
        int slow = slowAcknowledgement(flow);
        return isAdopted(flow)
                ? TcpWindow.later(slow, inRecord(flow, ACKNOWLEDGEMENT))
                : slow;
    }

    /** @return up to where the direction has let the other one send. */
    public int windowEnd(int flow) {
        int slow = slowWindowEnd(flow);
        return isAdopted(flow)
                ? TcpWindow.later(slow, inRecord(flow, WINDOW_END))
                : slow;
    }

    /** @return the same as far as it went through the conductor. */
    int slowSequenceEnd(int flow) {
        return slow(flow, SLOW_SEQUENCE_END, SEQUENCE_END);
    }

    private int slowAcknowledgement(int flow) {
        return slow(flow, SLOW_ACKNOWLEDGEMENT, ACKNOWLEDGEMENT);
    }

    private int slowWindowEnd(int flow) {
        return slow(flow, SLOW_WINDOW_END, WINDOW_END);
    }

    /** @return whether workers have forwarded an acknowledgement of more than the conductor knows, if it has a line. */
    boolean hasAcknowledgedFast(int flow) {
        return acknowledgement(flow) != slowAcknowledgement(flow);
    }

    /** Has a line from now on, which tells what went through the conductor from what workers forwarded. */
    void needLine(int flow) {
        table.takeMore(flow);
    }

    /** Notes, whatever was noted before. */
    public void set(int flow, int sequenceEnd, int acknowledgement, int windowEnd) {
        if (table.isOpening(flow)) {
            NativeBuffer record = table.buffer(flow);
            record.putInt(table.seen(flow) + SEQUENCE_END, sequenceEnd);
            record.putInt(table.seen(flow) + ACKNOWLEDGEMENT, acknowledgement);
            record.putInt(table.seen(flow) + WINDOW_END, windowEnd);
            return;
        }
        needLine(flow);
        NativeBuffer b = table.moreBuffer(flow);
        b.putInt(table.slowEvidence(flow) + SLOW_SEQUENCE_END, sequenceEnd);
        b.putInt(table.slowEvidence(flow) + SLOW_ACKNOWLEDGEMENT, acknowledgement);
        b.putInt(table.slowEvidence(flow) + SLOW_WINDOW_END, windowEnd);
    }

    /** Notes what is later than what both paths know. */
    void advance(int flow, int sequenceEnd, int acknowledgement, int windowEnd) {
        set(flow, TcpWindow.later(sequenceEnd, sequenceEnd(flow)),
                TcpWindow.later(acknowledgement, acknowledgement(flow)),
                TcpWindow.later(windowEnd, windowEnd(flow)));
    }

    /** What was set last holds from now on for both directions, and what a worker knew before holds no more. */
    public void begin(int flow) {
        if (table.isOpening(flow)) {
            table.copyEvidence(flow);
        }
        int next = generation(flow) % GENERATION_MASK + 1;
        for (int direction = 0; direction < 2; direction++) {
            int cleared = flags(flow ^ direction)
                    & ~(GENERATION_MASK << GENERATION_SHIFT | FIN_CLAIMED | SYN_CLAIMED | OPENING);
            flags(flow ^ direction, cleared | next << GENERATION_SHIFT);
        }
    }

    /** Leaves the record to the workers, though both sides' first numbers are not known; nothing happens once it is theirs. */
    void giveUp(int flow) {
        if (table.isOpening(flow)) {
            table.copyEvidence(flow);
            flags(flow, flags(flow) & ~OPENING);
            flags(flow ^ 1, flags(flow ^ 1) & ~OPENING);
        }
    }

    /** @return whether the side that the segment goes to would take it. */
    boolean fits(int flow, TcpSegment s) {
        return s.acknowledgement() - sequenceEnd(flow ^ 1) <= 0 && isTimely(flow, s);
    }

    /** @return the same, leaving aside whether what it acknowledges was sent. */
    boolean isTimely(int flow, TcpSegment s) {
        return TcpWindow.isTimely(s.sequence(), s.dataEnd(), s.acknowledgement(), acknowledgement(flow),
                acknowledgement(flow ^ 1), windowEnd(flow ^ 1));
    }

    // --- window scale

    /** @return by how much the direction's windows are shifted, or {@link #NO_SCALE}. */
    public int scale(int flow) {
        return flags(flow) >>> SCALE_SHIFT & SCALE_MASK;
    }

    /** @param scale as for the other method of this name */
    public void scale(int flow, int scale) {
        flags(flow, flags(flow) & ~(SCALE_MASK << SCALE_SHIFT) | scale << SCALE_SHIFT);
    }

    // --- claims: where a segment ends that only the other side's answer can confirm

    int claim(int flow) {
        return table.moreBuffer(flow).getInt(table.slowEvidence(flow) + CLAIM);
    }

    boolean isFinClaimed(int flow) {
        return (flags(flow) & FIN_CLAIMED) != 0;
    }

    boolean isSynClaimed(int flow) {
        return (flags(flow) & SYN_CLAIMED) != 0;
    }

    void claimFin(int flow, int end) {
        claim(flow, end, FIN_CLAIMED);
    }

    void claimSyn(int flow, int end) {
        claim(flow, end, SYN_CLAIMED);
    }

    void dropClaim(int flow) {
        flags(flow, flags(flow) & ~(FIN_CLAIMED | SYN_CLAIMED));
    }

    private void claim(int flow, int end, int kind) {
        dropClaim(flow);
        needLine(flow);
        table.moreBuffer(flow).putInt(table.slowEvidence(flow) + CLAIM, end);
        flags(flow, flags(flow) | kind);
    }

    private int flags(int flow) {
        return table.buffer(flow).getShort(table.flags(flow));
    }

    private void flags(int flow, int flags) {
        table.buffer(flow).putShortVolatile(table.flags(flow), (short) flags);
    }
}
