package org.sluice.helpers.talk;

import java.time.Duration;
import java.util.List;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the talk helper. */
public final class TalkHelper implements Helper {
    /** A daemon keeps an invitation for 60 s, and the caller repeats it every 30 s (MAX_LIFE and RING_WAIT in protocols/talkd.h). */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    /** The conversation, the question to the daemon, and an answer to a port other than that which asked. */
    private static final int MAX_EXPECTATIONS = 3;
    private static final HelperSpec SPEC = new HelperSpec("talk", Transport.UDP, List.of(517, 518), MAX_EXPECTATIONS,
            TIMEOUT, 0);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new TalkSession(control);
    }
}
