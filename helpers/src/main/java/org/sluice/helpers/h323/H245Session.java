package org.sluice.helpers.h323;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Group;

/** H.245 on a connection of its own, which call signalling has announced: logical channels, for as long as it is there. */
final class H245Session extends TpktSession {
    private static final Group CHANNELS = new Group("channels", CallSession.CALL);

    private final Media media;

    H245Session(Control control) {
        super(control);
        media = new Media(control);
    }

    @Override
    void onMessage(Message message, DirectBuffer stream, int offset, int length) {
        PackedReader reader = new PackedReader(stream, offset, length);
        if (!reader.read(Types.named("H245-Message"))) {
            control().count("not_understood");
        }
        for (Found found : reader.found()) {
            media.onFound(message, found, CHANNELS);
        }
    }
}
