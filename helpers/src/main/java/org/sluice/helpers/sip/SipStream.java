package org.sluice.helpers.sip;

import java.util.regex.Matcher;
import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.HelperSession;

/**
 * Finds the messages in the two streams of a TCP connection: each is as long as its header and its Content-Length say (RFC 3261
 * section 18.3), and empty lines between them keep the connection alive (RFC 5626 section 3.5.1).
 */
final class SipStream implements HelperSession {
    /** Header and body that are read together. */
    static final int MAX_MESSAGE = 16_384;
    private static final int MAX_HEADER = 8_192;
    private static final int MAX_START_LINE = 2_048;

    private final Control control;
    private final SipSession session;
    private final Side[] sides = {new Side(), new Side()};

    /** Where one side's stream stands. */
    private static final class Side {
        /** Bytes of a body that pass unread. */
        private int passing;
        /** Whether the beginning of a message has to be looked for. */
        private boolean isLost;
        /** Bytes of a message that have been offered and not consumed. */
        private int held;
        /** Length of that message; 0 as long as it is not known. */
        private int wanted;
    }

    SipStream(Control control, SipSession session) {
        this.control = control;
        this.session = session;
    }

    @Override
    public int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
        String text = stream.getStringWithoutLengthAscii(offset, length);
        Side side = sides[from.ordinal()];
        side.held = 0;
        side.wanted = 0;
        int at = 0;
        while (at < length) {
            int next = step(from, side, text, at);
            if (next == at) {
                side.held = length - at;
                return at;
            }
            at = next;
        }
        return length;
    }

    /** @return where what follows begins; {@code at} when more bytes are needed */
    private int step(Direction from, Side side, String text, int at) {
        if (side.passing > 0) {
            int passed = Math.min(side.passing, text.length() - at);
            side.passing -= passed;
            return at + passed;
        }
        if (side.isLost) {
            int found = search(side, text, at);
            return side.isLost || found == text.length() ? found : begin(from, side, text, found);
        }
        return begin(from, side, text, at);
    }

    /** @return as above, where a message or an empty line begins */
    private int begin(Direction from, Side side, String text, int at) {
        int left = text.length() - at;
        if (text.charAt(at) == '\r' || text.charAt(at) == '\n') {
            return at + 1;
        }
        if (!mayBegin(text, at)) {
            control.count("not_sip");
            control.detach();
            return text.length();
        }
        int headerEnd = text.indexOf(SipMessage.HEADER_END, at);
        if (headerEnd < 0) {
            side.isLost = left > MAX_HEADER;
            return side.isLost ? text.length() : at;
        }
        return message(from, side, text, at, headerEnd + SipMessage.HEADER_END.length());
    }

    private int message(Direction from, Side side, String text, int at, int body) {
        SipMessage header = SipMessage.read(text.substring(at, body), at);
        int length = header == null ? -1 : header.contentLength();
        if (length < 0) {
            // without it nobody knows where the next message begins
            control.count("not_understood");
            side.isLost = true;
            return body;
        }
        if (body - at + length > MAX_MESSAGE) {
            session.onMessage(header, from);
            side.passing = length;
            return body;
        }
        if (text.length() < body + length) {
            side.wanted = body - at + length;
            return at;
        }
        session.onMessage(SipMessage.read(text.substring(at, body + length), at), from);
        return body + length;
    }

    private static boolean mayBegin(String text, int at) {
        int end = text.indexOf("\r\n", at);
        int unended = text.endsWith("\r") ? text.length() - 1 : text.length();
        int stop = end >= 0 ? end : Math.min(unended, at + MAX_START_LINE);
        Matcher line = SipMessage.START.matcher(text).region(at, stop);
        // a line that has not ended yet
        return line.matches() || end < 0 && line.hitEnd() && text.length() - at < MAX_START_LINE;
    }

    /** @return where a message begins; if none does, how far to pass on, to before a line that may yet become a first one */
    private static int search(Side side, String text, int from) {
        int at = from;
        for (int end = text.indexOf("\r\n", at); end >= 0; end = text.indexOf("\r\n", at)) {
            if (SipMessage.START.matcher(text).region(at, end).matches()) {
                side.isLost = false;
                return at;
            }
            at = end + 2;
        }
        return at < text.length() && mayBegin(text, at) ? at : text.length();
    }

    @Override
    public void onSkip(Direction from) {
        Side side = sides[from.ordinal()];
        side.isLost = side.wanted == 0;
        side.passing = Math.max(0, side.wanted - side.held);
    }
}
