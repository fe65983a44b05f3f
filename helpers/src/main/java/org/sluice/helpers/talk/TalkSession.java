package org.sluice.helpers.talk;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * What a client's port and a daemon say to each other. Nothing is opened before both have spoken: an announcement counts when the
 * daemon has answered an earlier request (a client asks before it announces), an answer when the client has asked. The other
 * host alone may come.
 */
final class TalkSession implements HelperSession {
    private final Control control;
    private TalkFormat format;
    private boolean asked;
    private boolean answered;

    TalkSession(Control control) {
        this.control = control;
    }

    @Override
    public int onBytes(Direction from, DirectBuffer datagram, int offset, int length) {
        if (from == Direction.ORIGINAL) {
            onRequest(datagram, offset, length);
        } else {
            onResponse(datagram, offset, length);
        }
        return length;
    }

    private void onRequest(DirectBuffer b, int offset, int length) {
        TalkFormat found = TalkFormat.ofRequest(b, offset, length);
        if (found == null) {
            control.count("not_understood");
            return;
        }
        format = found;
        putReplyAddressRight(TalkAddress.read(b, offset, format.controlAddress(), format));
        switch (format.type(b, offset)) {
            case TalkFormat.LOOK_UP -> asked = true;
            case TalkFormat.ANNOUNCE -> onAnnounce(TalkAddress.read(b, offset, format.address(), format));
            default -> {
            }
        }
    }

    /** Daemons answer to the address in the request, not to the one it came from. */
    private void putReplyAddressRight(Mention mention) {
        Endpoint own = control.endpointOf(Direction.ORIGINAL);
        if (mention == null || !mention.endpoint().address().equals(own.address())) {
            return;
        }
        if (mention.endpoint().port() != own.port()) {
            control.expect(Direction.ORIGINAL, Peer.OTHER_SIDE, Transport.UDP, mention);
        } else if (!control.seenEndpointOf(Direction.ORIGINAL).equals(own)) {
            control.rewrite(mention, control.seenEndpointOf(Direction.ORIGINAL));
        }
    }

    /** The callee's client will ask the caller's daemon where to connect to, on the port that the caller has asked. */
    private void onAnnounce(Mention listener) {
        if (!answered) {
            control.count("too_early");
            return;
        }
        if (listener != null && control.expect(Direction.ORIGINAL, Peer.OTHER_SIDE, Transport.TCP, listener)) {
            int port = control.endpointOf(Direction.REPLY).port();
            control.expect(Direction.ORIGINAL, Peer.OTHER_SIDE, Transport.UDP,
                    new Endpoint(listener.endpoint().address(), port));
        }
    }

    private void onResponse(DirectBuffer b, int offset, int length) {
        if (format == null || !format.isResponse(b, offset, length)) {
            control.count("not_understood");
            return;
        }
        answered = true;
        if (asked && format.type(b, offset) == TalkFormat.LOOK_UP && format.answer(b, offset) == TalkFormat.SUCCESS) {
            Mention listener = TalkAddress.read(b, offset, TalkFormat.responseAddress(), format);
            if (listener != null) {
                control.expect(Direction.REPLY, Peer.OTHER_SIDE, Transport.TCP, listener);
            }
        }
    }
}
