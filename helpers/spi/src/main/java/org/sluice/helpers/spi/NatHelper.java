package org.sluice.helpers.spi;

import org.agrona.MutableDirectBuffer;

/**
 * NAT half of a helper: writes an endpoint the way the protocol writes it. Found through {@link java.util.ServiceLoader},
 * paired with its other half by name. Called from the conductor's thread only.
 */
public interface NatHelper {

    /** @return the name of the {@link HelperSpec} it belongs to. */
    String name();

    /**
     * @param mention what stands there now
     * @param seen the endpoint under which the peer reaches the listener
     * @param out takes the replacement at {@code offset}; it has room for 512 bytes
     * @return length of the replacement, or -1 when this notation can't express {@code seen} and nothing is to change
     */
    int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset);
}
