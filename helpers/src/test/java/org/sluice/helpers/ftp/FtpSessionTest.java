package org.sluice.helpers.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.testkit.ControlConnection;

/** FTP control connections, with the client or the server behind the gateway. */
class FtpSessionTest {
    private static final String PORT = "PORT 10,77,0,2,19,137\r\n";
    private static final String PORT_SEEN = "PORT 198,51,100,1,19,137\r\n";
    private static final String TO_CLIENT = "ORIGINAL OTHER_SIDE TCP 10.77.0.2:5001 seen as 198.51.100.1:5001";
    private static final String TO_SERVER = "REPLY OTHER_SIDE TCP 198.51.100.2:5001 seen as 203.0.113.9:5001";

    private ControlConnection ftp;

    private static ControlConnection untranslated() {
        return new ControlConnection(new FtpHelper(), new FtpNat());
    }

    private static ControlConnection clientInside() {
        return untranslated().translate(Direction.ORIGINAL, "198.51.100.1");
    }

    private static ControlConnection serverInside() {
        return untranslated().translate(Direction.REPLY, "203.0.113.9");
    }

    private static ControlConnection introduced(ControlConnection c) {
        return c.server("220 ready\r\n").client("USER u\r\n").server("331 password\r\n");
    }

    @BeforeEach
    void begin() {
        ftp = introduced(clientInside());
    }

    private String sinceUser(ControlConnection c) {
        return c.atServer().substring("USER u\r\n".length());
    }

    private String sincePassword(ControlConnection c) {
        return c.atClient().substring("220 ready\r\n331 password\r\n".length());
    }

    private void assertOpened(ControlConnection c, String... expectations) {
        assertThat(c.expectations().stream().map(Object::toString)).containsExactly(expectations);
    }

    @Test
    void shouldExpectAndRewritePort() {
        ftp.client(PORT);
        assertThat(sinceUser(ftp)).isEqualTo(PORT_SEEN);
        assertOpened(ftp, TO_CLIENT);
        assertThat(ftp.expectations().getFirst().peer()).isEqualTo(Peer.OTHER_SIDE);
        assertThat(ftp.expectations().getFirst().transport()).isEqualTo(Transport.TCP);
    }

    @Test
    void shouldWriteTheTranslatedPort() {
        ftp.translate(Direction.ORIGINAL, "198.51.100.1", port -> 65535).client(PORT);
        assertThat(sinceUser(ftp)).isEqualTo("PORT 198,51,100,1,255,255\r\n");
    }

    @Test
    void shouldExpectAndRewriteEprtWithItsOwnDelimiter() {
        ftp.client("eprt |1|10.77.0.2|5001|\r\n").client("EPRT !1!10.77.0.2!5002!\r\n");
        assertThat(sinceUser(ftp)).isEqualTo("eprt |1|198.51.100.1|5001|\r\nEPRT !1!198.51.100.1!5002!\r\n");
        assertThat(ftp.expectations()).hasSize(2);
    }

    @Test
    void shouldExpectAndRewriteAPassiveReplyOfAServerInside() {
        ftp = introduced(serverInside()).client("PASV\r\n")
                .server("227 Entering Passive Mode (198,51,100,2,19,137).\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("227 Entering Passive Mode (203,0,113,9,19,137).\r\n");
        assertOpened(ftp, TO_SERVER);
    }

    @Test
    void shouldExpectAPassiveReplyOfAServerOutsideAndLeaveItAlone() {
        ftp.client("PASV\r\n").server("227 Entering Passive Mode (198,51,100,2,19,137).\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("227 Entering Passive Mode (198,51,100,2,19,137).\r\n");
        assertOpened(ftp, "REPLY OTHER_SIDE TCP 198.51.100.2:5001");
    }

    @Test
    void shouldExpectAndRewriteAnExtendedPassiveReply() {
        ftp = introduced(serverInside().translate(Direction.REPLY, "203.0.113.9", port -> 6001)).client("EPSV\r\n")
                .server("229 Extended Passive Mode OK (|||5001|)\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("229 Extended Passive Mode OK (|||6001|)\r\n");
        assertOpened(ftp, "REPLY OTHER_SIDE TCP 198.51.100.2:5001 seen as 203.0.113.9:6001");
    }

    @Test
    void shouldTakeAServersPublicAddressForItsOwn() {
        ftp = introduced(serverInside()).client("PASV\r\n").server("227 ok (203,0,113,9,19,137)\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("227 ok (203,0,113,9,19,137)\r\n");
        assertOpened(ftp, TO_SERVER);
    }

    @Test
    void shouldExpectButNotRewriteWithoutItsNatHalf() {
        ftp = introduced(new ControlConnection(new FtpHelper(), null)).client(PORT);
        assertThat(sinceUser(ftp)).isEqualTo(PORT);
        assertThat(ftp.expectations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"227 Entering Passive Mode. 198,51,100,2,19,137", "227 =198,51,100,2,19,137",
            "227 Take 2 of 3,4 (198,51,100,2,19,137)", "227-(198,51,100,2,19,137)\r\n227 End"})
    void shouldFindTheNumbersWhateverTheTextIs(String reply) {
        ftp.client("PASV\r\n").server(reply + "\r\n");
        assertOpened(ftp, "REPLY OTHER_SIDE TCP 198.51.100.2:5001");
    }

    @Test
    void shouldRewriteAnAddressInAnyLineOfAPassiveReply() {
        ftp = introduced(serverInside()).client("PASV\r\n");
        String reply = "227-Passive\r\n I am at 198,51,100,2,19,137\r\n227 (198,51,100,2,19,137)\r\n";
        for (int i = 0; i < reply.length(); i++) {
            ftp.server(reply.substring(i, i + 1));
        }
        assertThat(sincePassword(ftp)).isEqualTo(reply.replace("198,51,100,2", "203,0,113,9"));
    }

    @Test
    void shouldNotTakeALineWithinALongReplyForAnAnswer() {
        ftp.client("STAT\r\nPASV\r\n")
                .server("211-Status\r\n227 Entering Passive Mode (198,51,100,2,19,137)\r\n211 End\r\n");
        assertOpened(ftp);
        ftp.server("227 Entering Passive Mode (198,51,100,2,19,138)\r\n");
        assertOpened(ftp, "REPLY OTHER_SIDE TCP 198.51.100.2:5002");
    }

    @Test
    void shouldReadEveryCommandOfASegment() {
        ftp.client("TYPE I\r\n" + PORT + "RETR a\r\nPORT 10,77,0,2,19,138\r\nRETR b\r\n");
        assertThat(sinceUser(ftp))
                .isEqualTo("TYPE I\r\n" + PORT_SEEN + "RETR a\r\nPORT 198,51,100,1,19,138\r\nRETR b\r\n");
        assertThat(ftp.expectations()).hasSize(2);
    }

    @Test
    void shouldNotCareWhereTheClientIsCut() {
        String said = "USER u\r\nPASS p\r\n" + PORT + "LIST\r\n";
        for (int cut = 0; cut <= said.length(); cut++) {
            for (int second = cut; second <= said.length(); second++) {
                ftp = clientInside().server("220 ready\r\n").client(said, cut, second);
                assertThat(ftp.atServer()).as("cut at %d and %d", cut, second)
                        .isEqualTo("USER u\r\nPASS p\r\n" + PORT_SEEN + "LIST\r\n");
                assertOpened(ftp, TO_CLIENT);
            }
        }
    }

    @Test
    void shouldNotCareWhereTheServerIsCut() {
        String reply = "220-hello\r\n220 ready\r\n331 password\r\n";
        String passive = "200 fine\r\n227 Entering Passive Mode (198,51,100,2,19,137)\r\n226 done\r\n";
        for (int cut = 0; cut <= passive.length(); cut++) {
            ftp = serverInside().server(reply, Math.min(cut, reply.length()))
                    .client("USER u\r\nTYPE I\r\nPASV\r\n", cut % 23)
                    .server(passive, cut);
            assertThat(ftp.atClient()).as("cut at %d", cut)
                    .isEqualTo(reply + passive.replace("198,51,100,2", "203,0,113,9"));
            assertOpened(ftp, TO_SERVER);
        }
    }

    @Test
    void shouldHoldNoOtherCommand() {
        for (String beginning : new String[]{"R", "PA", "PO ", "EPR\r", "EPSV", "PORTS"}) {
            ftp = introduced(clientInside()).client(beginning);
            assertThat(ftp.held(Direction.ORIGINAL)).as(beginning).isEmpty();
        }
        ftp = introduced(clientInside()).client("PORT 10,77,0,");
        assertThat(ftp.held(Direction.ORIGINAL)).isEqualTo("PORT 10,77,0,");
    }

    @Test
    void shouldLeaveACommandAloneOfWhichTheBeginningWasPassed() {
        ftp.client("PORT 10,77").release(Direction.ORIGINAL).client(",0,2,19,137\r\n");
        assertThat(sinceUser(ftp)).isEqualTo(PORT);
        assertOpened(ftp);
        assertThat(ftp.events()).containsEntry("too_late", 1);
        ftp.client("PAS").release(Direction.ORIGINAL).client("V\r\n").server("227 (198,51,100,2,19,137)\r\n");
        assertThat(ftp.expectations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"227 Logout.", "227", "227 ", "227-", "227 (10,77,0,2,19)", "227 (198,51,100,2,19,256)",
            "227 (198,51,100,2,19,99999999999999999999)", "227 (198,51,100,,2,19,137)", "229 Extended (||5001|)",
            "227 (1,198,51,100,2,19,137)", "227 (198,51,100,2,19,137,1)", "227 (300,51,100,2,19,137)",
            "228 Entering Long Passive Mode (4,4,198,51,100,2,2,19,137)", "2270 (198,51,100,2,19,137)",
            "227x(198,51,100,2,19,137)"})
    void shouldLeaveAReplyAloneThatItDoesNotUnderstand(String reply) {
        ftp = introduced(serverInside()).client("PASV\r\n").server(reply + "\r\n");
        assertThat(sincePassword(ftp)).isEqualTo(reply + "\r\n");
        assertOpened(ftp);
    }

    /** The kernel's helper wants parentheses and writes its own delimiter. */
    @ParameterizedTest
    @ValueSource(strings = {"229 Extended Passive Mode OK (|||5001|)", "229 (!!!5001!)", "229 |||5001|",
            "229 at XXX5001X",
            "229 2 or |3 of (|||5001|)"})
    void shouldFindThePortWhateverTheTextIs(String reply) {
        ftp = introduced(serverInside().translate(Direction.REPLY, "203.0.113.9", port -> 61001)).client("EPSV\r\n")
                .server(reply + "\r\n");
        assertThat(sincePassword(ftp)).isEqualTo(reply.replace("5001", "61001") + "\r\n");
        assertOpened(ftp, "REPLY OTHER_SIDE TCP 198.51.100.2:5001 seen as 203.0.113.9:61001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"229 (|1|198.51.100.2|5001|)", "229 Extended (||5001|)", "229 (|||70000|)", "229 (|||-1|)",
            "229 (||||)", "229 |||",
            "229 (|||5001!)", "229 (5001)"})
    void shouldLeaveAnExtendedReplyAloneThatItDoesNotUnderstand(String reply) {
        ftp = introduced(serverInside().translate(Direction.REPLY, "203.0.113.9", port -> 6001)).client("EPSV\r\n")
                .server(reply + "\r\n");
        assertThat(sincePassword(ftp)).isEqualTo(reply + "\r\n");
        assertOpened(ftp);
        assertThat(ftp.events()).containsEntry("not_understood", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP", "EPSV", "LPSV", "PASV ignored\r\n"})
    void shouldBelieveAPassiveReplyOnlyAfterTheCommandItAnswers(String command) {
        ftp = introduced(serverInside()).client(command + "\r\n").server("227 (198,51,100,2,19,137)\r\n");
        boolean asked = command.startsWith("PASV");
        assertThat(ftp.expectations()).hasSize(asked ? 1 : 0);
        assertThat(sincePassword(ftp))
                .isEqualTo(asked ? "227 (203,0,113,9,19,137)\r\n" : "227 (198,51,100,2,19,137)\r\n");
    }

    /** The kernel's helper swallows it, and the session hangs at its end. */
    @Test
    void shouldPassALogoutThatCallsItself227() {
        ftp = introduced(serverInside()).client("PASV\r\n").server("227 ok (198,51,100,2,19,137)\r\n")
                .client("QUIT\r\n").server("227 Logout.\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("227 ok (203,0,113,9,19,137)\r\n227 Logout.\r\n");
        assertThat(ftp.held(Direction.REPLY)).isEmpty();
    }

    @Test
    void shouldRewriteEachOfSeveralRepliesInASegment() {
        ftp = introduced(serverInside()).client("TYPE I\r\nPASV\r\nPASV\r\n").server("200 Type is I\r\n"
                + "227 ok (198,51,100,2,19,137)\r\n227 ok (198,51,100,2,19,138)\r\n150 here\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("200 Type is I\r\n"
                + "227 ok (203,0,113,9,19,137)\r\n227 ok (203,0,113,9,19,138)\r\n150 here\r\n");
        assertThat(ftp.expectations()).hasSize(2);
    }

    @Test
    void shouldRewriteAPortInAnyLineOfAnExtendedReply() {
        ftp = introduced(serverInside().translate(Direction.REPLY, "203.0.113.9", port -> 6001)).client("EPSV 1\r\n")
                .server("229-(|||5001|)\r\n and so on\r\n229 Here (|||5001|)\r\n");
        assertThat(sincePassword(ftp)).isEqualTo("229-(|||6001|)\r\n and so on\r\n229 Here (|||6001|)\r\n");
        assertThat(ftp.events()).doesNotContainKey("not_understood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT  10,77,0,2,19,137", "PORT 10,77,0,2,19,137 ", "PORT\t10,77,0,2,19,137\t",
            " PORT 10,77,0,2,19,137", "pOrT 10,77,0,2,19,137", "PORT 10, 77, 0, 2, 19, 137",
            "PORT 10 ,77 ,0 ,2 ,19 ,137", "EPRT  |1|10.77.0.2|5001| ", "eprt\t!1!10.77.0.2!5001!"})
    void shouldNotMindOddBlanks(String command) {
        for (String end : new String[]{"\r\n", "\n"}) {
            ftp = introduced(clientInside()).client(command + end);
            assertThat(sinceUser(ftp)).endsWith(end).contains("198").doesNotContain("10,77").doesNotContain("10.77");
            assertOpened(ftp, TO_CLIENT);
        }
    }

    /** What the kernel's helper leaks: a command that is not the first of its segment, and the second of two. */
    @Test
    void shouldRewriteAPortBehindAnotherCommandAndASecondOne() {
        ftp.client("NOOP\r\n" + PORT + "NOOP\r\nPORT 10,77,0,2,19,138\r\n");
        assertThat(sinceUser(ftp)).isEqualTo("NOOP\r\n" + PORT_SEEN + "NOOP\r\nPORT 198,51,100,1,19,138\r\n");
        assertThat(ftp.expectations()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPSV ALL", "epsv all", "EPSV  ALL "})
    void shouldOpenOnlyWhatEpsvAnnouncesAfterEpsvAll(String all) {
        ftp.client(all + "\r\n").server("200 ok\r\n").client(PORT + "EPRT |1|10.77.0.2|5001|\r\nPASV\r\n")
                .server("501 no\r\n501 no\r\n227 (198,51,100,2,19,137)\r\n");
        assertOpened(ftp);
        assertThat(sinceUser(ftp)).contains(PORT).contains("|10.77.0.2|5001|");
        assertThat(ftp.events()).containsEntry("after_epsv_all", 3);
        ftp.client("EPSV\r\n").server("229 ok (|||5001|)\r\n");
        assertOpened(ftp, "REPLY OTHER_SIDE TCP 198.51.100.2:5001");
    }

    @Test
    void shouldGoOnOpeningWhenTheServerDoesNotKnowEpsvAll() {
        ftp.server("230 in\r\n").client("TYPE I\r\nEPSV ALL\r\n" + PORT).server("200 ok\r\n500 what?\r\n");
        assertThat(ftp.events()).as("not known yet").containsEntry("after_epsv_all", 1);
        ftp.client(PORT);
        assertOpened(ftp, TO_CLIENT);
    }

    @Test
    void shouldFollowExtendedCommandsOverIpv6() {
        ftp = introduced(untranslated().between("fd77::2", "2001:db8::2")).client("EPRT |2|fd77::2|5001|\r\n")
                .client("EPSV 2\r\n").server("229 ok (|||5002|)\r\n");
        assertThat(sinceUser(ftp)).isEqualTo("EPRT |2|fd77::2|5001|\r\nEPSV 2\r\n");
        assertOpened(ftp, "ORIGINAL OTHER_SIDE TCP fd77:0:0:0:0:0:0:2:5001",
                "REPLY OTHER_SIDE TCP 2001:db8:0:0:0:0:0:2:5002");
    }

    @Test
    void shouldWriteIpv6AddressesWithTheirOwnDelimiter() {
        ftp = introduced(untranslated().between("fd77::2", "2001:db8::2")
                .translate(Direction.ORIGINAL, "2001:db8:1::9", port -> 6001))
                .client("EPRT !2!fd77:0:0::2!5001!\r\n");
        assertThat(sinceUser(ftp)).isEqualTo("EPRT !2!2001:db8:1:0:0:0:0:9!6001!\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPRT |2|fd77::3|5001|", "EPRT |1|fd77::2|5001|", "EPRT |2|::ffff:10.77.0.2|5001|",
            "EPRT |2|fd77::2%1|5001|", "EPRT |3|fd77::2|5001|", "EPRT |2|fd77::2|22|", "PORT 10,77,0,2,19,137"})
    void shouldLeaveOtherThingsAloneOverIpv6(String command) {
        ftp = introduced(untranslated().between("fd77::2", "2001:db8::2")).client(command + "\r\n");
        assertThat(sinceUser(ftp)).isEqualTo(command + "\r\n");
        assertOpened(ftp);
    }

    @Test
    void shouldOpenAPassivePortToAnyHostWhenThirdPartiesAreAllowed() {
        ftp = introduced(new ControlConnection(new FtpHelper(), new FtpNat(), Map.of("third_party", "allow"))
                .translate(Direction.REPLY, "203.0.113.9")).client("PASV\r\n")
                .server("227 (198,51,100,2,19,137)\r\n").client("PORT 192,0,2,9,19,137\r\n").client(PORT);
        assertOpened(ftp, "REPLY ANYONE TCP 198.51.100.2:5001 seen as 203.0.113.9:5001",
                "ORIGINAL OTHER_SIDE TCP 10.77.0.2:5001");
        assertThat(sinceUser(ftp)).as("the other server's address").contains("PORT 192,0,2,9,19,137\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT 10,77,0,2,19", "PORT 10,77,0,2,19,256", "PORT 10,77,0,256,19,1",
            "PORT 10,77,0,2,19,137,1",
            "PORT 10,77,0,2,-1,137", "PORT", "PORT ", "PORT10,77,0,2,19,137", "PORT x", "EPRT |1|10.77.0.2|65536|",
            "EPRT |2|10.77.0.2|5001|", "EPRT |1|::1|5001|", "EPRT |1|localhost|5001|", "EPRT |1|10.77.0.2|5001",
            "EPRT |1||5001|",
            "EPRT 11110.77.0.215001", "EPRT ||||", "EPRT |1|167903234|5001|", "EPRT |1|10.77.0.2%1|5001|",
            "XPORT 10,77,0,2,19,137", "PORTABLE yes", "LPRT 4,4,10,77,0,2,2,19,137", "PORT 10,77,0,2,70000,137",
            "EPRT |1|10.77.0.300|5001|", "PORT 300,77,0,2,19,137"})
    void shouldLeaveACommandAloneThatItDoesNotUnderstand(String command) {
        ftp.client(command + "\r\n");
        assertThat(sinceUser(ftp)).isEqualTo(command + "\r\n");
        assertOpened(ftp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT 10,77,0,2,3,255", "PORT 10,77,0,2,0,0", "PORT 10,77,0,3,19,137",
            "PORT 127,0,0,1,19,137",
            "EPRT |1|10.77.0.2|1023|", "EPRT |1|198.51.100.2|5001|"})
    void shouldOpenNeitherLowPortsNorThirdHosts(String command) {
        ftp.client(command + "\r\n");
        assertThat(sinceUser(ftp)).isEqualTo(command + "\r\n");
        assertOpened(ftp);
        assertThat(ftp.events().keySet()).containsAnyOf("refused_port", "refused_address");
    }

    @Test
    void shouldBelieveNothingBeforeBothSidesHaveIntroducedThemselves() {
        ftp = clientInside().client("USER u\r\n" + PORT);
        assertOpened(ftp);
        ftp = clientInside().server("220 ready\r\n").client(PORT);
        assertOpened(ftp);
        assertThat(ftp.events()).containsEntry("too_early", 1);
    }

    /** ALPACA and NAT slipstreaming: a TLS greeting or a STUN request in which somebody else has chosen some of the bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0016\u0003\u0001\u0002\u0000\u0001", "\u0000\u0003\u0000P!\u0012\u00a4B",
            "USER\u0000"})
    void shouldLeaveAConnectionAloneThatDoesNotBeginAsText(String beginning) {
        ftp = clientInside().server("220 ready\r\n").client(beginning + "\nUSER u\n" + PORT);
        assertOpened(ftp);
        assertThat(ftp.isDetached()).isTrue();
        assertThat(ftp.atServer()).endsWith(PORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1", "GET /x", "USER / HTTP/1.1"})
    void shouldLeaveABrowserAloneThatWasSentHere(String request) {
        ftp = clientInside().server("220 ready\r\n").client(request + "\r\nHost: x\r\n\r\nUSER u\r\n" + PORT);
        assertOpened(ftp);
        assertThat(ftp.isDetached()).isTrue();
        assertThat(ftp.atServer()).endsWith(PORT);
    }

    @Test
    void shouldReadBehindTelnetCommands() {
        String synch = "\u00ff\u00f4\u00ff\u00f2";
        for (int cut = 0; cut <= synch.length(); cut++) {
            ftp = introduced(clientInside()).client(synch + PORT, cut);
            assertThat(sinceUser(ftp)).isEqualTo(synch + PORT_SEEN);
        }
        ftp.client("\u00f2ABOR\r\n\u00ff\u00fb\u0001PORT 10,77,0,2,19,138\r\n");
        assertThat(ftp.expectations()).hasSize(2);
    }

    @Test
    void shouldKeepOnlyTheLastOfManyExpectations() {
        for (int port = 0; port < 1000; port++) {
            ftp.client("PORT 10,77,0,2," + (20 + port / 256) + "," + port % 256 + "\r\n");
        }
        assertThat(ftp.expectations()).hasSize(new FtpHelper().spec().maxExpectations());
    }

    @Test
    void shouldReadAGreetingThatIsTooLongForALine() {
        ftp = clientInside().server("220 " + "x".repeat(5000) + "\r\n", 1000, 1500, 4000).client("USER u\r\n" + PORT);
        assertOpened(ftp, TO_CLIENT);
    }

    @Test
    void shouldPassLinesWithoutEndNulsAndLoneCarriageReturns() {
        String said = "PORT 10,77,0,2,19,137\r" + "PORT \0\0\0\r" + "x".repeat(3000);
        ftp.client(said);
        assertThat(sinceUser(ftp)).isEqualTo(said);
        ftp.client("\n" + PORT);
        assertOpened(ftp, TO_CLIENT);
    }

    @Test
    void shouldReadLinesThatEndWithLineFeedOnly() {
        ftp.client("PORT 10,77,0,2,19,137\n");
        assertThat(sinceUser(ftp)).isEqualTo("PORT 198,51,100,1,19,137\n");
    }
}
