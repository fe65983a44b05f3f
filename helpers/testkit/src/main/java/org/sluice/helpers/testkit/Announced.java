package org.sluice.helpers.testkit;

import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * An expectation that was opened.
 *
 * @param listener the side whose host accepts the connection
 * @param peer who may connect
 * @param transport of the connection
 * @param to as the listener knows it
 * @param seen as the peer has to know it
 * @param group it lasts as long as, or null when the first connection uses it up
 */
public record Announced(Direction listener, Peer peer, Transport transport, Endpoint to, Endpoint seen,
        String group) {

    @Override
    public String toString() {
        return listener + " " + peer + " " + transport + " " + to.address().getHostAddress() + ":" + to.port()
                + (seen.equals(to) ? "" : " seen as " + seen.address().getHostAddress() + ":" + seen.port());
    }
}
