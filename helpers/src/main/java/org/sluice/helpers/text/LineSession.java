package org.sluice.helpers.text;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;

/**
 * Session of a protocol made of lines that end with LF or CRLF. A line is shown whole and once. Only a line whose beginning could
 * still become one that has to be rewritten is held back until it is whole; all others pass as they come.
 */
public abstract class LineSession implements HelperSession {
    private final int maxLine;
    private final Line line = new Line();
    /** The rest of the line passes unread, because its beginning has passed already; one for each direction. */
    private final boolean[] midLine = new boolean[2];
    private int shownFrom;

    /** @param maxLine a longer line passes unread */
    protected LineSession(int maxLine) {
        this.maxLine = maxLine;
    }

    /** A whole line, without its end. */
    protected abstract void onLine(Direction from, Line line);

    /** @return whether a line that begins so may have to be rewritten, so that it must be held until it is whole. */
    protected abstract boolean mayMatter(Direction from, Line beginning);

    /** @return a mention in the line being shown. @param begin index of its first byte in the line, end behind its last */
    protected final Mention mention(int begin, int end, Object form, Endpoint endpoint) {
        return new Mention(shownFrom + begin, end - begin, form, endpoint);
    }

    @Override
    public final int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
        int consumed = 0;
        for (int i = 0; i < length; i++) {
            if (stream.getByte(offset + i) == '\n') {
                int end = i > consumed && stream.getByte(offset + i - 1) == '\r' ? i - 1 : i;
                if (midLine[from.ordinal()]) {
                    midLine[from.ordinal()] = false;
                } else if (end - consumed <= maxLine) {
                    shownFrom = consumed;
                    line.wrap(stream, offset + consumed, end - consumed);
                    onLine(from, line);
                }
                consumed = i + 1;
            }
        }
        if (consumed < length && !holds(from, stream, offset + consumed, length - consumed)) {
            midLine[from.ordinal()] = true;
            consumed = length;
        }
        return consumed;
    }

    private boolean holds(Direction from, DirectBuffer stream, int offset, int length) {
        line.wrap(stream, offset, length);
        return !midLine[from.ordinal()] && length <= maxLine && mayMatter(from, line);
    }

    @Override
    public final void onSkip(Direction from) {
        midLine[from.ordinal()] = true;
    }
}
