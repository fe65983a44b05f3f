package org.sluice.slowpath.stream;

import java.util.List;
import org.agrona.DirectBuffer;

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
    private final int index;
    private final StreamReader reader;
    private final int maxHeld;
    private final ByteQueue held = new ByteQueue();
    private final ByteQueue retained = new ByteQueue();
    private final OutOfOrder outOfOrder = new OutOfOrder();
    private final SequenceMap map = new SequenceMap();
    private final Edits edits = new Edits();

    private boolean begun;
    private boolean reading;
    private long outNext;
    private long outAcknowledged;
    private long finPosition = Long.MAX_VALUE;
    private boolean finSent;
    private long heldSince;
    private int receiverMss = StreamLimits.DEFAULT_MSS;

    StreamDirection(int index, StreamReader reader, int maxHeld) {
        this.index = index;
        this.reader = reader;
        this.maxHeld = maxHeld;
        reading = reader != null;
    }

    /** A SYN of this direction was seen. */
    void begin(int sequence) {
        long first = (sequence & 0xFFFF_FFFFL) + 1;
        if (begun && (int) held.start() == (int) first) {
            return;
        }
        begun = true;
        held.reset(first);
        retained.reset(first);
        outNext = first;
        outAcknowledged = first;
    }

    boolean hasBegun() {
        return begun;
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
        if (fin) {
            finPosition = position + length;
        }
        long end = position + length;
        if (position > held.end()) {
            outOfOrder.add(position, b, offset, length);
        } else if (end > held.end()) {
            int known = (int) (held.end() - position);
            if (held.length() == 0) {
                heldSince = now;
            }
            held.append(b, offset + known, length - known);
            outOfOrder.drainTo(held);
            read();
        }
        if (held.end() >= finPosition && !finSent) {
            release();
            finSent = true;
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
            } catch (RuntimeException e) {
                reading = false;
                pass(held.length());
                reader.onFailure(e);
                return;
            }
            if (!reading) {
                pass(held.length());
            } else if (held.length() > maxHeld) {
                release();
            }
        }
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
        if (retained.length() > StreamLimits.RETAINED_BYTES) {
            retained.dropBefore(retained.end() - StreamLimits.RETAINED_BYTES);
        }
    }

    /** Passes on what is held, as it is. */
    void release() {
        if (held.length() > 0) {
            pass(held.length());
            if (reading) {
                reader.onSkip(index);
            }
        }
    }

    /** Nothing is read any more; what is held passes. */
    void stopReading() {
        reading = false;
    }

    /** The receiver has acknowledged. */
    void acknowledge(int acknowledgement) {
        long position = outPosition(acknowledgement);
        if (position > outAcknowledged && position <= outNext) {
            outAcknowledged = position;
            retained.dropBefore(position);
            map.prune(position);
        }
    }

    /** @return the in position up to which everything was sent on. */
    long processed() {
        return held.start();
    }

    /** @return what the receiver is to see as the sequence number of a segment without data. */
    long toOut(long in) {
        return in >= held.start() ? outNext : map.toOut(in, false);
    }

    long toOutEnd(long in) {
        return in >= held.start() ? outNext : map.toOut(in, true);
    }

    /** @return what the sender is to see acknowledged; never what is held or was not sent. */
    int acknowledgementFor(int acknowledgement) {
        long out = outPosition(acknowledgement);
        return (int) (out >= outNext ? held.start() + (out - outNext) : map.toIn(out, false));
    }

    /** @return an edge of a SACK block (RFC 2018) as the sender counts; blocks shrink to what is whole. */
    int sackEdge(int edge, boolean left) {
        long out = outPosition(edge);
        return (int) (out >= outNext ? held.start() + (out - outNext) : map.toIn(out, left));
    }

    ByteQueue retained() {
        return retained;
    }

    /** @return the position behind the last data byte sent on; FIN takes one more. */
    long outDataEnd() {
        return finSent ? outNext - 1 : outNext;
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
    long deadline() {
        return held.length() == 0 ? Long.MAX_VALUE : reading ? heldSince + StreamLimits.HOLD_NS : heldSince;
    }

    /** @return whether the direction does nothing any more, and never will. */
    boolean isTransparent() {
        return begun && !reading && held.length() == 0 && outOfOrder.isEmpty() && map.isIdentity()
                && outAcknowledged == outNext;
    }

    void abort() {
        held.reset(held.end());
        outOfOrder.clear();
    }
}
