package org.sluice.helpers.h323;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/**
 * Conntrack half of the H.323 helper. What comes by TCP is call signalling, by UDP registration; H.245 and call signalling at ports
 * that were agreed on are announced as control connections.
 */
public final class H323Helper implements Helper {
    private static final HelperSpec SPEC = new HelperSpec("h323", Transport.TCP, List.of(1720, 1719), 32,
            Duration.ofMinutes(5), TpktSession.MAX_MESSAGE);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public Set<Transport> transports() {
        return Set.of(Transport.TCP, Transport.UDP);
    }

    @Override
    public HelperSession newSession(Control control) {
        return control.transport() == Transport.TCP ? new CallSession(control) : new RasSession(control);
    }
}
