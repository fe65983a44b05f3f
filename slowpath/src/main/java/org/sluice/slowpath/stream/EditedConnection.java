package org.sluice.slowpath.stream;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.wire.Tcp;

/**
 * A TCP connection between two ends that count differently, because a reader changed the length of what they say. Sequence numbers
 * are moved forward, acknowledgements and SACK blocks (RFC 2018) back; what was changed is repeated from memory when the sender
 * repeats it, however it cuts its segments then; the beginning of a message is held back unacknowledged, so the sender keeps it
 * until it is passed on. A sender that repeats what is held waits, and many say nothing new until then: it is relieved of what is held
 * by an acknowledgement, and what the receiver lacks of that is repeated from here. First bytes win: what the reader read is what the receiver gets.
 *
 * <p>Sees untranslated IP packets and makes untranslated ones; checksums of what comes in are the caller's
 * to check, so super-frames and partial checksums may come. When an edit lengthens the text beyond the receiver's window, the receiver drops the end and the
 * sender repeats it, as with a sender that overruns.
 */
public final class EditedConnection {
    private final StreamDirection[] directions = new StreamDirection[2];
    private final SegmentWriter[] writers = {new SegmentWriter(), new SegmentWriter()};
    /** Whether a segment other than SYN came that way, so that there is a pattern for one of ours. */
    private final boolean[] hasSpoken = new boolean[2];
    private final int[] lastAcknowledgement = new int[2];
    private final int[] lastWindow = new int[2];
    private final int mtu;

    /**
     * @param reader reads both directions
     * @param maxHeld bytes of an unfinished message that may be held back in one direction
     * @param mtu largest IP packet to make
     */
    public EditedConnection(StreamReader reader, int maxHeld, int mtu) {
        this.mtu = mtu;
        for (int d = 0; d < 2; d++) {
            directions[d] = new StreamDirection(d, reader, maxHeld);
        }
    }

    /**
     * Takes a segment of the connection and sends what is to go on.
     *
     * @param direction 0 from the side that opened
     * @param b holds the packet
     * @param ip offset of its IP header, which has been checked
     * @param tcp offset of its TCP header
     * @param end offset behind it
     * @param now System.nanoTime
     */
    public void onSegment(int direction, DirectBuffer b, int ip, int tcp, int end, long now, SegmentSink sink) {
        int flags = Tcp.flags(b, tcp);
        StreamDirection own = directions[direction];
        StreamDirection other = directions[direction ^ 1];
        SegmentWriter writer = writers[direction];
        int payload = tcp + Tcp.headerLength(b, tcp);
        int length = end - payload;
        writer.pattern(b, ip, tcp);
        if ((flags & Tcp.ACK) != 0 && other.hasBegun()) {
            int acknowledgement = Tcp.acknowledgement(b, tcp);
            other.acknowledge(acknowledgement);
            writer.translateSack(other);
            writer.acknowledgement(other.acknowledgementFor(acknowledgement));
        }
        hasSpoken[direction] = (flags & Tcp.SYN) == 0;
        if ((flags & Tcp.SYN) != 0) {
            onSyn(own, other, b, tcp, payload, length, now);
        }
        if ((flags & Tcp.SYN) != 0 || !own.hasBegun()) {
            emit(direction, Tcp.sequence(b, tcp), flags, Tcp.urgentPointer(b, tcp), b, payload, length, sink);
        } else if ((flags & Tcp.RST) != 0) {
            long in = own.inPosition(Tcp.sequence(b, tcp));
            own.onReset(in);
            emit(direction, (int) own.toOut(in), flags, 0, b, payload, 0, sink);
        } else {
            onData(direction, own, b, tcp, payload, length, now, sink);
        }
    }

    private void onSyn(StreamDirection own, StreamDirection other, DirectBuffer b, int tcp, int payload, int length,
            long now) {
        int sequence = Tcp.sequence(b, tcp);
        boolean answer = (Tcp.flags(b, tcp) & Tcp.ACK) != 0;
        if (!answer || !other.hasBegun() || other.isSynAcknowledged(Tcp.acknowledgement(b, tcp))) {
            own.begin(sequence);
        }
        if (!own.isFirst(sequence)) {
            return;
        }
        other.receiverMss(SegmentWriter.mss(b, tcp));
        if (length > 0) {
            // data with the SYN (RFC 7413) can't be edited: the other side has no position yet
            detach();
            own.accept(own.inPosition(sequence + 1), b, payload, length, false, now);
        }
    }

    private void onData(int direction, StreamDirection own, DirectBuffer b, int tcp, int payload, int length, long now,
            SegmentSink sink) {
        int flags = Tcp.flags(b, tcp);
        boolean fin = (flags & Tcp.FIN) != 0;
        long begin = own.inPosition(Tcp.sequence(b, tcp));
        long end = begin + length;
        if ((flags & Tcp.URG) != 0) {
            own.urgentEnd(begin, Tcp.urgentPointer(b, tcp));
        }
        long processed = own.processed();
        long sentBefore = own.outDataEnd();
        boolean finSentBefore = own.isFinSent();
        boolean waits = length > 0 && own.isHeld(begin, end);
        if (!finSentBefore && end + (fin ? 1 : 0) > processed && (length == 0 || own.hasRoom())) {
            int known = Math.clamp(processed - begin, 0, length);
            own.accept(begin + known, b, payload + known, length - known, fin, now);
        }
        boolean repeated = begin < processed && length > 0;
        boolean finOut = own.isFinSent() && (fin || !finSentBefore);
        long from = repeated ? own.toOut(begin) : sentBefore;
        long to = own.outDataEnd() > sentBefore || !repeated
                ? own.outDataEnd()
                : Math.min(own.outDataEnd(), own.toOutEnd(Math.min(end, processed)));
        long kept = own.retained().start();
        if (repeated && !finOut && (to <= kept || to == from)) {
            // the receiver has it already, or nothing was left of it: it is asked to say again where it is (keep-alive, RFC 9293 3.8.4)
            emit(direction, (int) kept - 1, flags & ~(Tcp.URG | Tcp.FIN | Tcp.PSH), 0, b, payload, 0, sink);
        } else if (to > from || finOut) {
            segments(direction, own, Math.min(Math.max(from, kept), to), to, flags, finOut, sink);
        } else if (length == 0 && !fin || isNews(direction, tcp, b)) {
            long at = own.toOut(begin);
            int pointer = (flags & Tcp.URG) != 0 ? own.urgentPointer(at) : 0;
            emit(direction, (int) at, flags & ~(Tcp.FIN | Tcp.PSH | Tcp.URG) | (pointer > 0 ? Tcp.URG : 0), pointer, b,
                    payload, 0, sink);
        }
        if (waits && own.isHeld(begin, end) && hasSpoken[direction ^ 1]) {
            relieve(direction, b, tcp, sink);
        }
        own.sent(now);
        lastAcknowledgement[direction] = Tcp.acknowledgement(b, tcp);
        lastWindow[direction] = Tcp.window(b, tcp);
    }

    /** Tells the sender of a segment that all of it has come. */
    private void relieve(int direction, DirectBuffer b, int tcp, SegmentSink sink) {
        int back = direction ^ 1;
        writers[back].answering(b, tcp);
        writers[back].acknowledgement(directions[direction].relieve());
        emit(back, (int) directions[back].outEnd(), Tcp.ACK, 0, b, 0, 0, sink);
    }

    /** @return an acknowledgement by that direction in the numbers of the side whose bytes it acknowledges. */
    public int acknowledgement(int direction, int acknowledgement) {
        StreamDirection other = directions[direction ^ 1];
        return other.hasBegun() ? other.acknowledgementFor(acknowledgement) : acknowledgement;
    }

    /** Passes on what has been held for too long, and repeats what is ours to repeat. */
    public void onTimer(long now, SegmentSink sink) {
        for (int direction = 0; direction < 2; direction++) {
            StreamDirection own = directions[direction];
            if (!hasSpoken[direction]) {
                // after a restart there is no pattern for a segment of ours until the side has sent one
                continue;
            }
            if (own.repeats(now)) {
                segments(direction, own, own.retained().start(), own.owedEnd(), Tcp.ACK | Tcp.PSH, false, sink);
            }
            if (now - own.releaseAt() >= 0 && own.releaseAt() != Long.MAX_VALUE) {
                long from = own.outDataEnd();
                own.release();
                segments(direction, own, from, own.outDataEnd(), Tcp.ACK | Tcp.PSH, false, sink);
                own.sent(now);
            }
        }
    }

    /** Nothing is read any more; numbers are still corrected. Any thread of control within the conductor, the reader's calls too. */
    public void detach() {
        directions[0].stopReading();
        directions[1].stopReading();
    }

    /** @return whether segments pass unchanged from now on: nothing is read, held or to be repeated, and no length was changed. */
    public boolean isTransparent() {
        return directions[0].isTransparent() && directions[1].isTransparent();
    }

    /** Cuts what is to be sent into segments that the receiver and the path take. */
    private void segments(int direction, StreamDirection own, long from, long to, int flags, boolean fin,
            SegmentSink sink) {
        SegmentWriter writer = writers[direction];
        int size = Math.max(1, Math.min(own.receiverMss() - writer.optionBytes(), mtu - writer.headers()));
        ByteQueue retained = own.retained();
        long at = from;
        do {
            int length = (int) Math.min(size, to - at);
            boolean last = at + length == to;
            int segmentFlags = flags & ~(Tcp.FIN | Tcp.URG | (last ? 0 : Tcp.PSH)) | (last && fin ? Tcp.FIN : 0);
            int pointer = own.urgentPointer(at);
            emit(direction, (int) at, segmentFlags | (pointer > 0 ? Tcp.URG : 0), pointer, retained.buffer(),
                    length == 0 ? 0 : retained.index(at), length, sink);
            at += length;
        } while (at < to);
    }

    /** @return whether a segment says something even without its data: an acknowledgement or a window that is new. */
    private boolean isNews(int direction, int tcp, DirectBuffer b) {
        return Tcp.acknowledgement(b, tcp) != lastAcknowledgement[direction]
                || Tcp.window(b, tcp) != lastWindow[direction];
    }

    private void emit(int direction, int sequence, int flags, int urgentPointer, DirectBuffer payload, int offset,
            int length,
            SegmentSink sink) {
        SegmentWriter writer = writers[direction];
        int total = writer.write(sequence, flags, urgentPointer, payload, offset, length);
        sink.emit(direction, writer.packet(), 0, total);
    }

    /** @return when {@link #onTimer} is to be called, System.nanoTime; Long.MAX_VALUE for never. */
    public long deadline() {
        return Math.min(directions[0].deadline(), directions[1].deadline());
    }

    /**
     * Writes down what is needed to go on from here in another process.
     *
     * @param out grows as needed
     * @return how many bytes
     */
    public int save(MutableDirectBuffer out) {
        return directions[1].save(out, directions[0].save(out, 0));
    }

    /**
     * Goes on where another one was.
     *
     * @param in what {@link #save} wrote
     * @param now System.nanoTime
     * @throws IllegalArgumentException when it is something else
     */
    public void restore(DirectBuffer in, long now) {
        directions[1].restore(in, directions[0].restore(in, 0, now), now);
    }

    /** @return another number whenever there is something new to {@link #save}. */
    public long progress() {
        return directions[0].progress() * 1_000_003 + directions[1].progress();
    }
}
