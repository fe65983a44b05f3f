package org.sluice.slowpath.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Positions before editing to positions after, and back. A position is a sequence number continued to 64 bits: its lower half is the
 * sequence number, so wrapping around needs no care here. An edit that both ends are past is folded into one constant shift.
 */
final class SequenceMap {
    private static final int EDIT = 4 * Long.BYTES;

    private final Deque<Edit> edits = new ArrayDeque<>();
    /** Added to positions before the first edit. */
    private long shift;

    private record Edit(long inStart, long inEnd, long outStart, long outEnd) {

        long shiftBehind() {
            return outEnd - inEnd;
        }
    }

    /** Notes an edit behind all others. */
    void add(long inStart, long inLength, long outStart, long outLength) {
        edits.addLast(new Edit(inStart, inStart + inLength, outStart, outStart + outLength));
    }

    /** @return where a position before editing is after it; from inside an edit, its start or, rounding up, its end. */
    long toOut(long in, boolean roundUp) {
        long current = shift;
        for (Edit e : edits) {
            if (in <= e.inStart) {
                break;
            }
            if (in < e.inEnd) {
                return roundUp ? e.outEnd : e.outStart;
            }
            current = e.shiftBehind();
        }
        return in + current;
    }

    /** @return where a position after editing was before it; from inside an edit, its start or, rounding up, its end. */
    long toIn(long out, boolean roundUp) {
        long current = shift;
        for (Edit e : edits) {
            // an edit that removed everything has no inside: its place is both its start and its end
            if (out < e.outStart || out == e.outStart && e.outEnd != e.outStart) {
                break;
            }
            if (out < e.outEnd) {
                return roundUp ? e.inEnd : e.inStart;
            }
            current = e.shiftBehind();
        }
        return out - current;
    }

    /** Forgets edits that the receiver has acknowledged. */
    void prune(long outAcknowledged) {
        while (!edits.isEmpty() && edits.getFirst().outEnd <= outAcknowledged) {
            shift = edits.removeFirst().shiftBehind();
        }
    }

    /** @return whether every position maps to itself. */
    boolean isIdentity() {
        return edits.isEmpty() && shift == 0;
    }

    /** Writes it down. @return index behind it */
    int save(MutableDirectBuffer out, int offset) {
        out.putLong(offset, shift);
        out.putInt(offset + Long.BYTES, edits.size());
        int at = offset + Long.BYTES + Integer.BYTES;
        for (Edit e : edits) {
            out.putLong(at, e.inStart);
            out.putLong(at + Long.BYTES, e.inEnd);
            out.putLong(at + 2 * Long.BYTES, e.outStart);
            out.putLong(at + 3 * Long.BYTES, e.outEnd);
            at += EDIT;
        }
        return at;
    }

    /** Takes what {@link #save} wrote. @return index behind it */
    int restore(DirectBuffer in, int offset) {
        edits.clear();
        shift = in.getLong(offset);
        int count = in.getInt(offset + Long.BYTES);
        int at = offset + Long.BYTES + Integer.BYTES;
        if (count < 0 || count > (in.capacity() - at) / EDIT) {
            throw new IllegalArgumentException(count + " edits are not there");
        }
        for (int i = 0; i < count; i++) {
            edits.addLast(new Edit(in.getLong(at), in.getLong(at + Long.BYTES), in.getLong(at + 2 * Long.BYTES),
                    in.getLong(at + 3 * Long.BYTES)));
            at += EDIT;
        }
        return at;
    }
}
