package org.sluice.helpers.sip;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * A session description (RFC 8866): {@code c=} says where to, before the first {@code m=} for all media, behind one for that one
 * alone; {@code m=} says on which port. RTP comes to an even port and RTCP to the one behind it (RFC 3550 section 11).
 */
final class Sdp {
    private static final int MAX_MEDIA = 8;
    private static final Pattern ADDRESS = Pattern
            .compile("(?m)^(?:c=|o=\\S+ \\S+ \\S+ )IN IP4 ([\\d.]{7,15})(?=[ \\r\\n]|\\z)");
    private static final Pattern CONNECTION = Pattern.compile("(?m)^c=IN IP4 ([\\d.]{7,15})(?=[ \\r\\n]|\\z)");
    private static final Pattern MEDIA = Pattern.compile("(?m)^m=\\S{1,32} (\\d{1,5}) (?:RTP|UDP|udptl)\\S* ");
    private static final Pattern NEXT_MEDIA = Pattern.compile("(?m)^m=");

    private final Control control;
    private final SipMessage message;
    private final Direction speaker;
    private final int end;

    Sdp(Control control, SipMessage message, Direction speaker) {
        this.control = control;
        this.message = message;
        this.speaker = speaker;
        end = message.text().length();
    }

    /** @return whether anything is expected now. */
    boolean expectMedia() {
        rewriteAddresses();
        int first = start(NEXT_MEDIA, message.body());
        InetAddress ofAll = connection(message.body(), first);
        Matcher media = message.find(MEDIA, message.body(), end);
        boolean expected = false;
        for (int i = 0; media.find(); i++) {
            if (i == MAX_MEDIA) {
                control.count("too_many_media");
                break;
            }
            InetAddress own = connection(media.end(), start(NEXT_MEDIA, media.end()));
            InetAddress to = own == null ? ofAll : own;
            int port = Integer.parseInt(media.group(1));
            // port 0 refuses a medium, and 0.0.0.0 is the old way to put it on hold
            if (to != null && !to.isAnyLocalAddress() && port > 0 && port < 0xFFFF) {
                expected |= expect(new Endpoint(to, port), media.start(1), media.end(1));
            }
        }
        return expected;
    }

    private boolean expect(Endpoint rtp, int start, int stop) {
        boolean opened = control.expect(speaker, Peer.OTHER_SIDE, Transport.UDP,
                new Mention(start, stop - start, SipForm.PORT, rtp));
        if (opened && rtp.port() % 2 == 0) {
            control.expect(speaker, Peer.OTHER_SIDE, Transport.UDP, new Endpoint(rtp.address(), rtp.port() + 1));
        }
        return opened;
    }

    private void rewriteAddresses() {
        Endpoint own = control.endpointOf(speaker);
        Endpoint seen = control.seenEndpointOf(speaker);
        Matcher found = message.find(ADDRESS, message.body(), end);
        while (found.find()) {
            if (!own.equals(seen) && own.address().equals(SipSession.addressOf(found.group(1)))) {
                int length = found.end(1) - found.start(1);
                control.rewrite(new Mention(found.start(1), length, SipForm.HOST, own), seen);
            }
        }
    }

    private InetAddress connection(int from, int to) {
        Matcher found = message.find(CONNECTION, from, to);
        return found.find() ? SipSession.addressOf(found.group(1)) : null;
    }

    private int start(Pattern pattern, int from) {
        Matcher found = message.find(pattern, from, end);
        return found.find() ? found.start() : end;
    }
}
