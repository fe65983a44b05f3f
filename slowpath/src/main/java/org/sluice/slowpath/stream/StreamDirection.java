package org.sluice.slowpath.stream;

import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One direction of a connection. Positions are sequence numbers continued to 64 bits, "in" as the sender counts them, "out" as the
 * receiver does.
 * <pre>
 *   in:    … acknowledged … | processed, sent on | held (offered, not consumed) |  gap  | out of order
 *                                                ^ held.start                   ^ held.end
 *   out:   … acknowledged … | retained           |
 *                           ^ acknowledged       ^ outNext
 * </pre>
 */
final class StreamDirection {
    private static final int BEGUN = 1;
    private static final int CONFIRMED = 2;
    private static final int SILENT = 4;
    private static final int READING = 8;
    private static final int FIN_SENT = 16;
    /** Bytes of the plain fields of a direction that is written down. */
    private static final int SAVED = 52;

    private final int index;
    private final StreamReader reader;
    private final int maxHeld;
    private final ByteQueue held = new ByteQueue();
    private final ByteQueue retained = new ByteQueue();
    private final OutOfOrder outOfOrder = new OutOfOrder();
    private final SequenceMap map = new SequenceMap();
    private final Edits edits = new Edits();

    private boolean begun;
    /** The other side has acknowledged the SYN, so its number is settled. */
    private boolean confirmed;
    private boolean silent;
    private boolean reading;
    private int initial;
    private long outNext;
    private long outAcknowledged;
    private long finPosition = Long.MAX_VALUE;
    private boolean finSent;
    private long heldSince;
    /** The in position up to which the sender has been relieved: what the receiver lacks of it is ours to repeat. */
    private long relieved;
    private long repeatAt = Long.MAX_VALUE;
    private int repeats;
    /** The in position behind the last urgent byte, where the streams' interactive users look at once. */
    private long urgentEnd = Long.MIN_VALUE;
    private int receiverMss = StreamLimits.DEFAULT_MSS;

    StreamDirection(int index, StreamReader reader, int maxHeld) {
        this.index = index;
        this.reader = reader;
        this.maxHeld = maxHeld;
        reading = reader != null;
    }

    /** A SYN of this direction was seen. Until one is acknowledged, another may take its place; a late copy changes nothing. */
    void begin(int sequence) {
        if (confirmed || isFirst(sequence)) {
            return;
        }
        long first = (sequence & 0xFFFF_FFFFL) + 1;
        begun = true;
        urgentEnd = Long.MIN_VALUE;
        relieved = first;
        initial = sequence;
        outOfOrder.clear();
        held.reset(first);
        retained.reset(first);
        outNext = first;
        outAcknowledged = first;
    }

    boolean hasBegun() {
        return begun;
    }

    /** @return whether the connection began with this sequence number. */
    boolean isFirst(int sequence) {
        return begun && initial == sequence;
    }

    /** @return whether a segment with SYN and ACK answers this direction's SYN. */
    boolean isSynAcknowledged(int acknowledgement) {
        return begun && acknowledgement == initial + 1;
    }

    /** @return the position nearest to what is in turn that has this sequence number. */
    long inPosition(int sequence) {
        return held.start() + (sequence - (int) held.start());
    }

    long outPosition(int sequence) {
        return outNext + (sequence - (int) outNext);
    }

    /**
     * Takes bytes of a segment that are new.
     *
     * @param position of the first byte
     * @param fin whether the stream ends behind them
     */
    void accept(long position, DirectBuffer b, int offset, int length, boolean fin, long now) {
        if (position - held.end() > StreamLimits.OUT_OF_ORDER_BYTES) {
            // no use could be made of it yet, and it may be forged (RFC 5961 section 5)
            return;
        }
        long end = position + length;
        if (fin && end >= held.end()) {
            finPosition = end;
        }
        if (position > held.end()) {
            outOfOrder.add(position, b, offset, length);
        } else if (end > held.end()) {
            int known = (int) (held.end() - position);
            if (held.length() == 0) {
                heldSince = now;
            }
            held.append(b, offset + known, length - known);
            outOfOrder.drainTo(held);
            long before = held.start();
            read();
            if (held.start() != before) {
                heldSince = now;
            }
        }
        if (held.end() >= finPosition && !finSent) {
            release();
            finSent = true;
            outOfOrder.clear();
            // FIN takes one number (RFC 9293 3.4)
            held.reset(held.end() + 1);
            outNext++;
        }
    }

    private void read() {
        if (!reading) {
            pass(held.length());
        } else if (held.length() > 0) {
            edits.clear();
            try {
                int consumed = reader.onBytes(index, held.buffer(), held.index(held.start()), held.length(), edits);
                if (consumed < 0 || consumed > held.length()) {
                    throw new IllegalStateException("consumed " + consumed + " of " + held.length() + " bytes");
                }
                apply(edits.sorted(consumed), consumed);
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
                fail(e);
                return;
            }
            if (!reading) {
                pass(held.length());
            } else if (held.length() > maxHeld) {
                release();
            }
        }
    }

    private void fail(Throwable cause) {
        reading = false;
        pass(held.length());
        reader.onFailure(cause);
    }

    private void apply(List<Edits.Edit> list, int consumed) {
        int at = 0;
        for (Edits.Edit edit : list) {
            pass(edit.offset() - at);
            map.add(held.start(), edit.length(), outNext, edit.bytes().capacity());
            send(edit.bytes(), 0, edit.bytes().capacity());
            held.dropBefore(held.start() + edit.length());
            at = edit.offset() + edit.length();
        }
        pass(consumed - at);
    }

    private void pass(int count) {
        if (count > 0) {
            send(held.buffer(), held.index(held.start()), count);
            held.dropBefore(held.start() + count);
        }
    }

    private void send(DirectBuffer b, int offset, int length) {
        retained.append(b, offset, length);
        outNext += length;
    }

    /** @return whether more may be sent on before the receiver acknowledges some. */
    boolean hasRoom() {
        return retained.length() < StreamLimits.RETAINED_BYTES;
    }

    /** Passes on what is held, as it is. */
    void release() {
        if (held.length() > 0) {
            pass(held.length());
            if (reading) {
                try {
                    reader.onSkip(index);
                } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
                    fail(e);
                }
            }
        }
    }

    /** Nothing is read any more; what is held passes. */
    void stopReading() {
        reading = false;
    }

    /** @return whether all of that has come, and is held. */
    boolean isHeld(long begin, long end) {
        return begin >= held.start() && end <= held.end();
    }

    /** Takes over what is held, so that the sender need not keep it. @return what it may be told to have come */
    int relieve() {
        relieved = held.end();
        return (int) relieved;
    }

    /** @return the out position up to which what the receiver lacks is ours to repeat; none before {@link #retained}. */
    long owedEnd() {
        return held.start() >= relieved ? map.toOut(relieved, true) : outNext;
    }

    /** Looks whether there is something to repeat once it was sent. */
    void sent(long now) {
        boolean owes = owedEnd() > retained.start() && repeats < StreamLimits.REPEATS;
        if (!owes) {
            repeatAt = Long.MAX_VALUE;
        } else if (repeatAt == Long.MAX_VALUE) {
            repeatAt = now + (StreamLimits.REPEAT_NS << repeats);
        }
    }

    /** @return whether it is time to repeat; then the next time is set. */
    boolean repeats(long now) {
        if (silent || repeatAt == Long.MAX_VALUE || now - repeatAt < 0) {
            return false;
        }
        repeats++;
        repeatAt = Long.MAX_VALUE;
        sent(now);
        return true;
    }

    /** The receiver has acknowledged. */
    void acknowledge(int acknowledgement) {
        long position = outPosition(acknowledgement);
        confirmed |= position >= outAcknowledged && position <= outNext;
        if (position > outAcknowledged && position <= outNext) {
            outAcknowledged = position;
            retained.dropBefore(position);
            map.prune(position);
            repeats = 0;
            repeatAt = Long.MAX_VALUE;
        }
    }

    /** @return the in position up to which everything was sent on. */
    long processed() {
        return held.start();
    }

    /** @return where a position is for the receiver; what is as far ahead of the sender stays as far ahead (RFC 5961). */
    long toOut(long in) {
        return in >= held.start() ? outNext + Math.max(0, in - held.end()) : map.toOut(in, false);
    }

    long toOutEnd(long in) {
        return in >= held.start() ? outNext : map.toOut(in, true);
    }

    /** @return what the sender is to see acknowledged; never what was not sent, nor what is held unless it was relieved of that. */
    int acknowledgementFor(int acknowledgement) {
        long out = outPosition(acknowledgement);
        return (int) Math.max(relieved, out >= outNext ? held.start() + (out - outNext) : map.toIn(out, false));
    }

    /** @return an edge of a SACK block (RFC 2018) as the sender counts; blocks shrink to what is whole. */
    int sackEdge(int edge, boolean left) {
        long out = outPosition(edge);
        return (int) (out >= outNext ? held.start() + (out - outNext) : map.toIn(out, left));
    }

    /** A segment at that position says where urgent data ends (RFC 9293 section 3.8.5). */
    void urgentEnd(long begin, int pointer) {
        if (begin - held.end() <= StreamLimits.OUT_OF_ORDER_BYTES) {
            urgentEnd = Math.max(urgentEnd, begin + pointer);
        }
    }

    /** @return how far behind an out position urgent data ends, 0 when it ends before; it may be in what is still held. */
    int urgentPointer(long out) {
        if (urgentEnd == Long.MIN_VALUE) {
            return 0;
        }
        long end = urgentEnd > held.start() ? outNext + urgentEnd - held.start() : map.toOut(urgentEnd, true);
        return Math.clamp(end - out, 0, 0xFFFF);
    }

    ByteQueue retained() {
        return retained;
    }

    /** @return the position behind the last data byte sent on; FIN takes one more. */
    long outDataEnd() {
        return finSent ? outNext - 1 : outNext;
    }

    /** @return the position behind all that was sent on, FIN too. */
    long outEnd() {
        return outNext;
    }

    boolean isFinSent() {
        return finSent;
    }

    int receiverMss() {
        return receiverMss;
    }

    void receiverMss(int mss) {
        receiverMss = mss;
    }

    /** @return when what is held is to be passed on, System.nanoTime; Long.MAX_VALUE when nothing is held. */
    long releaseAt() {
        return held.length() == 0 || silent ? Long.MAX_VALUE : reading ? heldSince + StreamLimits.HOLD_NS : heldSince;
    }

    /** @return when there is something to do, System.nanoTime; Long.MAX_VALUE for never. */
    long deadline() {
        return silent ? Long.MAX_VALUE : Math.min(releaseAt(), repeatAt);
    }

    /** @return whether the direction does nothing any more, and never will. */
    boolean isTransparent() {
        return begun && !reading && held.length() == 0 && outOfOrder.isEmpty() && map.isIdentity()
                && outAcknowledged == outNext;
    }

    /** A reset at that position: when it is the sender's next, nothing more is said. */
    void onReset(long in) {
        silent |= in == held.end();
    }

    /** Writes down what is needed to go on from here; what came before its turn is repeated by its sender. @return index behind it */
    int save(MutableDirectBuffer out, int offset) {
        int flags = (begun ? BEGUN : 0) | (confirmed ? CONFIRMED : 0) | (silent ? SILENT : 0) | (reading ? READING : 0)
                | (finSent ? FIN_SENT : 0);
        out.putInt(offset, flags);
        out.putInt(offset + 4, initial);
        out.putInt(offset + 8, receiverMss);
        out.putLong(offset + 12, outNext);
        out.putLong(offset + 20, outAcknowledged);
        out.putLong(offset + 28, relieved);
        out.putLong(offset + 36, finPosition);
        out.putLong(offset + 44, urgentEnd);
        return map.save(out, retained.save(out, held.save(out, offset + SAVED)));
    }

    /** Takes what {@link #save} wrote. @return index behind it */
    int restore(DirectBuffer in, int offset, long now) {
        if (offset > in.capacity() - SAVED - 2 * Long.BYTES) {
            throw new IllegalArgumentException("a direction is not there");
        }
        int flags = in.getInt(offset);
        begun = (flags & BEGUN) != 0;
        confirmed = (flags & CONFIRMED) != 0;
        silent = (flags & SILENT) != 0;
        reading = reader != null && (flags & READING) != 0;
        finSent = (flags & FIN_SENT) != 0;
        initial = in.getInt(offset + 4);
        receiverMss = in.getInt(offset + 8);
        outNext = in.getLong(offset + 12);
        outAcknowledged = in.getLong(offset + 20);
        relieved = in.getLong(offset + 28);
        finPosition = in.getLong(offset + 36);
        urgentEnd = in.getLong(offset + 44);
        heldSince = now;
        return map.restore(in, retained.restore(in, held.restore(in, offset + SAVED)));
    }

    /** @return another number whenever something was sent on or taken over; what the receiver acknowledges does not matter. */
    long progress() {
        return outNext + 31 * relieved + (begun ? 1 : 0) + (silent ? 1L << 62 : 0);
    }
}
