package org.sluice.helpers.h323;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.time.Duration;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * Call signalling: messages of Q.931, whose user-to-user element carries what H.225.0 says (section 7.2). The caller begins with
 * Setup; before that, nothing is opened.
 *
 * <pre>
 *   0      1       2          4      5
 *  +------+-------+----------+------+----------------------
 *  | 0x08 | len 2 | call ref | type | information elements
 *  +------+-------+----------+------+----------------------
 * </pre>
 */
final class CallSession extends TpktSession {
    /** Media that pauses, on hold for example, is let in again for so long. */
    static final Duration CALL = Duration.ofHours(1);
    private static final Duration CONNECTING = Duration.ofMinutes(5);
    private static final int PROTOCOL = 0x08;
    private static final int REFERENCE_LENGTH = 2;
    private static final int TYPE = 4;
    private static final int ELEMENTS = 5;
    private static final int SETUP = 0x05;
    private static final int USER_TO_USER = 0x7E;
    private static final int PACKED = 0x05;
    /** Set in what comes from the side that did not choose the call reference. */
    private static final int ANSWER = 0x8000;

    private final Media media;
    private boolean begun;

    CallSession(Control control) {
        super(control);
        media = new Media(control);
    }

    @Override
    void onMessage(Message message, DirectBuffer stream, int offset, int length) {
        if (length < ELEMENTS || stream.getByte(offset) != PROTOCOL || stream.getByte(offset + 1) != REFERENCE_LENGTH) {
            control().count("not_understood");
            return;
        }
        begun |= message.from() == Direction.ORIGINAL && stream.getByte(offset + TYPE) == SETUP;
        if (!begun) {
            control().count("too_early");
            return;
        }
        int reference = stream.getShort(offset + 2, BIG_ENDIAN) & 0xFFFF;
        boolean isAnswer = (reference & ANSWER) != 0;
        Direction caller = isAnswer ? message.from().opposite() : message.from();
        onElements(message, "call " + caller + " " + (reference & ~ANSWER), stream, offset + ELEMENTS, offset + length);
    }

    private void onElements(Message message, String call, DirectBuffer stream, int from, int end) {
        int at = from;
        while (at < end) {
            int element = stream.getByte(at++) & 0xFF;
            if ((element & 0x80) != 0) {
                continue; // of one byte
            }
            int width = element == USER_TO_USER ? Short.BYTES : Byte.BYTES;
            if (at + width > end) {
                break;
            }
            int length = width == Byte.BYTES ? stream.getByte(at) & 0xFF : stream.getShort(at, BIG_ENDIAN) & 0xFFFF;
            at += width;
            if (at + length > end) {
                break;
            }
            if (element == USER_TO_USER && length > 1 && stream.getByte(at) == PACKED) {
                onUserInformation(message, call, new PackedReader(stream, at + 1, length - 1));
                return;
            }
            at += length;
        }
        control().count(at == end ? "no_user_information" : "not_understood");
    }

    private void onUserInformation(Message message, String call, PackedReader reader) {
        if (!reader.read(Types.named("H323-UserInformation"))) {
            control().count("not_understood");
        }
        Group group = new Group(call, CALL);
        for (Found found : reader.found()) {
            if (Media.isChannel(found)) {
                media.onFound(message, found, group);
            } else if (found.isEndpoint()) {
                onAddress(message, found, call);
            } else if (found.name().equals("releaseComplete")) {
                media.end(call);
            }
        }
    }

    private void onAddress(Message message, Found found, String call) {
        switch (found.field()) {
            case "h245Address" -> expect(message, found, call, H245Session::new);
            // the other side is to call again there
            case "alternativeAddress" -> expect(message, found, call, CallSession::new);
            default -> message.translate(found, Transport.TCP);
        }
    }

    private void expect(Message message, Found found, String call, Function<Control, HelperSession> reader) {
        Endpoint to = message.endpoint(found);
        if (!message.isOwn(to)) {
            message.translate(found, Transport.TCP);
        } else if (to.port() != 0) {
            message.write(found, control().expectControl(message.from(), Peer.OTHER_SIDE, Transport.TCP, to,
                    new Group(call, CONNECTING), reader));
        }
    }
}
