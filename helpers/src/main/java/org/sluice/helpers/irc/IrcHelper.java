package org.sluice.helpers.irc;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the IRC helper. */
public final class IrcHelper implements Helper {
    private static final HelperSpec SPEC = new HelperSpec("irc", Transport.TCP, List.of(6667), 8, Duration.ofMinutes(5),
            9216);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new IrcSession(control);
    }
}
