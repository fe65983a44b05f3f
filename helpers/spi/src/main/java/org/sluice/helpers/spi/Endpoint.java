package org.sluice.helpers.spi;

import java.net.InetAddress;

/**
 * An address and a port, as one side of a connection writes it.
 *
 * @param address IPv4 or IPv6
 * @param port 0 to 65535
 */
public record Endpoint(InetAddress address, int port) {

    /** @throws IllegalArgumentException when the port is not within 0 to 65535. */
    public Endpoint {
        if ((port & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
    }
}
