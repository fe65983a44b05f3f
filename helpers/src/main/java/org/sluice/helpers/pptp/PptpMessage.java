package org.sluice.helpers.pptp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * Control messages of RFC 2637 section 2 and what is read in them. Each has one length and begins like this; what follows differs.
 * <pre>
 *   0        2              4                          8      10     12
 *  +--------+--------------+--------------------------+------+------+
 *  | length | message type | magic cookie 0x1A2B3C4D  | kind | 0    |
 *  +--------+--------------+--------------------------+------+------+
 * </pre>
 */
enum PptpMessage {
    START_REQUEST(1, 156, 0, 0, 0),
    START_REPLY(2, 156, 0, 0, 14),
    STOP_REQUEST(3, 16, 0, 0, 0),
    STOP_REPLY(4, 16, 0, 0, 0),
    ECHO_REQUEST(5, 16, 0, 0, 0),
    ECHO_REPLY(6, 20, 0, 0, 0),
    OUTGOING_CALL_REQUEST(7, 168, 12, 0, 0),
    OUTGOING_CALL_REPLY(8, 32, 12, 14, 16),
    INCOMING_CALL_REQUEST(9, 220, 12, 0, 0),
    INCOMING_CALL_REPLY(10, 24, 12, 14, 16),
    INCOMING_CALL_CONNECTED(11, 28, 0, 12, 0),
    CALL_CLEAR_REQUEST(12, 16, 12, 0, 0),
    CALL_DISCONNECT_NOTIFY(13, 148, 12, 0, 0),
    WAN_ERROR_NOTIFY(14, 40, 0, 12, 0),
    SET_LINK_INFO(15, 24, 0, 12, 0);

    /** Of the part that all have. */
    static final int HEADER_LENGTH = 12;
    /** No more than this is ever held back. */
    static final int MAX_READ = 17;

    private static final int MESSAGE_TYPE = 2;
    private static final int CONTROL = 1;
    private static final int MAGIC = 4;
    private static final byte[] MAGIC_COOKIE = {0x1A, 0x2B, 0x3C, 0x4D};
    private static final int KIND = 8;
    private static final int SUCCESS = 1;
    private static final PptpMessage[] ALL = values();

    private final int kind;
    private final int length;
    private final int own;
    private final int peers;
    private final int result;

    /** The last three are offsets: of the speaker's own call ID, of the other side's, of the result code; 0 where there is none. */
    PptpMessage(int kind, int length, int own, int peers, int result) {
        this.kind = kind;
        this.length = length;
        this.own = own;
        this.peers = peers;
        this.result = result;
    }

    /** @return whether a message can begin so, as far as it has come. */
    static boolean isPossible(DirectBuffer b, int offset, int available) {
        if (available >= Short.BYTES && length(b, offset) < HEADER_LENGTH) {
            return false;
        }
        for (int i = 0; i < MAGIC_COOKIE.length && MAGIC + i < available; i++) {
            if (b.getByte(offset + MAGIC + i) != MAGIC_COOKIE[i]) {
                return false;
            }
        }
        return true;
    }

    /** @return length of the whole message, as it says itself. */
    static int length(DirectBuffer b, int offset) {
        return id(b, offset);
    }

    /** @param offset of a whole header. @return null when its kind is unknown or does not have that length */
    static PptpMessage of(DirectBuffer b, int offset) {
        int kind = id(b, offset + KIND);
        if (id(b, offset + MESSAGE_TYPE) != CONTROL || kind < 1 || kind > ALL.length
                || ALL[kind - 1].length != length(b, offset)) {
            return null;
        }
        assert ALL[kind - 1].kind == kind;
        return ALL[kind - 1];
    }

    /** @return how many bytes of it have to be there before it can be read. */
    int readLength() {
        return Math.max(HEADER_LENGTH, Math.max(result + 1, Math.max(own, peers) + Short.BYTES));
    }

    /** @return offset of the speaker's own call ID, or 0. */
    int own() {
        return own;
    }

    /** @return offset of the call ID of the side that is spoken to, or 0. */
    int peers() {
        return peers;
    }

    /** @return whether the reply grants what was asked for. */
    boolean isSuccess(DirectBuffer b, int offset) {
        return b.getByte(offset + result) == SUCCESS;
    }

    /** @return the call ID at an offset. */
    static int id(DirectBuffer b, int offset) {
        return b.getShort(offset, BIG_ENDIAN) & 0xFFFF;
    }
}
