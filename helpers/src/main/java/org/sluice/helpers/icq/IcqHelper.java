package org.sluice.helpers.icq;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the ICQ helper. */
public final class IcqHelper implements Helper {
    /** File transfers and conversations that a user begins at the same time, and the advertisement. */
    static final int MAX_EXPECTATIONS = 16;

    private static final HelperSpec SPEC = new HelperSpec("icq", Transport.TCP, List.of(5190), MAX_EXPECTATIONS,
            Duration.ofMinutes(5), Flap.MAX_READ);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new IcqSession(control);
    }
}
