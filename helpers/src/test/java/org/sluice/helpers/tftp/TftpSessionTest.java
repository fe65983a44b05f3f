package org.sluice.helpers.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

/** Requests from port 40000 of a client behind the gateway; the server answers from a port that nobody has announced. */
class TftpSessionTest {
    private static final String READ = "\0\1boot.img\0octet\0";
    private static final String OPENED = "ORIGINAL OTHER_SIDE UDP 10.77.0.2:40000";

    private final ControlConnection tftp = new ControlConnection(new TftpHelper(), null);

    private void assertOpened(String... expectations) {
        assertThat(tftp.expectations().stream().map(Object::toString)).containsExactly(expectations);
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, "\0\2up\0netascii\0", "\0\1a\0OcTeT\0", "\0\2a\0mail\0", "\0\1a b/c\u00e9\0octet\0",
            // RFC 2347 with 2348, 2349 and 7440
            "\0\1boot.img\0octet\0blksize\0001428\0",
            "\0\1boot.img\0octet\0tsize\0000\0timeout\0006\0windowsize\00016\0"})
    void shouldExpectTheAnswerToEveryRequest(String request) {
        tftp.client(request);
        assertOpened(OPENED);
        assertThat(tftp.atServer()).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\3\0\1data", "\0\4\0\1", "\0\5\0\1no\0", "\0\6blksize\0001428\0", "\1\1a\0octet\0",
            "\0\1", "\0",
            "\0\1a", "\0\1a\0", "\0\1a\0octet", "\0\1\0octet\0", "\0\1a\0\0", "\0\1a\0octets\0", "\0\1a\0octe\0",
            "\0\1a\0binary\0",
            "\0\7a\0octet\0", "GET / HTTP/1.1\r\n"})
    void shouldPassWhatIsNoRequestUnread(String datagram) {
        tftp.client(datagram).server(datagram);
        assertOpened();
        assertThat(tftp.atServer()).isEqualTo(datagram);
        assertThat(tftp.atClient()).isEqualTo(datagram);
    }

    @Test
    void shouldOpenNothingMoreWhenARequestIsRepeated() {
        tftp.client(READ).client(READ).client("\0\1other.img\0octet\0");
        assertOpened(OPENED);
    }

    /** A server that repeats a client's request, or a client that plays server, opens nothing. */
    @Test
    void shouldBelieveNoRequestOfTheServer() {
        tftp.server(READ);
        assertOpened();
    }

    @Test
    void shouldExpectItAtTheClientsTranslatedEndpoint() {
        tftp.translate(Direction.ORIGINAL, "198.51.100.1", port -> 41000).client(READ);
        assertOpened(OPENED + " seen as 198.51.100.1:41000");
        assertThat(tftp.atServer()).as("no address stands in it").isEqualTo(READ);
    }

    /** Nothing hides the client outside; what counts is that the server's answer is let out of a closed inside. */
    @Test
    void shouldExpectTheAnswerOfAServerInside() {
        tftp.between("192.0.2.9", "10.77.0.2").translate(Direction.REPLY, "198.51.100.1").client(READ);
        assertOpened("ORIGINAL OTHER_SIDE UDP 192.0.2.9:40000");
    }

    @Test
    void shouldDoTheSameOverIpv6() {
        tftp.between("2001:db8::2", "2001:db8:1::2").client(READ);
        assertOpened("ORIGINAL OTHER_SIDE UDP 2001:db8:0:0:0:0:0:2:40000");
    }

    @Test
    void shouldTakeARequestWithItsEndMissingForNone() {
        for (int length = 1; length < READ.length(); length++) {
            tftp.client(READ.substring(0, length));
        }
        assertOpened();
    }
}
