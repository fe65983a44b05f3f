package org.sluice.helpers.icq;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * A frame, and the message in it where it holds one (channel 2).
 * <pre>
 *   0      1         2           4         6         8          10       12           16
 *  +------+---------+-----------+---------+---------+----------+--------+------------+------
 *  | 0x2A | channel | sequence  | length  | family  | subtype  | flags  | request id | …
 *  +------+---------+-----------+---------+---------+----------+--------+------------+------
 *  |            frame (FLAP)              |             message (SNAC)               |
 * </pre>
 */
final class Flap {
    static final int SIGN_ON = 1;
    static final int DATA = 2;
    static final int SIGN_OFF = 4;
    static final int HEADER_LENGTH = 6;
    /** Of the frame's and the message's header. */
    static final int MESSAGE = 16;
    /** Where the frame's length stands. */
    static final int LENGTH = 4;
    /** Longer frames pass unread; no more than this is ever held back. */
    static final int MAX_READ = 4096;

    private static final int MARK = 0x2A;
    private static final int MAX_CHANNEL = 5;
    private static final int FAMILY = 6;
    private static final int FLAGS = 10;
    private static final int HAS_EXTRA = 0x8000;

    private Flap() {}

    /** @return whether a frame can begin so, as far as it has come. */
    static boolean isPossible(DirectBuffer b, int offset, int available) {
        if (b.getByte(offset) != MARK) {
            return false;
        }
        return available < 2 || b.getByte(offset + 1) >= 1 && b.getByte(offset + 1) <= MAX_CHANNEL;
    }

    static int channel(DirectBuffer b, int offset) {
        return b.getByte(offset + 1);
    }

    /** @return length of the whole frame, its header included. */
    static int length(DirectBuffer b, int offset) {
        return HEADER_LENGTH + number(b, offset + LENGTH);
    }

    /** @return family in the upper, subtype in the lower half. */
    static int kind(DirectBuffer b, int offset) {
        return b.getInt(offset + FAMILY, BIG_ENDIAN);
    }

    /**
     * @param offset of a whole frame with a message
     * @return offset of what follows the message's header, and a block of TLVs before it which a flag may announce
     */
    static int body(DirectBuffer b, int offset) {
        int body = offset + MESSAGE;
        boolean hasExtra = (number(b, offset + FLAGS) & HAS_EXTRA) != 0 && body + 2 <= offset + length(b, offset);
        return hasExtra ? body + 2 + number(b, body) : body;
    }

    /** @return two bytes. */
    static int number(DirectBuffer b, int offset) {
        return b.getShort(offset, BIG_ENDIAN) & 0xFFFF;
    }
}
