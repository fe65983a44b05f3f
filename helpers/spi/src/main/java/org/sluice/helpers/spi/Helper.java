package org.sluice.helpers.spi;

import java.util.Set;

/**
 * Connection-tracking half of a helper: reads a control connection and tells which connections to expect. Found through
 * {@link java.util.ServiceLoader}; one instance serves the whole gateway. All calls come from the conductor's thread.
 */
public interface Helper {

    /** @return the same value at every call. */
    HelperSpec spec();

    /** @return what may carry its control connections; several when the protocol has the same ports with each. */
    default Set<Transport> transports() {
        return Set.of(spec().transport());
    }

    /**
     * Called once for each control connection, before its first byte.
     *
     * @param control valid for as long as the session is
     */
    HelperSession newSession(Control control);
}
