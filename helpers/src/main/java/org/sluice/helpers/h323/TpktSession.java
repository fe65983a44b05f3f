package org.sluice.helpers.h323;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.HelperSession;

/**
 * A connection of messages, each in a TPKT (RFC 1006 section 6): version 3, a reserved byte, the length of the whole in two bytes. A
 * message is held until it is there as a whole; one that is longer than any honest one passes unread.
 */
abstract class TpktSession implements HelperSession {
    /** Setup with many proposals for fast start has two or three thousand bytes. */
    static final int MAX_MESSAGE = 8192;
    private static final int HEADER_LENGTH = 4;
    private static final int VERSION = 3;

    private final Control control;
    /** Bytes that are left of the message which each side is in the midst of and that nobody reads. */
    private final int[] rest = new int[2];
    /** Bytes that are held of each side, and how many the message has that they begin; 0 when its header isn't there. */
    private final int[] held = new int[2];
    private final int[] wanted = new int[2];
    private boolean isDetached;

    TpktSession(Control control) {
        this.control = control;
    }

    final Control control() {
        return control;
    }

    /** @param offset of what is in the TPKT, in {@code stream} */
    abstract void onMessage(Message message, DirectBuffer stream, int offset, int length);

    @Override
    public final int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
        int side = from.ordinal();
        int done = 0;
        while (done < length && !isDetached) {
            if (rest[side] == 0 && !isRead(from, stream, offset, done, length - done)) {
                break;
            }
            int passing = Math.min(rest[side], length - done);
            rest[side] -= passing;
            done += passing;
        }
        held[side] = length - done;
        return isDetached ? length : done;
    }

    /** @return false when more has to come first; otherwise {@link #rest} is set. */
    private boolean isRead(Direction from, DirectBuffer stream, int shown, int at, int available) {
        int side = from.ordinal();
        int offset = shown + at;
        wanted[side] = 0;
        if (stream.getByte(offset) != VERSION) {
            detach("not_tpkt");
            return true;
        }
        if (available < HEADER_LENGTH) {
            return false;
        }
        int length = stream.getShort(offset + Short.BYTES, BIG_ENDIAN) & 0xFFFF;
        if (length < HEADER_LENGTH) {
            detach("not_tpkt");
            return true;
        }
        if (length > MAX_MESSAGE) {
            control.count("too_long");
        } else if (available < length) {
            wanted[side] = length;
            return false;
        } else {
            onMessage(new Message(control, from, stream, shown), stream, offset + HEADER_LENGTH,
                    length - HEADER_LENGTH);
        }
        rest[side] = length;
        return true;
    }

    @Override
    public final void onSkip(Direction from) {
        int side = from.ordinal();
        if (wanted[side] < held[side]) {
            detach("too_late");
        } else {
            rest[side] = wanted[side] - held[side];
        }
        held[side] = 0;
    }

    private void detach(String why) {
        isDetached = true;
        control.count(why);
        control.detach();
    }
}
