package org.sluice.helpers.sip;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Transport;

/**
 * A session description (RFC 8866): {@code c=} says where to, before the first {@code m=} for all media, behind one for that one
 * alone; {@code m=} says on which port. RTP comes to an even port and RTCP to the one behind it (RFC 3550 section 11), or to that of
 * {@code a=rtcp} (RFC 3605).
 */
final class Sdp {
    private static final String IP = "IN IP[46] ([0-9A-Fa-f:.]{2,45})(?=[ \\r\\n]|\\z)";
    private static final Pattern ADDRESS = Pattern
            .compile("(?m)^(?:c=|o=\\S{1,64} \\S{1,64} \\S{1,64} |a=rtcp:\\d{1,5} )" + IP);
    private static final Pattern CONNECTION = Pattern.compile("(?m)^c=" + IP);
    private static final Pattern MEDIA = Pattern.compile("(?m)^m=\\S{1,32} (\\d{1,5}) (RTP|UDP|udptl)\\S* ");
    private static final Pattern NEXT_MEDIA = Pattern.compile("(?m)^m=");
    private static final Pattern RTCP = Pattern.compile("(?m)^a=rtcp:(\\d{1,5})(?=[ \\r\\n]|\\z)");

    private final Control control;
    private final SipMessage message;
    private final Direction speaker;
    private final SipCall call;

    Sdp(Control control, SipMessage message, Direction speaker, SipCall call) {
        this.control = control;
        this.message = message;
        this.speaker = speaker;
        this.call = call;
    }

    /** Rewrites what the speaker says of itself, and expects media there. */
    void read() {
        rewriteAddresses();
        InetAddress ofAll = connection(message.body(), start(NEXT_MEDIA, message.body()));
        int number = 0;
        for (int at = start(NEXT_MEDIA, message.body()); at < message.end(); number++) {
            int next = start(NEXT_MEDIA, at + 1);
            if (number == SipCall.MAX_MEDIA) {
                control.count("too_many_media");
                break;
            }
            InetAddress own = connection(at, next);
            readMedium(number, at, next, own == null ? ofAll : own);
            at = next;
        }
    }

    private void readMedium(int number, int start, int stop, InetAddress to) {
        Matcher medium = message.find(MEDIA, start, stop);
        // 0.0.0.0 is the old way to put a medium on hold, and port 0 refuses it
        if (to == null || to.isAnyLocalAddress() || !medium.lookingAt()) {
            return;
        }
        int port = Integer.parseInt(medium.group(1));
        if (!isSpeaker(to)) {
            call.hearFrom(speaker.opposite(), number, isReachable(to) ? to : null);
        } else if (port > 0 && port < 0xFFFF) {
            call.hearFrom(speaker.opposite(), number, null);
            boolean isRtp = medium.group(2).equals("RTP") || medium.group(2).equals("UDP");
            expect(number, new Endpoint(to, port), isRtp, medium, message.find(RTCP, start, stop));
        }
    }

    private void expect(int number, Endpoint rtp, boolean isRtp, Matcher medium, Matcher rtcp) {
        int written = rtcp.find() ? Integer.parseInt(rtcp.group(1)) : 0;
        boolean isPair = isRtp && rtp.port() % 2 == 0 && (written == 0 || written == rtp.port() + 1);
        boolean isApart = isRtp && !isPair && written > 0 && written <= 0xFFFF;
        Endpoint apart = isApart ? new Endpoint(rtp.address(), written) : null;
        Endpoint seen = call.hear(speaker, number, rtp, isPair, apart);
        if (seen == null) {
            return;
        }
        if (seen.port() != rtp.port()) {
            control.rewrite(message.mention(medium.start(1), medium.end(1), SipForm.PORT, rtp), seen);
        }
        int seenRtcp = written > 0 ? control.seenPort(speaker, Transport.UDP, written) : -1;
        if (seenRtcp >= 0 && seenRtcp != written) {
            control.rewrite(message.mention(rtcp.start(1), rtcp.end(1), SipForm.PORT, rtp),
                    new Endpoint(seen.address(), seenRtcp));
        }
    }

    /** Hosts may know their public address already. */
    private boolean isSpeaker(InetAddress address) {
        return address.equals(control.endpointOf(speaker).address())
                || address.equals(control.seenEndpointOf(speaker).address());
    }

    /** A host behind another gateway may name an address that means nothing here; its media comes from where its SIP does. */
    private boolean isReachable(InetAddress address) {
        InetAddress sip = control.endpointOf(speaker).address();
        return !address.isLoopbackAddress() && !address.isMulticastAddress() && !address.isLinkLocalAddress()
                && (!address.isSiteLocalAddress() || sip.isSiteLocalAddress());
    }

    private void rewriteAddresses() {
        Endpoint own = control.endpointOf(speaker);
        Endpoint seen = control.seenEndpointOf(speaker);
        Matcher found = message.find(ADDRESS, message.body(), message.end());
        while (!own.address().equals(seen.address()) && found.find()) {
            if (own.address().equals(SipMessage.address(found.group(1)))) {
                control.rewrite(message.mention(found.start(1), found.end(1), SipForm.ADDRESS, own), seen);
            }
        }
    }

    private InetAddress connection(int from, int to) {
        Matcher found = message.find(CONNECTION, from, to);
        return found.find() ? SipMessage.address(found.group(1)) : null;
    }

    private int start(Pattern pattern, int from) {
        Matcher found = message.find(pattern, from, message.end());
        return found.find() ? found.start() : message.end();
    }
}
