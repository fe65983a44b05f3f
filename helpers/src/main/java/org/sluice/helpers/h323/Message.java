package org.sluice.helpers.h323;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Transport;

/** A message under the eyes of a session, and the addresses in it. Good for the one call in which it was shown. */
final class Message {
    private static final String FORM = "bytes";

    private final Control control;
    private final Direction from;
    private final DirectBuffer stream;
    private final int shown;

    /** @param shown offset of the first byte that the session was shown */
    Message(Control control, Direction from, DirectBuffer stream, int shown) {
        this.control = control;
        this.from = from;
        this.stream = stream;
        this.shown = shown;
    }

    Direction from() {
        return from;
    }

    Endpoint endpoint(Found found) {
        return found.endpoint(stream);
    }

    /** @return whether the speaker names itself, by its own address or by the one it is seen under. */
    boolean isOwn(Endpoint endpoint) {
        return endpoint.address().equals(control.endpointOf(from).address())
                || endpoint.address().equals(control.seenEndpointOf(from).address());
    }

    /** @param seen what is to stand there, or null to leave it */
    void write(Found found, Endpoint seen) {
        Endpoint written = endpoint(found);
        if (seen != null && !seen.equals(written)) {
            control.rewrite(new Mention(found.offset() - shown, found.length(), FORM, written), seen);
        }
    }

    /** The speaker names an endpoint that leads to nothing new: itself, or the other side as it knows that one. */
    void translate(Found found, Transport transport) {
        Endpoint written = endpoint(found);
        write(found, isOwn(written) ? ofSpeaker(written, transport) : ofListener(written, transport));
    }

    private Endpoint ofSpeaker(Endpoint written, Transport transport) {
        Endpoint seen = control.seenEndpointOf(from);
        if (seen.address().equals(written.address())) {
            return null;
        }
        int port = control.seenPort(from, transport, written.port());
        // where nobody is expected, the address of the connection itself is as good as any
        return port < 0 ? seen : new Endpoint(seen.address(), port);
    }

    private Endpoint ofListener(Endpoint written, Transport transport) {
        Direction other = from.opposite();
        Endpoint own = control.endpointOf(other);
        Endpoint seen = control.seenEndpointOf(other);
        if (!written.address().equals(seen.address()) || own.address().equals(seen.address())) {
            return null;
        }
        int port = control.ownPort(other, transport, written.port());
        return port >= 0 ? new Endpoint(own.address(), port) : written.port() == seen.port() ? own : null;
    }
}
