package org.sluice.helpers.ftp;

import org.agrona.DirectBuffer;

/**
 * One direction of a connection under TLS: tells where a record ends and the next begins (RFC 8446 section 5.1), and so where text
 * begins that is in no record. Of the records only the headers are looked at, and nothing is kept but where in a record it is.
 */
final class TlsRecords {
    private static final int HEADER_LENGTH = 5;
    /** Major version of every TLS, at the second byte. */
    private static final int MAJOR_VERSION = 3;
    /** 2^14 bytes and what encryption may add (RFC 5246 section 6.2.3; less in TLS 1.3). */
    private static final int LONGEST = (1 << 14) + 2048;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    private static final int HEARTBEAT = 24;
    /** An alert of TLS 1.3 is sealed as data: level, description and type, and 16 bytes of authentication (RFC 8446 section 5.2). */
    private static final int SEALED_ALERT = 3 + 16;

    private int headerBytes;
    private int type;
    private int bodyLeft;
    private boolean begun;
    private boolean alertLast;
    private boolean text;
    private boolean broken;

    /** Takes the next bytes. @return how many of them are TLS; behind them is text */
    int skip(DirectBuffer b, int offset, int length) {
        int at = 0;
        while (at < length && !text && !broken) {
            if (headerBytes == HEADER_LENGTH && bodyLeft > 0) {
                int taken = Math.min(bodyLeft, length - at);
                bodyLeft -= taken;
                at += taken;
            } else {
                onHeaderByte(b.getByte(offset + at) & 0xFF);
                at += text ? 0 : 1;
            }
        }
        return broken ? length : at;
    }

    private void onHeaderByte(int value) {
        int position = headerBytes == HEADER_LENGTH ? 0 : headerBytes;
        headerBytes = position + 1;
        switch (position) {
            case 0 -> {
                type = value;
                boolean isRecord = value >= CHANGE_CIPHER_SPEC && value <= HEARTBEAT;
                text = !isRecord && begun;
                broken = !isRecord && !begun;
            }
            case 1 -> broken = value != MAJOR_VERSION;
            case 2 -> {
                // minor version; TLS 1.3 calls itself 1.2 there
            }
            case 3 -> bodyLeft = value << 8;
            default -> {
                bodyLeft += value;
                begun = true;
                broken = bodyLeft > LONGEST;
                alertLast = type == ALERT || type == APPLICATION_DATA && bodyLeft == SEALED_ALERT;
            }
        }
    }

    /** @return whether text has begun where a record was due. */
    boolean isText() {
        return text;
    }

    /** @return whether all of TLS has been said: text has begun, or the last record, which is whole, looks like the closing alert. */
    boolean isOver() {
        return text || alertLast && headerBytes == HEADER_LENGTH && bodyLeft == 0;
    }

    /** @return whether these are no TLS records. */
    boolean isBroken() {
        return broken;
    }
}
