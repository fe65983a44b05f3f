package org.sluice.helpers.tftp;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Helper for TFTP. It needs no NAT half: no address stands in the payload. */
public final class TftpHelper implements Helper {
    /** A server that has not answered after this time will not. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final HelperSpec SPEC = new HelperSpec("tftp", Transport.UDP, List.of(69), 1, TIMEOUT, 0);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new TftpSession(control);
    }
}
