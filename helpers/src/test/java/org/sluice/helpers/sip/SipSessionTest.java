package org.sluice.helpers.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.testkit.ControlConnection;

class SipSessionTest {
    private static final String SDP = """
            v=0\r
            o=a 1 1 IN IP4 10.77.0.2\r
            s=-\r
            c=IN IP4 10.77.0.2\r
            t=0 0\r
            m=audio 6000 RTP/AVP 0\r
            m=video 6002 RTP/AVP 31\r
            """;
    private static final String INVITE = """
            INVITE sip:bob@198.51.100.2 SIP/2.0\r
            Via: SIP/2.0/UDP 10.77.0.2:40000;branch=z9hG4bK1;rport\r
            From: <sip:a@10.77.0.2:40000>;tag=1\r
            To: <sip:bob@198.51.100.2>\r
            Call-ID: 1@10.77.0.2\r
            CSeq: 1 INVITE\r
            Contact: <sip:a@10.77.0.2:40000>\r
            Content-Type: application/sdp\r
            Content-Length: %d\r
            \r
            """.formatted(SDP.length()) + SDP;

    private final ControlConnection c = new ControlConnection(new SipHelper(), new SipNat())
            .translate(Direction.ORIGINAL, "198.51.100.1", port -> port + 100);

    @Test
    void shouldShowTheOutsideAddressInAnInvitation() {
        c.client(INVITE);

        String said = c.atServer();
        assertThat(said.replace("Call-ID: 1@10.77.0.2", "")).doesNotContain("10.77.0.2");
        assertThat(said).contains("Via: SIP/2.0/UDP 198.51.100.1:40100;branch", "Contact: <sip:a@198.51.100.1:40100>",
                "c=IN IP4 198.51.100.1\r\n", "m=audio 6100 ", "m=video 6102 ");
        assertThat(said).contains("Content-Length: " + (said.length() - said.indexOf("\r\n\r\n") - 4) + "\r\n");
    }

    @Test
    void shouldExpectRtpAndRtcpOfEveryMediumUntilTheCallEnds() {
        c.client(INVITE);
        assertThat(c.expectations()).extracting(e -> e.to().port()).containsExactly(6000, 6001, 6002, 6003);

        c.server("BYE sip:a@198.51.100.1:40100 SIP/2.0\r\nCall-ID: 1@10.77.0.2\r\n\r\n");
        assertThat(c.expectations()).isEmpty();
        assertThat(c.atClient()).startsWith("BYE sip:a@10.77.0.2:40000 SIP/2.0\r\n");
    }

    @Test
    void shouldGiveTheCallerItsOwnViaBack() {
        c.server("SIP/2.0 200 OK\r\nv: SIP/2.0/UDP\r\n 198.51.100.1:40100;received=198.51.100.1;rport=40100\r\n\r\n");

        assertThat(c.atClient()).isEqualTo(
                "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP\r\n 10.77.0.2:40000;received=10.77.0.2;rport=40000\r\n\r\n");
    }

    @Test
    void shouldOpenNothingForAnotherHost() {
        c.client(INVITE.replace("c=IN IP4 10.77.0.2", "c=IN IP4 10.77.0.9"));

        assertThat(c.expectations()).isEmpty();
        assertThat(c.atServer()).contains("c=IN IP4 10.77.0.9\r\n", "m=audio 6000 ");
    }

    @Test
    void shouldPassWhatIsCutOrGarbageUnchanged() {
        int headers = INVITE.indexOf("\r\n\r\n") + 3;
        StringBuilder said = new StringBuilder();
        for (int length = 1; length <= headers; length += 7) {
            c.client(INVITE.substring(0, length));
            said.append(INVITE, 0, length);
        }
        c.client("\0\0\0\0");
        assertThat(c.atServer()).isEqualTo(said + "\0\0\0\0");
        assertThat(c.expectations()).isEmpty();
    }

    @Test
    void shouldLeaveIpv6AndNamesAlone() {
        String text = "OPTIONS sip:[2001:db8::10.77.0.2] SIP/2.0\r\nVia : SIP/2.0/UDP a10.77.0.2.example:40000\r\n\r\n";
        c.client(text);
        assertThat(c.atServer()).isEqualTo(text);
    }

    @Test
    void shouldExpectAnotherPortOnlyWhereItIsCalledBack() {
        c.client("REGISTER sip:198.51.100.2 SIP/2.0\r\nFrom: <sip:a@10.77.0.2:7001>\r\nRoute: <sip:10.77.0.2:7002>\r\n"
                + "Contact: <sip:a@10.77.0.2:7003>\r\n\r\n");

        assertThat(c.expectations()).extracting(e -> e.to().port()).containsExactly(7003);
        assertThat(c.atServer()).contains("From: <sip:a@198.51.100.1:7001>", "Route: <sip:198.51.100.1:7002>",
                "Contact: <sip:a@198.51.100.1:7103>");
    }
}
