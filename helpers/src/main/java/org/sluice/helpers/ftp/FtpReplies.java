package org.sluice.helpers.ftp;

import org.sluice.helpers.text.Line;

/** Tells which reply a line belongs to, and whether it is the reply's last (RFC 959 section 4.2). */
final class FtpReplies {
    static final int CODE_LENGTH = 3;

    /** Code of the reply of several lines that is being sent, or 0. */
    private int open;
    private boolean last;
    private int textBegin;

    /** Takes a line. @return its reply's code, 100 to 599, or 0 when it belongs to none */
    int read(Line line) {
        int code = (int) line.number(0, Math.min(CODE_LENGTH, line.length()), 599);
        boolean hasCode = line.length() >= CODE_LENGTH && code >= 100;
        boolean begins = hasCode && line.at(CODE_LENGTH) == '-';
        boolean ends = hasCode && (line.length() == CODE_LENGTH || line.at(CODE_LENGTH) == ' ');
        textBegin = begins || ends ? CODE_LENGTH : 0;
        last = ends && (open == 0 || open == code);
        if (open == 0 && !begins && !ends) {
            return 0;
        }
        int reply = open == 0 ? code : open;
        open = last ? 0 : reply;
        return reply;
    }

    /** @return whether the line that was read ends its reply. */
    boolean isLast() {
        return last;
    }

    /** @return index behind the code, if the line that was read has one. */
    int textBegin() {
        return textBegin;
    }

    /** @return code of the reply that has begun and not ended, or 0. */
    int open() {
        return open;
    }

    /** A reply of that code has begun and not ended; 0 when none has. */
    void reopen(int code) {
        open = code;
    }
}
