package org.sluice.helpers.sip;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Transport;

/** Conntrack half of the SIP helper. */
public final class SipHelper implements Helper {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    /** A telephone exchange has many calls with its provider, of at least two ports each. */
    private static final int MAX_EXPECTATIONS = 256;
    private static final HelperSpec SPEC = new HelperSpec("sip", Transport.UDP, List.of(5060), MAX_EXPECTATIONS,
            TIMEOUT, SipStream.MAX_MESSAGE);

    @Override
    public HelperSpec spec() {
        return SPEC;
    }

    @Override
    public Set<Transport> transports() {
        return Set.of(Transport.UDP, Transport.TCP);
    }

    @Override
    public HelperSession newSession(Control control) {
        SipSession session = new SipSession(control);
        if (control.transport() == Transport.TCP) {
            return new SipStream(control, session);
        }
        return (from, datagram, offset, length) -> {
            session.onMessage(SipMessage.read(datagram.getStringWithoutLengthAscii(offset, length), 0), from);
            return length;
        };
    }
}
