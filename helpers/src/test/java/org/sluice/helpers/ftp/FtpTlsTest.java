package org.sluice.helpers.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

/** AUTH TLS, and CCC after it (RFC 4217). Records are made up: nobody reads more of them than their headers. */
class FtpTlsTest {
    private static final String PORT = "PORT 10,77,0,2,19,137\r\n";
    private static final String PORT_SEEN = "PORT 198,51,100,1,19,137\r\n";
    private static final String HANDSHAKE = record(22, 300);
    private static final String DATA = record(23, 40);
    private static final String ALERT = record(21, 26);
    private static final String ALERT_OF_TLS_1_3 = record(23, 19);

    private ControlConnection ftp = started();

    private static ControlConnection connected() {
        return new ControlConnection(new FtpHelper(), new FtpNat()).translate(Direction.ORIGINAL, "198.51.100.1")
                .server("220 ready\r\n");
    }

    private static ControlConnection started() {
        return connected().client("AUTH TLS\r\n").server("234 go\r\n").client(HANDSHAKE).server(HANDSHAKE)
                .client(DATA).server(DATA);
    }

    /** A record whose body holds what must not be read. */
    private static String record(int type, int length) {
        String body = "\r\n" + PORT + "227 (198,51,100,2,19,137)\r\n" + "x".repeat(length);
        return (char) type + "\u0003\u0003" + (char) (length >> 8) + (char) (length & 0xFF)
                + body.substring(0, length);
    }

    private void assertRewritten(boolean yes) {
        assertThat(ftp.atServer()).endsWith(yes ? PORT_SEEN : PORT);
        assertThat(ftp.expectations()).hasSize(yes ? 1 : 0);
    }

    @Test
    void shouldReadNothingUnderTls() {
        ftp.client(record(23, 16_400)).server(record(23, 16_400)).client(ALERT).server(ALERT);
        assertThat(ftp.expectations()).isEmpty();
        assertThat(ftp.held(Direction.ORIGINAL)).isEmpty();
        assertThat(ftp.atServer()).endsWith(record(23, 16_400) + ALERT);
        assertThat(ftp.events()).containsOnlyKeys("tls");
    }

    @Test
    void shouldReadAgainWhenBothSidesHaveEndedTls() {
        ftp.client(DATA + ALERT).server(DATA + ALERT).client(PORT);
        assertRewritten(true);
        ftp.client("PASV\r\n").server("227 (198,51,100,2,19,137)\r\n");
        assertThat(ftp.expectations()).hasSize(2);
    }

    @Test
    void shouldKnowTheAlertOfTls13ByItsLength() {
        ftp.client(DATA + ALERT_OF_TLS_1_3).server(DATA + ALERT_OF_TLS_1_3).client(PORT);
        assertRewritten(true);
    }

    /** Some clients let the server end TLS and don't end it themselves. */
    @Test
    void shouldReadAgainWhenOnlyTheServerHasSentAnAlert() {
        ftp.client(DATA).server(DATA + ALERT).client(PORT);
        assertRewritten(true);
    }

    @Test
    void shouldReadAgainFromTheServersFirstPlainReplyOnWhenItSendsNoAlert() {
        ftp.client(DATA + ALERT).server(DATA).client(PORT);
        assertRewritten(false);
        ftp.server("200 ok\r\n").client(PORT);
        assertRewritten(true);
    }

    @Test
    void shouldNotReadAgainAsLongAsTheClientIsNotPlain() {
        ftp.server(DATA + ALERT + "227 (198,51,100,2,19,137)\r\n").client(DATA);
        assertThat(ftp.expectations()).isEmpty();
    }

    @Test
    void shouldNotCareWhereRecordsAreCut() {
        String client = HANDSHAKE + DATA + ALERT + PORT + "RETR a\r\n";
        for (int cut = 0; cut <= client.length(); cut++) {
            ftp = connected().client("AUTH TLS\r\n").server("234 go\r\n").server(HANDSHAKE + DATA + ALERT, cut % 380);
            ftp.client(client, cut, Math.min(client.length(), cut + 7));
            assertThat(ftp.atServer()).as("cut at %d", cut)
                    .isEqualTo("AUTH TLS\r\n" + client.substring(0, 5 + 300 + 5 + 40 + 5 + 26) + PORT_SEEN
                            + "RETR a\r\n");
        }
    }

    @Test
    void shouldHoldAPlainCommandUntilItIsWhole() {
        ftp.client(ALERT).server(ALERT).client("PORT 10,77,");
        assertThat(ftp.held(Direction.ORIGINAL)).isEqualTo("PORT 10,77,");
        ftp.client("0,2,19,137\r\n");
        assertRewritten(true);
    }

    @Test
    void shouldFollowASecondTls() {
        ftp.client(ALERT).server(ALERT).client("AUTH TLS\r\n").server("200 clear\r\n234 go\r\n").client(HANDSHAKE)
                .server(HANDSHAKE).client(record(23, 200));
        assertThat(ftp.expectations()).isEmpty();
        assertThat(ftp.events()).containsEntry("tls", 2);
        ftp.client(ALERT).server(ALERT).client(PORT);
        assertRewritten(true);
    }

    /** Nothing may be made of these but that the connection goes on. */
    @ParameterizedTest
    @ValueSource(strings = {PORT, "USER u\r\n" + PORT, "\u0080.\u0001" + PORT,
            "\u0016\u0002\u0000\u0000\u0001x" + PORT,
            "\u0016\u0003\u0001\u00ff\u00ff" + PORT})
    void shouldLeaveAClientAloneThatDoesNotBeginTls(String said) {
        ftp = connected().client("AUTH TLS\r\n").server("234 go\r\n").client(said).server(ALERT + "200 ok\r\n")
                .client(PORT);
        assertThat(ftp.isDetached()).isTrue();
        assertThat(ftp.events()).containsEntry("not_tls", 1);
        assertRewritten(false);
    }

    @Test
    void shouldLeaveAClientAloneThatIsNotPlainBehindTls() {
        ftp.client(ALERT).server(ALERT).client("\u0000\u0001\n" + PORT);
        assertThat(ftp.isDetached()).isTrue();
        assertRewritten(false);
    }

    @Test
    void shouldShowNothingMoreOfASegmentBehindTheBeginningOfTls() {
        ftp = connected().client("AUTH TLS\r\nPASV\r\n").server("234 go\r\n227 (198,51,100,2,19,137)\r\n");
        assertThat(ftp.expectations()).isEmpty();
        assertThat(ftp.atClient()).endsWith("227 (198,51,100,2,19,137)\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"530 no", "504 TLS is unknown", "431 not now", "502-no\r\n502 really"})
    void shouldGoOnReadingWhenTlsIsRefused(String refusal) {
        ftp = connected().client("AUTH TLS\r\n").server(refusal + "\r\n").client(PORT);
        assertRewritten(false);
        ftp.client("USER u\r\n" + PORT);
        assertRewritten(true);
    }

    @Test
    void shouldNotTakeA234ForTheBeginningOfTlsThatNobodyAskedFor() {
        ftp = connected().client("USER u\r\n").server("234 go\r\n").client(PORT);
        assertRewritten(true);
    }
}
