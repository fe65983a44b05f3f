package org.sluice.helpers.text;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;

/**
 * Session of a protocol made of lines that end with LF or CRLF. Every line is shown once, when its end has come. Only a line whose
 * beginning could still become one that has to be rewritten is held back until then; all others pass as they come, and of those only
 * a copy is shown, in which nothing can be rewritten any more ({@link #isWritable}). The same goes for a line that is too long, of
 * which the beginning is shown, and for one that was held for so long that the gateway has passed it on.
 */
public abstract class LineSession implements HelperSession {
    /** Of a line that is half passed on, so many bytes are remembered over a restart. */
    private static final int REMEMBERED = 1024;
    private static final int HEADER = 1 + Integer.BYTES;

    private final int maxLine;
    private final Line line = new Line();
    private final Passed[] passed = {new Passed(), new Passed()};
    private boolean writable;
    private boolean stopped;
    private int shownFrom;

    /** The beginning of a line, of which some or all has been passed on. */
    private static final class Passed {
        private final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        private int length;
        /** Whether the line's beginning has been passed on; otherwise the copy is of what is held and will be shown again. */
        private boolean midLine;

        void append(DirectBuffer from, int offset, int count, int limit) {
            int added = Math.min(count, limit - length);
            if (added > 0) {
                bytes.putBytes(length, from, offset, added);
                length += added;
            }
        }
    }

    /** @param maxLine of a longer line no more than so many bytes are shown */
    protected LineSession(int maxLine) {
        this.maxLine = maxLine;
    }

    /** A line, without its end. */
    protected abstract void onLine(Direction from, Line line);

    /** @return whether a line that begins so may have to be rewritten, so that it must be held until it is whole. */
    protected abstract boolean mayMatter(Direction from, Line beginning);

    /**
     * Some bytes may be no text, such as those of an encrypted phase; they pass at once and are part of no line. Asked at the begin of
     * what is offered and behind every line; what is held is offered again and asked about again.
     *
     * @param length at least 1
     * @return how many of the bytes are no text; a line begins behind them
     */
    protected int notText(Direction from, DirectBuffer stream, int offset, int length) {
        return 0;
    }

    /** @return whether all of the line being shown is still here, so that there may be a {@link #mention} in it. */
    protected final boolean isWritable() {
        return writable;
    }

    /**
     * @param begin index of its first byte in the line being shown
     * @param end index behind its last
     * @throws IllegalStateException when the line is not writable
     */
    protected final Mention mention(int begin, int end, Object form, Endpoint endpoint) {
        if (!writable) {
            throw new IllegalStateException("the line has been passed on");
        }
        return new Mention(shownFrom + begin, end - begin, form, endpoint);
    }

    /** No further line is shown, those of the current bytes included. */
    protected final void stop() {
        stopped = true;
    }

    @Override
    public final int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
        Passed before = passed[from.ordinal()];
        if (!before.midLine) {
            before.length = 0;
        }
        int consumed = skip(from, before, stream, offset, 0, length);
        int at = consumed;
        while (at < length && !stopped) {
            if (stream.getByte(offset + at) == '\n') {
                show(from, before, stream, offset, consumed, at);
                consumed = skip(from, before, stream, offset, at + 1, length);
                at = consumed;
            } else {
                at++;
            }
        }
        if (stopped) {
            return length;
        }
        if (consumed < length) {
            boolean holds = holds(from, before, stream, offset + consumed, length - consumed);
            before.append(stream, offset + consumed, length - consumed, maxLine + 1);
            before.midLine = !holds;
            consumed = holds ? consumed : length;
        }
        return consumed;
    }

    /** @return where text begins, from there on. */
    private int skip(Direction from, Passed before, DirectBuffer stream, int offset, int begin, int length) {
        int count = begin < length && !stopped ? notText(from, stream, offset + begin, length - begin) : 0;
        if (count > 0) {
            before.midLine = false;
            before.length = 0;
        }
        return begin + count;
    }

    private void show(Direction from, Passed before, DirectBuffer stream, int offset, int begin, int end) {
        writable = !before.midLine && end - begin <= maxLine + 1;
        if (writable) {
            shownFrom = begin;
            line.wrap(stream, offset + begin, end - begin);
        } else {
            before.append(stream, offset + begin, end - begin, maxLine + 1);
            line.wrap(before.bytes, 0, before.length);
        }
        int last = line.length() - 1;
        if (last >= 0 && line.at(last) == '\r') {
            line.cut(last);
        }
        writable &= line.length() <= maxLine;
        line.cut(maxLine);
        before.midLine = false;
        before.length = 0;
        onLine(from, line);
    }

    private boolean holds(Direction from, Passed before, DirectBuffer stream, int offset, int length) {
        line.wrap(stream, offset, length);
        return !before.midLine && length <= maxLine + 1 && mayMatter(from, line);
    }

    @Override
    public final void onSkip(Direction from) {
        passed[from.ordinal()].midLine = true;
    }

    /**
     * Writes down what the protocol's own state is.
     *
     * @return how many bytes, at most 1024; -1 when nobody could go on from there
     */
    protected int saveState(MutableDirectBuffer memory, int offset) {
        return -1;
    }

    /** @return whether the state was one that {@link #saveState} wrote, and is in force now. */
    protected boolean restoreState(DirectBuffer memory, int offset, int length) {
        return false;
    }

    @Override
    public final int save(MutableDirectBuffer memory, int offset) {
        int at = offset;
        for (Passed half : passed) {
            int length = half.midLine ? Math.min(half.length, REMEMBERED) : 0;
            memory.putByte(at, (byte) (half.midLine ? 1 : 0));
            memory.putInt(at + 1, length);
            memory.putBytes(at + HEADER, half.bytes, 0, length);
            at += HEADER + length;
        }
        int state = stopped ? -1 : saveState(memory, at);
        return state < 0 ? -1 : at + state - offset;
    }

    @Override
    public final boolean restore(DirectBuffer memory, int offset, int length) {
        int at = offset;
        int end = offset + length;
        for (Passed half : passed) {
            int count = end - at < HEADER ? -1 : memory.getInt(at + 1);
            if (count < 0 || count > Math.min(REMEMBERED, end - at - HEADER)) {
                return false;
            }
            half.midLine = memory.getByte(at) != 0;
            half.length = 0;
            half.append(memory, at + HEADER, count, maxLine + 1);
            at += HEADER + count;
        }
        return restoreState(memory, at, end - at);
    }
}
