package org.sluice.helpers.ftp;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the FTP helper. */
public final class FtpHelper implements Helper {
    private static final HelperSpec SPEC = new HelperSpec("ftp", Transport.TCP, List.of(21), 8, Duration.ofMinutes(5),
            1536);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new FtpSession(control);
    }
}
