package org.sluice.slowpath.conductor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * Does what it is told by the datagrams it reads, one command each: {@code pair GROUP PORT}, {@code pair GROUP PORT PEER},
 * {@code control GROUP PORT}, {@code once PORT}, {@code end GROUP}, {@code end}. The port is replaced by the one that is seen, and a number behind
 * {@code length=} by the length of all that stands behind the colon at the end of it.
 */
public final class SpokenHelper implements Helper {
    static final int PORT = 7100;
    static final int MAX = 8;
    static final Duration LIMIT = Duration.ofHours(1);

    @Override
    public HelperSpec spec() {
        return new HelperSpec("spoken", Transport.UDP, List.of(PORT), MAX, Duration.ofMinutes(1), 100);
    }

    @Override
    public Set<Transport> transports() {
        return Set.of(Transport.UDP, Transport.TCP);
    }

    @Override
    public HelperSession newSession(Control control) {
        return (from, bytes, offset, length) -> {
            String text = bytes.getStringWithoutLengthAscii(offset, length);
            if (control.transport() == Transport.TCP && !text.endsWith("\n")) {
                return 0;
            }
            onCommand(control, from, text);
            return length;
        };
    }

    private void onCommand(Control control, Direction from, String text) {
        String[] words = text.strip().split("[ :]");
        InetAddress own = control.endpointOf(from).address();
        switch (words[0]) {
            case "pair" -> {
                Endpoint to = new Endpoint(own, Integer.parseInt(words[2]));
                Peer peer = words.length > 3 ? Peer.host(InetAddress.ofLiteral(words[3])) : Peer.OTHER_SIDE;
                Endpoint seen = control.expectPair(from, peer, to, new Group(words[1], LIMIT));
                if (seen != null) {
                    control.rewrite(new Mention(text.indexOf(words[2]), words[2].length(), "", to), seen);
                }
            }
            case "control" -> {
                Endpoint to = new Endpoint(own, Integer.parseInt(words[2]));
                control.expectControl(from, Peer.OTHER_SIDE, Transport.UDP, to, new Group(words[1], LIMIT),
                        this::newSession);
            }
            case "once" -> control.expect(from, Peer.OTHER_SIDE, Transport.UDP, new Mention(text.indexOf(words[1]),
                    words[1].length(), "", new Endpoint(own, Integer.parseInt(words[1]))));
            case "end" -> {
                if (words.length > 1) {
                    control.endExpectations(words[1]);
                } else {
                    control.endExpectations();
                }
            }
            case "length" -> {
                int part = text.indexOf(':') + 1;
                int at = text.indexOf("1", part);
                control.rewrite(new Mention(at, 1, "", control.endpointOf(from)), control.endpointOf(from));
                control.rewriteLength("length ".length(), words[1].length(), part, text.length() - part);
            }
            default -> control.count("not_understood");
        }
    }

    /** NAT half: a port. */
    public static final class Writer implements NatHelper {

        @Override
        public String name() {
            return "spoken";
        }

        @Override
        public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
            byte[] digits = Integer.toString(seen.port()).getBytes(US_ASCII);
            out.putBytes(offset, digits);
            return digits.length;
        }
    }
}
