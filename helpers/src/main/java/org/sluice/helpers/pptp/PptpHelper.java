package org.sluice.helpers.pptp;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the PPTP helper. */
public final class PptpHelper implements Helper {
    /** Calls at a time on one control connection; clients have one, a concentrator of dial-in lines has as many as lines. */
    static final int MAX_CALLS = 64;

    private static final HelperSpec SPEC = new HelperSpec("pptp", Transport.TCP, List.of(1723), MAX_CALLS,
            Duration.ofMinutes(5), PptpMessage.MAX_READ);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new PptpSession(control);
    }
}
