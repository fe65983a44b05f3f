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
            "@label=1 :n!u@h NOTICE bob :\u0001DCC SEND x 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC MOVE x 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC XMIT clear 172818434 5001 x 7 text/plain\u0001",
            "PRIVMSG bob :\u0001DCC XMIT clear 172818434 5001\u0001",
            "PRIVMSG bob :\u0001DCC SEND \"a b c.txt\" 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC SEND \"a \"b\" c.txt\" 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC SEND a\"b 172818434 5001 7\u0001",
            "PRIVMSG bob :\u0001DCC SEND a b.txt 172818434 5001 7 12\u0001",
            "PRIVMSG bob :\u0001DCC SEND a  2024 01 172818434  5001\u0001",
            "PRIVMSG bob :\u0001DCC SEND x 172818434 5001 7 12\u0001",
            "NOTICE bob :\u0001DCC REJECT SEND y\u0001\u0001DCC SEND x 172818434 5001 7\u0001",
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
    void shouldExpectAndRewriteOverIpv6InTheSameNotation() {
        irc = new ControlConnection(new IrcHelper(), new IrcNat()).between("2001:db8::2", "2001:db8:1::2")
                .translate(Direction.ORIGINAL, "2001:db8:1::1", port -> 6001).client(HELLO)
                .client("PRIVMSG bob :\u0001DCC SEND x 2001:DB8:0::2 5001 7\u0001\r\n");
        assertThat(since()).isEqualTo("PRIVMSG bob :\u0001DCC SEND x 2001:db8:1:0:0:0:0:1 6001 7\u0001\r\n");
        assertOpened("ORIGINAL ANYONE TCP 2001:db8:0:0:0:0:0:2:5001 seen as 2001:db8:1:0:0:0:0:1:6001");
    }

    @Test
    void shouldExpectOverIpv6WithoutTranslation() {
        String offer = "PRIVMSG bob :\u0001DCC CHAT chat 2001:db8::2 5001\u0001\r\n";
        irc = new ControlConnection(new IrcHelper(), new IrcNat()).between("2001:db8::2", "2001:db8:1::2")
                .client(HELLO + offer);
        assertThat(since()).isEqualTo(offer);
        assertOpened("ORIGINAL ANYONE TCP 2001:db8:0:0:0:0:0:2:5001");
    }

    @Test
    void shouldExpectWithoutItsOtherHalfAndRewriteNothing() {
        irc = new ControlConnection(new IrcHelper(), null).translate(Direction.ORIGINAL, "198.51.100.1")
                .client(HELLO + SEND);
        assertThat(since()).isEqualTo(SEND);
        assertOpened(OPENED);
    }

    /** The server is inside, so nothing hides the client; people inside may have been allowed to go out to anybody. */
    @Test
    void shouldRewriteNothingOfAClientOutside() {
        irc = new ControlConnection(new IrcHelper(), new IrcNat()).between("192.0.2.9", "10.77.0.2")
                .translate(Direction.REPLY, "198.51.100.1").client(HELLO)
                .client("PRIVMSG bob :\u0001DCC SEND x 192.0.2.9 5001 7\u0001\r\n")
                .server(":bob!b@h " + SEND);
        assertThat(since()).contains("192.0.2.9 5001");
        assertThat(irc.atClient()).isEqualTo(":bob!b@h " + SEND);
        assertOpened("ORIGINAL ANYONE TCP 192.0.2.9:5001");
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
            "PRIVMSG bob :\u0001PING \u0001 DCC SEND x 172818434 5001",
            "PRIVMSG bob :\u0001ACTION says\u0001 look: \u0001DCC SEND x 172818434 5001\u0001",
            "NOTICE bob :\u0001PING 1\u0001\u0001DCC SEND x 172818434 5001\u0001",
            "NOTICE bob :\u0001PING DCC SEND x 172818434 5001\u0001", "NOTICE bob :DCC SEND x 172818434 5001",
            "PRIVMSG \u0001DCC SEND x 172818434 5001\u0001", "SQUERY bob :\u0001DCC SEND x 172818434 5001\u0001",
            "\u0001DCC SEND x 172818434 5001\u0001"})
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
            "DCC SEND \"x 172818434 5001", "DCC SEND x 99999999999999999999999999 5001", "DCC XMIT - - 5001 x",
            "DCC SEND a b 172818434 5001 7 x", "DCC SEND 1 2 172818434 5001 -", "DCC SEND\t x 172818434 5001",
            "DCC GET x 172818434 5001",
            "DCC SENDX x 172818434 5001",
            "DCC RESUME x 5001 100", "DCC SEND x fe80::1%1 5001"})
    void shouldLeaveAnOfferAloneThatItDoesNotUnderstand(String offer) {
        String line = "PRIVMSG bob :\u0001" + offer + "\u0001\r\n";
        irc.client(line);
        assertOpened();
        assertThat(since()).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"172818435 5001", "2130706433 5001", "172818434 22", "172818434 1023", "10.77.0.3 5001",
            "::1 5001"})
    void shouldOpenNeitherLowPortsNorThirdHosts(String endpoint) {
        String line = "PRIVMSG bob :\u0001DCC SEND x " + endpoint + " 7\u0001\r\n";
        irc.client(line);
        assertOpened();
        assertThat(since()).isEqualTo(line);
        assertThat(irc.events().keySet()).containsAnyOf("refused_port", "refused_address");
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

    @ParameterizedTest
    @ValueSource(strings = {"CAP LS 302\r\nPASS secret\r\nNICK n\r\nUSER u 0 * :u\r\nCAP END\r\n",
            "USER u 0 * :u\r\nNICK n\r\n", "\r\nnick n\nuser u 0 * :u\n",
            "CAP LS\r\nCAP REQ :sasl\r\nNICK n\r\nUSER u 0 * :u\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE bgBuAA==\r\n"
                    + "CAP END\r\n",
            "WEBIRC secret gw h 192.0.2.9\r\n:n NICK n\r\n:n USER u 0 * :u\r\n"})
    void shouldKnowEveryWayToRegister(String hello) {
        irc = fresh().client(hello + SEND);
        assertThat(irc.atServer()).isEqualTo(hello + SEND_SEEN);
        assertOpened(OPENED);
    }

    @Test
    void shouldNotTakeWordsThatSomebodySaysForARegistration() {
        irc = fresh().client("PASS x\r\nPRIVMSG bob :NICK n\r\nPRIVMSG bob :USER u 0 * :u\r\nNICKS n\r\n" + SEND);
        assertOpened();
        assertThat(irc.events()).containsEntry("too_early", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1\r\n\r\n", "\r\nPOST / HTTP/1.1\r\n", "\u0016\u0003\u0001\u0002\n",
            "x /a HTTP/1.1\n"})
    void shouldLeaveABrowserAloneThatWasSentHere(String begin) {
        irc = fresh().client(begin + HELLO + SEND);
        assertThat(irc.events()).containsEntry("not_irc", 1);
        assertOpened();
        assertThat(irc.isDetached()).isTrue();
    }

    @Test
    void shouldStopReadingWhenTlsBegins() {
        irc.client("STARTTLS\r\n").server(":irc.example 670 n :go\r\n").client(SEND);
        assertThat(irc.isDetached()).isTrue();
        assertOpened();
    }

    /** 4094 bytes of its own are all that a client may send; a bouncer may add as many. */
    @Test
    void shouldReadALineWithAllTheTagsThatTheyMayHave() {
        String longest = "PRIVMSG bob :\u0001DCC SEND %s 172818434 5001 7\u0001\r\n".formatted("x".repeat(469));
        String line = "@" + "t".repeat(8189) + " " + longest;
        assertThat(line).hasSize(8191 + 512);
        for (int cut = 0; cut <= line.length(); cut += 7) {
            irc = fresh().client(HELLO).client(line, cut);
            assertOpened(OPENED);
            assertThat(since()).isEqualTo(line.replace("172818434", "3325256705"));
        }
        irc = fresh().client(HELLO).client("@t" + line.substring(1) + SEND);
        assertThat(since().equals("@t" + line.substring(1) + SEND_SEEN)).as("one byte more").isTrue();
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
