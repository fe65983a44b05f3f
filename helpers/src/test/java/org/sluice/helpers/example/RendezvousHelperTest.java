package org.sluice.helpers.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.testkit.ControlConnection;
import org.sluice.helpers.text.Line;
import org.sluice.helpers.text.LineSession;

/** The example of the README: a made-up protocol in which the client says {@code MEET address port}. */
class RendezvousHelperTest {

    // the README shows what follows
    /** Conntrack half: finds what is announced. */
    public static final class RendezvousHelper implements Helper {

        @Override
        public HelperSpec spec() {
            return HelperSpec.tcp("rendezvous", 7000);
        }

        @Override
        public HelperSession newSession(Control control) {
            return new RendezvousSession(control);
        }
    }

    /** One control connection. */
    static final class RendezvousSession extends LineSession {
        private final Control control;

        RendezvousSession(Control control) {
            super(200);
            this.control = control;
        }

        @Override
        protected boolean mayMatter(Direction from, Line beginning) {
            return from == Direction.ORIGINAL && beginning.couldBeWordAt(0, "MEET ");
        }

        @Override
        protected void onLine(Direction from, Line line) {
            if (from != Direction.ORIGINAL || !line.isWordAt(0, "MEET ") || !isWritable()) {
                return;
            }
            int blank = line.indexOf(' ', 5);
            long port = blank < 0 ? -1 : line.number(blank + 1, line.length(), 0xFFFF);
            if (port < 0) {
                control.count("not_understood");
                return;
            }
            try {
                InetAddress address = InetAddress.ofLiteral(line.text(5, blank));
                control.expect(Direction.ORIGINAL, Peer.OTHER_SIDE, Transport.TCP,
                        mention(5, line.length(), "", new Endpoint(address, (int) port)));
            } catch (IllegalArgumentException e) {
                control.count("not_understood");
            }
        }
    }

    /** NAT half: writes it anew. */
    public static final class RendezvousNat implements NatHelper {

        @Override
        public String name() {
            return "rendezvous";
        }

        @Override
        public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
            return out.putStringWithoutLengthAscii(offset, seen.address().getHostAddress() + " " + seen.port());
        }
    }

    @Test
    void shouldMeetWherePeopleCanReachTheClient() {
        ControlConnection c = new ControlConnection(new RendezvousHelper(), new RendezvousNat())
                .translate(Direction.ORIGINAL, "198.51.100.1");
        c.client("HELLO\r\nMEET 10.77.0.2 5001\r\n", 9, 20);
        assertThat(c.atServer()).isEqualTo("HELLO\r\nMEET 198.51.100.1 5001\r\n");
        assertThat(c.expectations()).hasSize(1);
    }
    // the README ends here

    @Test
    void shouldOpenNothingForThirdHostsAndNonsense() {
        ControlConnection c = new ControlConnection(new RendezvousHelper(), new RendezvousNat())
                .translate(Direction.ORIGINAL, "198.51.100.1");
        String said = "MEET 10.77.0.3 5001\r\nMEET 10.77.0.2 80\r\nMEET x y\r\nMEET\r\nMEET example 5001\r\n";
        c.client(said);
        assertThat(c.atServer()).isEqualTo(said);
        assertThat(c.expectations()).isEmpty();
        assertThat(c.events()).containsEntry("refused_address", 1).containsEntry("refused_port", 1)
                .containsEntry("not_understood", 2);
    }

    @Test
    void shouldStandInTheReadmeAsItIsHere() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/sluice/helpers/example/RendezvousHelperTest.java"));
        String begin = "    // the README shows what follows\n";
        String shown = source.substring(source.indexOf(begin) + begin.length(),
                source.indexOf("    // the README ends here\n"));
        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + shown.indent(-4) + "```\n");
    }
}
