package org.sluice.helpers.sip;

import java.net.InetAddress;
import java.time.Duration;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * The media of one call. Offer and answer list the media in the same order (RFC 3264 section 6), so the host that one side names for
 * a medium is the one that the other side's port of the same number hears from.
 */
final class SipCall {
    static final int MAX_MEDIA = 8;
    /** RFC 3261 timer C is three minutes, after which a proxy gives up on a call that rings. */
    private static final Duration RINGING = Duration.ofMinutes(5);
    /** Without a sign of a call whose end was not seen. */
    private static final Duration STANDING = Duration.ofHours(1);

    private final Control control;
    /** Unlike that of registered phones. */
    private final String id;
    private final Medium[][] media = new Medium[2][MAX_MEDIA];
    private final InetAddress[][] heardFrom = new InetAddress[2][MAX_MEDIA];
    private boolean isAnswered;

    /** @param rtcp where it has a port of its own, or null */
    private record Medium(Endpoint rtp, boolean isPair, Endpoint rtcp) {}

    /** @param id Call-ID */
    SipCall(Control control, String id) {
        this.control = control;
        this.id = "call " + id;
    }

    private Group group() {
        return new Group(id, isAnswered ? STANDING : RINGING);
    }

    boolean isAnswered() {
        return isAnswered;
    }

    /** The callee has taken the call. */
    void answer() {
        isAnswered = true;
        for (Direction side : Direction.values()) {
            for (int i = 0; i < MAX_MEDIA; i++) {
                expect(side, i);
            }
        }
    }

    /**
     * One side hears a medium at its own port.
     *
     * @param isPair whether RTCP comes to the port behind it
     * @param rtcp where it comes to instead, or null
     * @return the endpoint that the other side has to be told; null when nothing was opened
     */
    Endpoint hear(Direction side, int number, Endpoint rtp, boolean isPair, Endpoint rtcp) {
        media[side.ordinal()][number] = new Medium(rtp, isPair, rtcp);
        return expect(side, number);
    }

    /** @param host that speaks to that side, or null when it is the other SIP host itself */
    void hearFrom(Direction side, int number, InetAddress host) {
        InetAddress[] hosts = heardFrom[side.ordinal()];
        if (host == null ? hosts[number] != null : !host.equals(hosts[number])) {
            hosts[number] = host;
            expect(side, number);
        }
    }

    private Endpoint expect(Direction side, int number) {
        Medium medium = media[side.ordinal()][number];
        if (medium == null) {
            return null;
        }
        InetAddress host = heardFrom[side.ordinal()][number];
        Peer peer = host == null ? Peer.OTHER_SIDE : Peer.host(host);
        if (medium.rtcp != null) {
            control.expect(side, peer, Transport.UDP, medium.rtcp, group());
        }
        return medium.isPair
                ? control.expectPair(side, peer, medium.rtp, group())
                : control.expect(side, peer, Transport.UDP, medium.rtp, group());
    }

    void end() {
        control.endExpectations(id);
    }
}
