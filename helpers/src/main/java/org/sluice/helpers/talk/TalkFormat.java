package org.sluice.helpers.talk;

import org.agrona.DirectBuffer;

/**
 * The two layouts of the messages, each of a fixed length. Offsets and lengths in bytes.
 *
 * <pre>
 *   ntalk request (protocols/talkd.h)       talk request (4.2BSD, ctl.h)
 *    0  version, always 1                    0  type
 *    1  type                                 1  caller's name, 9 bytes
 *    4  message id                          10  callee's name, 9 bytes
 *    8  addr: of the TCP listener           20  message id
 *   24  ctl_addr: takes the answers         24  process id
 *   40  process id                          28  callee's terminal, 16 bytes
 *   44  caller's name, 12 bytes             44  addr
 *   56  callee's name, 12 bytes             60  ctl_addr
 *   68  callee's terminal, 16 bytes
 *
 *   ntalk response                          talk response
 *    0  version, always 1                    0  type
 *    1  type of the request                  1  answer
 *    2  answer                               4  message id
 *    4  message id                           8  addr
 *    8  addr
 * </pre>
 */
enum TalkFormat {
    NTALK(84, 1, 3, 44, 12, 8, 24, 2) {
        @Override
        boolean hasVersion(DirectBuffer b, int offset) {
            return b.getByte(offset) == VERSION;
        }
    },
    /** Types 4 to 6 are variants of deletion and question that some clients send. */
    TALK(76, 0, 6, 1, 9, 44, 60, 1) {
        @Override
        boolean hasVersion(DirectBuffer b, int offset) {
            return true;
        }
    };

    static final int LOOK_UP = 1;
    static final int ANNOUNCE = 3;
    /** Answer to a request that was granted. */
    static final int SUCCESS = 0;

    private static final int VERSION = 1;
    private static final int RESPONSE_LENGTH = 24;
    private static final int RESPONSE_ADDRESS = 8;

    private final int requestLength;
    private final int type;
    private final int lastType;
    private final int names;
    private final int nameLength;
    private final int address;
    private final int controlAddress;
    private final int answer;

    TalkFormat(int requestLength, int type, int lastType, int names, int nameLength, int address, int controlAddress,
            int answer) {
        this.requestLength = requestLength;
        this.type = type;
        this.lastType = lastType;
        this.names = names;
        this.nameLength = nameLength;
        this.address = address;
        this.controlAddress = controlAddress;
        this.answer = answer;
    }

    abstract boolean hasVersion(DirectBuffer b, int offset);

    /** @return the layout of a well-formed request, or null when it is none. */
    static TalkFormat ofRequest(DirectBuffer b, int offset, int length) {
        for (TalkFormat format : values()) {
            if (length == format.requestLength && format.hasVersion(b, offset)
                    && format.type(b, offset) <= format.lastType
                    && format.isName(b, offset + format.names)
                    && format.isName(b, offset + format.names + format.nameLength)) {
                return format;
            }
        }
        return null;
    }

    boolean isResponse(DirectBuffer b, int offset, int length) {
        return length == RESPONSE_LENGTH && hasVersion(b, offset) && type(b, offset) <= lastType;
    }

    /** @return type of a request, or of the request that a response belongs to, 0 to 255. */
    int type(DirectBuffer b, int offset) {
        return b.getByte(offset + type) & 0xFF;
    }

    /** @return what a response says, 0 to 255. */
    int answer(DirectBuffer b, int offset) {
        return b.getByte(offset + answer) & 0xFF;
    }

    /** @return offset of a request's TCP endpoint, counted from its first byte. */
    int address() {
        return address;
    }

    /** @return offset of the endpoint that takes the answers, counted from a request's first byte. */
    int controlAddress() {
        return controlAddress;
    }

    /** @return offset of a response's TCP endpoint, counted from its first byte. */
    static int responseAddress() {
        return RESPONSE_ADDRESS;
    }

    /** A name has at least one letter, no control characters, and ends with a zero or where its field ends. */
    private boolean isName(DirectBuffer b, int offset) {
        for (int i = 0; i < nameLength; i++) {
            int letter = b.getByte(offset + i) & 0x7F;
            if (b.getByte(offset + i) == 0) {
                return i > 0;
            }
            if (letter < ' ' || letter == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
