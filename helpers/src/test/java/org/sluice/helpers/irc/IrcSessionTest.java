package org.sluice.helpers.irc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

/** IRC clients behind the gateway; 172818434 is 10.77.0.2, 3325256705 is 198.51.100.1. */
class IrcSessionTest {
    private static final String HELLO = "NICK n\r\nUSER u 0 * :u\r\n";
    private static final String SEND = "PRIVMSG bob :\u0001DCC SEND a.txt 172818434 5001 99\u0001\r\n";
    private static final String SEND_SEEN = SEND.replace("172818434", "3325256705");
    private static final String OPENED = "ORIGINAL ANYONE TCP 10.77.0.2:5001 seen as 198.51.100.1:5001";

    private ControlConnection irc;

    private static ControlConnection fresh() {
        return new ControlConnection(new IrcHelper(), new IrcNat()).translate(Direction.ORIGINAL, "198.51.100.1");
    }

    @BeforeEach
    void register() {
        irc = fresh().client(HELLO);
    }

    private String since() {
        return irc.atServer().substring(HELLO.length());
    }

    private void assertOpened(String... expectations) {
        assertThat(irc.expectations().stream().map(Object::toString)).containsExactly(expectations);
    }

    @Test
    void shouldExpectAndRewriteAnOfferedFile() {
        irc.client(SEND);
        assertThat(since()).isEqualTo(SEND_SEEN);
        assertOpened(OPENED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVMSG bob :\u0001DCC CHAT chat 172818434 5001\u0001",
            "privmsg bob :\u0001dcc chat CHAT 172818434 5001\u0001",
            "NOTICE bob :\u0001DCC SEND x 172818434 5001\u0001",
            "PRIVMSG bob \u0001DCC SChat chat 172818434 5001\u0001",
            ":n!u@h PRIVMSG bob :\u0001DCC TSEND x 172818434 5001 7\u0001",
            "@label=1 PRIVMSG bob,eve :\u0001DCC SEND x 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC SEND \"a b c.txt\" 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC SEND x  172818434  5001\u0001",
            "PRIVMSG bob :\u0001ACTION waves\u0001\u0001DCC SEND x 172818434 5001\u0001"})
    void shouldExpectAndRewriteEveryFormOfAnOffer(String line) {
        irc.client(line + "\r\n");
        assertOpened(OPENED);
        assertThat(since()).contains("3325256705").doesNotContain("172818434");
    }

    @Test
    void shouldKeepDottedNotationAndTheTranslatedPort() {
        irc.translate(Direction.ORIGINAL, "198.51.100.1", port -> 6001)
                .client("PRIVMSG bob :\u0001DCC SEND x 10.77.0.2 5001 7\u0001\r\n");
        assertThat(since()).isEqualTo("PRIVMSG bob :\u0001DCC SEND x 198.51.100.1 6001 7\u0001\r\n");
    }

    @Test
    void shouldTakeAClientsPublicAddressForItsOwn() {
        irc.client(SEND_SEEN);
        assertThat(since()).isEqualTo(SEND_SEEN);
        assertOpened(OPENED);
    }

    @Test
    void shouldReadSeveralOffersInASegmentAndInALine() {
        irc.client(SEND
                + "PING x\r\nPRIVMSG eve :\u0001DCC CHAT chat 172818434 5002\u0001\u0001DCC CHAT chat 172818434 5003\u0001\r\n");
        assertThat(irc.expectations()).hasSize(3);
        assertThat(since()).doesNotContain("172818434");
    }

    @Test
    void shouldNotCareWhereTheClientIsCut() {
        String said = "CAP LS\r\n" + HELLO + SEND + "QUIT\r\n";
        for (int cut = 0; cut <= said.length(); cut++) {
            for (int second = cut; second <= said.length(); second++) {
                irc = fresh().client(said, cut, second);
                assertThat(irc.atServer()).as("cut at %d and %d", cut, second)
                        .isEqualTo(said.replace("172818434", "3325256705"));
                assertOpened(OPENED);
            }
        }
    }

    @Test
    void shouldHoldNothingButWhatMayBeAnOffer() {
        for (String beginning : new String[]{"PRIVMSG #all :hello", "PRIVMSG bob hello", "JOIN", "PRIV ", "NOTICED"}) {
            irc = fresh().client(HELLO + beginning);
            assertThat(irc.atServer()).as(beginning).isEqualTo(HELLO + beginning);
        }
        irc = fresh().client(HELLO + "PRIVMSG bob :\u0001DCC SE");
        assertThat(irc.held(Direction.ORIGINAL)).isEqualTo("PRIVMSG bob :\u0001DCC SE");
        irc.release(Direction.ORIGINAL).client("ND x 172818434 5001\u0001\r\n" + SEND);
        assertThat(irc.events()).containsEntry("too_late", 1);
        assertOpened(OPENED);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            // CVE-2022-2663: an offer quoted in what somebody says
            "PRIVMSG bob :look: \u0001DCC SEND x 172818434 5001\u0001", "PRIVMSG bob :DCC SEND x 172818434 5001",
            "PRIVMSG bob :\u0001DCC SEND x 172818434 5001", "TOPIC #all :\u0001DCC SEND x 172818434 5001\u0001",
            "PONG :\u0001DCC SEND x 172818434 5001\u0001", "QUIT :\u0001DCC SEND x 172818434 5001\u0001",
            "PRIVMSG bob :\u0001PING \u0001 DCC SEND x 172818434 5001", "\u0001DCC SEND x 172818434 5001\u0001"})
    void shouldBelieveOnlyAMessageThatIsAnOfferProper(String line) {
        irc.client(line + "\r\n");
        assertOpened();
        assertThat(since()).isEqualTo(line + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DCC SEND x 172818434 65536", "DCC SEND x 4294967296 5001", "DCC SEND x 172818434 -1",
            "DCC SEND x 172818434",
            "DCC SEND x", "DCC SEND", "DCC ", "DCC", "DCC SEND x 172818434 5001x", "DCC SEND x 1728x18434 5001",
            "DCC SEND x 10.77.0.2.1 5001",
            "DCC SEND \"x 172818434 5001", "DCC SEND x 99999999999999999999999999 5001", "DCC XMIT x 172818434 5001",
            "DCC SENDX x 172818434 5001",
            "DCC RESUME x 5001 100", "DCC SEND x fe80::1%1 5001"})
    void shouldLeaveAnOfferAloneThatItDoesNotUnderstand(String offer) {
        String line = "PRIVMSG bob :\u0001" + offer + "\u0001\r\n";
        irc.client(line);
        assertOpened();
        assertThat(since()).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"172818435 5001", "2130706433 5001", "172818434 1023", "172818434 0", "10.77.0.3 5001",
            "::1 5001"})
    void shouldOpenNeitherLowPortsNorThirdHosts(String endpoint) {
        String line = "PRIVMSG bob :\u0001DCC SEND x " + endpoint + " 7\u0001\r\n";
        irc.client(line);
        assertOpened();
        assertThat(since()).isEqualTo(line);
        assertThat(irc.events().keySet()).containsAnyOf("refused_port", "refused_address", "reverse");
    }

    @Test
    void shouldBelieveNothingThatTheServerSays() {
        irc.server(":eve!e@h " + SEND + SEND);
        assertOpened();
        assertThat(irc.atClient()).isEqualTo(":eve!e@h " + SEND + SEND);
    }

    @Test
    void shouldBelieveNothingBeforeTheClientHasRegistered() {
        irc = fresh().client("NICK n\r\n" + SEND);
        assertOpened();
        assertThat(irc.events()).containsEntry("too_early", 1);
    }

    @Test
    void shouldLeaveABrowserAloneThatWasSentHere() {
        irc = fresh().client("POST / HTTP/1.1\r\n\r\n" + HELLO + SEND);
        assertOpened();
        assertThat(irc.isDetached()).isTrue();
    }

    @Test
    void shouldStopReadingWhenTlsBegins() {
        irc.client("STARTTLS\r\n").server(":irc.example 670 n :go\r\n").client(SEND);
        assertThat(irc.isDetached()).isTrue();
        assertOpened();
    }

    @Test
    void shouldPassLinesWithoutEndAndOddBytes() {
        String said = "PRIVMSG bob :\u0001DCC SEND " + "x".repeat(20000) + "\0\r\r\u00ff";
        irc.client(said, 100, 9000, 9500);
        assertThat(since()).isEqualTo(said);
        irc.client("\n" + SEND);
        assertOpened(OPENED);
    }
}
