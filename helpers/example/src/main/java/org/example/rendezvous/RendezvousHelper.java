package org.example.rendezvous;

import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;

/** Conntrack half: finds what is announced. */
public final class RendezvousHelper implements Helper {

    @Override
    public HelperSpec spec() {
        return HelperSpec.tcp("rendezvous", 7000);
    }

    @Override
    public HelperSession newSession(Control control) {
        return new RendezvousSession(control);
    }
}
