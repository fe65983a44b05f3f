package org.sluice.helpers.sip;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the SIP helper. */
public final class SipHelper implements Helper {
    /** A call may ring for this long before media flows. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int MAX_EXPECTATIONS = 32;
    private static final HelperSpec SPEC = new HelperSpec("sip", Transport.UDP, List.of(5060), MAX_EXPECTATIONS,
            TIMEOUT, 0);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new SipSession(control);
    }
}
