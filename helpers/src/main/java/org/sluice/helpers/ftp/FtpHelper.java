package org.sluice.helpers.ftp;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/**
 * Conntrack half of the FTP helper. With the option {@code third_party: allow} a server's passive port is opened to any host, as a
 * transfer between two servers needs it (RFC 2577 section 3 tells what that costs).
 */
public final class FtpHelper implements Helper {
    private static final HelperSpec SPEC = new HelperSpec("ftp", Transport.TCP, List.of(21), 8, Duration.ofMinutes(5),
            1536);
    private static final String THIRD_PARTY = "third_party";
    private static final String ALLOW = "allow";

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new FtpSession(control, ALLOW.equals(control.options().get(THIRD_PARTY)));
    }
}
