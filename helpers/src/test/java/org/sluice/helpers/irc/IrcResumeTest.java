package org.sluice.helpers.irc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

/**
 * Files that are sent from where they broke off, and offers with which the receiver listens. The client inside is seen under
 * 198.51.100.1 (3325256705), and its port 5001 as 16001.
 */
class IrcResumeTest {
    private static final String HELLO = "NICK n\r\nUSER u 0 * :u\r\n";
    private static final String SEND = dcc("SEND a.txt 172818434 5001 99");
    private static final String FROM_BOB = ":bob!b@h ";
    private static final String RESUME = FROM_BOB + dcc("RESUME a.txt 16001 50");
    private static final String RESUME_REAL = FROM_BOB + dcc("RESUME a.txt 5001 50");
    private static final String ACCEPT = dcc("ACCEPT a.txt 5001 50");
    private static final String ACCEPT_SEEN = dcc("ACCEPT a.txt 16001 50");

    private ControlConnection irc = fresh();

    private static String dcc(String message) {
        return "PRIVMSG n :\u0001DCC " + message + "\u0001\r\n";
    }

    private static ControlConnection fresh() {
        return new ControlConnection(new IrcHelper(), new IrcNat())
                .translate(Direction.ORIGINAL, "198.51.100.1", port -> port + 11000).client(HELLO);
    }

    private void offer() {
        irc.client(SEND);
        assertThat(irc.expectations()).hasSize(1);
    }

    /** @return what the server has received since. */
    private String atServer(int before) {
        return irc.atServer().substring(before);
    }

    private int sent() {
        return irc.atServer().length();
    }

    @Test
    void shouldMapThePortBackForASenderAndForthForTheReceiver() {
        offer();
        int before = sent();
        irc.server(RESUME).client(ACCEPT);
        assertThat(irc.atClient()).isEqualTo(RESUME_REAL);
        assertThat(atServer(before)).isEqualTo(ACCEPT_SEEN);
        assertThat(irc.expectations()).as("nothing more is opened").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"RESUME \"a b.txt\" 16001 50; RESUME \"a b.txt\" 5001 50",
            "resume file.ext 16001 0; resume file.ext 5001 0", "Resume a.txt 16001; Resume a.txt 5001",
            "RESUME  a.txt  16001  50 7; RESUME  a.txt  5001  50 7"})
    void shouldKnowEveryFormOfAResume(String told, String real) {
        offer();
        irc.server("@time=x;id=1 " + FROM_BOB + dcc(told).replace("PRIVMSG", "notice"));
        assertThat(irc.atClient()).isEqualTo("@time=x;id=1 " + FROM_BOB + dcc(real).replace("PRIVMSG", "notice"));
    }

    @Test
    void shouldKnowSeveralInALineAndEachOffersOwnPort() {
        irc.client(dcc("SEND a 172818434 5001 9") + dcc("SEND b 172818434 5002 9"));
        irc.server(FROM_BOB + "PRIVMSG n :\u0001DCC RESUME b 16002 4\u0001\u0001DCC RESUME a 16001 5\u0001\r\n");
        assertThat(irc.atClient()).isEqualTo(
                FROM_BOB + "PRIVMSG n :\u0001DCC RESUME b 5002 4\u0001\u0001DCC RESUME a 5001 5\u0001\r\n");
    }

    @Test
    void shouldNotCareWhereTheyAreCut() {
        for (int cut = 0; cut <= RESUME.length(); cut++) {
            for (int second = cut; second <= RESUME.length(); second++) {
                irc = fresh();
                offer();
                int before = sent();
                irc.server("PING x\r\n" + RESUME, 8 + cut, 8 + second);
                irc.client(ACCEPT, Math.min(cut, ACCEPT.length()), Math.min(second, ACCEPT.length()));
                assertThat(irc.atClient()).as("cut at %d and %d", cut, second).isEqualTo("PING x\r\n" + RESUME_REAL);
                assertThat(atServer(before)).as("cut at %d and %d", cut, second).isEqualTo(ACCEPT_SEEN);
            }
        }
    }

    /** The client inside is the one who receives: both name the port of the sender outside. */
    @Test
    void shouldLeaveTheReceiversSideAlone() {
        offer();
        int before = sent();
        String resume = dcc("RESUME b.txt 5001 50");
        String accept = FROM_BOB + dcc("ACCEPT b.txt 16001 50");
        irc.client(resume).server(accept);
        assertThat(atServer(before)).isEqualTo(resume);
        assertThat(irc.atClient()).isEqualTo(accept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESUME a.txt 16002 50", "RESUME a.txt 5001 50", "RESUME a.txt 0 50 7", "RESUME a.txt",
            "RESUME a.txt 16001x 50", "RESUME \"a.txt 16001 50", "RESUME a.txt 65537 50", "RESUME", "RESUME ",
            "RESUMES a.txt 16001 50", "SEND a.txt 16001 16001 16001", "REJECT SEND a.txt"})
    void shouldLeaveOtherWordsOfTheServerAlone(String message) {
        offer();
        irc.server(FROM_BOB + dcc(message));
        assertThat(irc.atClient()).isEqualTo(FROM_BOB + dcc(message));
    }

    @Test
    void shouldLeaveAnAcceptAloneThatNobodyExpects() {
        int before = sent();
        irc.server(RESUME).client(ACCEPT + dcc("ACCEPT a.txt 0 50 7"));
        assertThat(irc.atClient()).isEqualTo(RESUME);
        assertThat(atServer(before)).isEqualTo(ACCEPT + dcc("ACCEPT a.txt 0 50 7"));
    }

    @Test
    void shouldHoldWordsOfTheServerOnlyWhenAnOfferIsOutAndNotForLong() {
        String begin = FROM_BOB + "PRIVMSG n :\u0001DCC RES";
        irc.server(begin);
        assertThat(irc.atClient()).as("nothing has been offered").isEqualTo(begin);

        irc = fresh();
        offer();
        irc.server(FROM_BOB + "PRIVMSG n :hello");
        assertThat(irc.held(Direction.REPLY)).as("what people say").isEmpty();

        irc.server("\r\n" + begin).release(Direction.REPLY);
        assertThat(irc.atClient()).isEqualTo(FROM_BOB + "PRIVMSG n :hello\r\n" + begin);
        irc.server("UME a.txt 16001 50\u0001\r\n");
        assertThat(irc.events()).containsEntry("too_late", 1);
    }

    @Test
    void shouldOnlyPassThePortsOnWithoutTheOtherHalf() {
        irc = new ControlConnection(new IrcHelper(), null)
                .translate(Direction.ORIGINAL, "198.51.100.1", port -> port + 11000).client(HELLO);
        offer();
        int before = sent();
        irc.server(RESUME).client(ACCEPT);
        assertThat(irc.atClient()).isEqualTo(RESUME);
        assertThat(atServer(before)).isEqualTo(ACCEPT);
    }

    @Test
    void shouldMapBackOverIpv6() {
        irc = new ControlConnection(new IrcHelper(), new IrcNat()).between("2001:db8::2", "2001:db8:1::2")
                .translate(Direction.ORIGINAL, "2001:db8:1::1", port -> port + 11000).client(HELLO);
        irc.client(dcc("SEND a.txt 2001:db8::2 5001 99"));
        int before = sent();
        irc.server(RESUME).client(ACCEPT);
        assertThat(irc.atClient()).isEqualTo(RESUME_REAL);
        assertThat(atServer(before)).isEqualTo(ACCEPT_SEEN);
    }

    @Test
    void shouldHideTheAddressOfAReverseOfferAndOpenNothing() {
        int before = sent();
        irc.client(dcc("SEND a.txt 172818434 0 99 7") + dcc("CHAT chat 10.77.0.2 0 8"));
        assertThat(atServer(before))
                .isEqualTo(dcc("SEND a.txt 3325256705 0 99 7") + dcc("CHAT chat 198.51.100.1 0 8"));
        assertThat(irc.expectations()).isEmpty();
        assertThat(irc.events()).containsEntry("reverse", 2);

        String answer = FROM_BOB + dcc("SEND a.txt 3325256706 6000 99 7");
        irc.server(answer);
        assertThat(irc.atClient()).as("the client connects out").isEqualTo(answer);
        assertThat(irc.expectations()).isEmpty();
    }

    @Test
    void shouldLeaveAReverseOfferAloneThatNamesNobodyOrAnother() {
        String said = dcc("SEND a.txt 16843009 0 99 7") + dcc("SEND a.txt 172818435 0 99 7")
                + dcc("SEND a.txt 3325256705 0 99 7");
        int before = sent();
        irc.client(said);
        assertThat(atServer(before)).isEqualTo(said);
        assertThat(irc.expectations()).isEmpty();
    }

    @Test
    void shouldExpectTheAnswerToAReverseOfferFromOutside() {
        irc.server(FROM_BOB + dcc("SEND a.txt 3325256706 0 99 7"));
        int before = sent();
        irc.client(dcc("RESUME a.txt 0 50 7")).server(FROM_BOB + dcc("ACCEPT a.txt 0 50 7"));
        irc.client(dcc("SEND a.txt 172818434 5001 99 7"));
        assertThat(atServer(before)).isEqualTo(dcc("RESUME a.txt 0 50 7") + dcc("SEND a.txt 3325256705 16001 99 7"));
        assertThat(irc.expectations().stream().map(Object::toString))
                .containsExactly("ORIGINAL ANYONE TCP 10.77.0.2:5001 seen as 198.51.100.1:16001");
    }
}
