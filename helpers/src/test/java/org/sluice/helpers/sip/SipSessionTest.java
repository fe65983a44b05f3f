package org.sluice.helpers.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.testkit.Announced;
import org.sluice.helpers.testkit.ControlConnection;

/** A phone 10.77.0.2 behind the gateway (198.51.100.1, ports moved by 100) and a SIP server 198.51.100.2. */
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
    private static final String INVITE = invite(SDP);

    private final ControlConnection c = new ControlConnection(new SipHelper(), new SipNat())
            .translate(Direction.ORIGINAL, "198.51.100.1", port -> port + 100);

    private static String invite(String sdp) {
        return """
                INVITE sip:bob@198.51.100.2 SIP/2.0\r
                Via: SIP/2.0/UDP 10.77.0.2:40000;branch=z9hG4bK1;rport\r
                From: <sip:a@10.77.0.2:40000>;tag=1\r
                To: <sip:bob@198.51.100.2>\r
                Call-ID: 1\r
                CSeq: 1 INVITE\r
                Contact: <sip:a@10.77.0.2:40000>\r
                Content-Type: application/sdp\r
                Content-Length: %d\r
                \r
                """.formatted(sdp.length()) + sdp;
    }

    private static String answer(String status, String method, String sdp) {
        return """
                SIP/2.0 %s\r
                Via: SIP/2.0/UDP 198.51.100.1:40100;branch=z9hG4bK1;received=198.51.100.1;rport=40100\r
                From: <sip:a@198.51.100.1:40100>;tag=1\r
                Call-ID: 1\r
                CSeq: 1 %s\r
                Content-Type: application/sdp\r
                Content-Length: %d\r
                \r
                """.formatted(status, method, sdp.length()) + sdp;
    }

    private static String sdp(String address, String media) {
        return "v=0\r\no=b 1 1 IN IP4 %1$s\r\ns=-\r\nc=IN IP4 %1$s\r\nt=0 0\r\n%2$s\r\n".formatted(address, media);
    }

    private List<Integer> ports() {
        return c.expectations().stream().map(e -> e.to().port()).toList();
    }

    private List<Integer> portsInside() {
        return c.expectations().stream().filter(e -> e.listener() == Direction.ORIGINAL).map(e -> e.to().port())
                .toList();
    }

    private Peer peerOf(int port) {
        return c.expectations().stream().filter(e -> e.to().port() == port).map(Announced::peer).findFirst()
                .orElse(null);
    }

    @Test
    void shouldShowTheOutsideAddressInAnInvitation() {
        c.client(INVITE);

        String said = c.atServer();
        assertThat(said).doesNotContain("10.77.0.2");
        assertThat(said).contains("Via: SIP/2.0/UDP 198.51.100.1:40100;branch", "Contact: <sip:a@198.51.100.1:40100>",
                "c=IN IP4 198.51.100.1\r\n", "m=audio 6100 ", "m=video 6102 ");
        assertThat(said).contains("Content-Length: " + (said.length() - said.indexOf("\r\n\r\n") - 4) + "\r\n");
    }

    @Test
    void shouldExpectRtpAndRtcpOfEveryMediumUntilTheCallEnds() {
        c.client(INVITE);
        assertThat(ports()).containsExactly(6000, 6001, 6002, 6003);

        c.server(answer("200 OK", "INVITE", sdp("198.51.100.2", "m=audio 7000 RTP/AVP 0")));
        c.server("BYE sip:a@198.51.100.1:40100 SIP/2.0\r\nCall-ID: 1\r\n\r\n");
        assertThat(c.expectations()).isEmpty();
        assertThat(c.atClient()).contains("BYE sip:a@10.77.0.2:40000 SIP/2.0\r\n");
    }

    @Test
    void shouldEndACallThatIsRefusedOrCancelled() {
        for (String status : List.of("486 Busy Here", "487 Request Terminated", "603 Decline")) {
            c.client(INVITE);
            c.client("CANCEL sip:bob@198.51.100.2 SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 CANCEL\r\n\r\n");
            c.server(answer("200 OK", "CANCEL", ""));
            assertThat(ports()).as("the callee may have been quicker").hasSize(4);
            c.server(answer(status, "INVITE", ""));
            assertThat(c.expectations()).as(status).isEmpty();
        }
    }

    @Test
    void shouldKeepACallWhoseChangeIsRefused() {
        c.client(INVITE);
        c.server(answer("200 OK", "INVITE", sdp("198.51.100.2", "m=audio 7000 RTP/AVP 0")));
        c.client(INVITE.replace("m=audio 6000", "m=audio 6010"));
        c.server(answer("488 Not Acceptable Here", "INVITE", ""));

        assertThat(portsInside()).contains(6000, 6001, 6010, 6011);
    }

    @Test
    void shouldEndOneCallOfSeveral() {
        c.client(INVITE);
        c.client(INVITE.replace("Call-ID: 1", "Call-ID: 2").replace("6000", "6010").replace("6002", "6012"));
        c.client("BYE sip:bob@198.51.100.2 SIP/2.0\r\nCall-ID: 1\r\n\r\n");

        assertThat(ports()).containsExactly(6010, 6011, 6012, 6013);
    }

    @Test
    void shouldFollowEarlyMediaAndUpdates() {
        c.client(INVITE);
        c.server(answer("183 Session Progress", "INVITE", sdp("192.0.2.7", "m=audio 7000 RTP/AVP 0")));
        assertThat(peerOf(6000)).isEqualTo(Peer.host(InetAddress.ofLiteral("192.0.2.7")));
        assertThat(peerOf(6002)).as("refused by leaving it out").isEqualTo(Peer.OTHER_SIDE);

        c.client("UPDATE" + INVITE.substring(6).replace("6000", "6020"));
        assertThat(ports()).contains(6020, 6021);
        c.server(answer("200 OK", "INVITE", sdp("198.51.100.2", "m=audio 7000 RTP/AVP 0")));
        assertThat(peerOf(6020)).as("the SIP host again").isEqualTo(Peer.OTHER_SIDE);
    }

    @Test
    void shouldNotBelieveAHostBehindAnotherGateway() {
        c.client(INVITE);
        c.server(answer("200 OK", "INVITE", sdp("192.168.1.5", "m=audio 7000 RTP/AVP 0")));

        assertThat(peerOf(6000)).isEqualTo(Peer.OTHER_SIDE);
    }

    @Test
    void shouldPutACallOnHoldAndTakeItUp() {
        c.client(INVITE);
        c.client(invite(sdp("0.0.0.0", "m=audio 6000 RTP/AVP 0\r\na=sendonly")));
        assertThat(c.atServer()).contains("c=IN IP4 0.0.0.0\r\n");
        c.client(invite(sdp("10.77.0.2", "m=audio 6000 RTP/AVP 0\r\na=inactive")));

        assertThat(ports()).containsExactlyInAnyOrder(6000, 6001, 6002, 6003);
        assertThat(c.atServer()).contains("m=audio 6100 RTP/AVP 0\r\na=inactive\r\n");
    }

    @Test
    void shouldFollowAPortOfItsOwnForRtcp() {
        c.client(invite(sdp("10.77.0.2", "m=audio 6001 RTP/AVP 0\r\na=rtcp:6009 IN IP4 10.77.0.2\r\n"
                + "m=audio 6010 RTP/AVP 0\r\na=rtcp:6011\r\nm=image 6020 udptl t38")));

        assertThat(ports()).containsExactlyInAnyOrder(6001, 6009, 6010, 6011, 6020);
        assertThat(c.atServer()).contains("m=audio 6101 ", "a=rtcp:6109 IN IP4 198.51.100.1\r\n", "m=audio 6110 ",
                "a=rtcp:6111\r\n", "m=image 6120 ");
    }

    @Test
    void shouldGiveTheCallerItsOwnViaBack() {
        c.server(
                "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP\r\n 198.51.100.1:40100;received=198.51.100.1;rport=40100\r\ni: 1\r\n\r\n");

        assertThat(c.atClient()).isEqualTo(
                "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP\r\n 10.77.0.2:40000;received=10.77.0.2;rport=40000\r\ni: 1\r\n\r\n");
    }

    /** Both have the gateway's address outside; only the port tells them apart. */
    @Test
    void shouldNotTakeAnotherPhoneBehindTheGatewayForThisOne() {
        String invitation = """
                INVITE sip:a@198.51.100.1:40100 SIP/2.0\r
                Via: SIP/2.0/UDP 198.51.100.2;branch=z9hG4bK2\r
                Via: SIP/2.0/UDP 198.51.100.1:40777;branch=z9hG4bK1;received=198.51.100.1;rport=40777\r
                Contact: <sip:b@198.51.100.1:40777>\r
                Call-ID: 9\r
                \r
                """;
        c.server(invitation);

        assertThat(c.atClient()).isEqualTo(invitation.replace("a@198.51.100.1:40100", "a@10.77.0.2:40000"));
    }

    @Test
    void shouldOpenNothingForAnotherHost() {
        c.client(INVITE.replace("c=IN IP4 10.77.0.2", "c=IN IP4 10.77.0.9"));

        assertThat(c.expectations()).isEmpty();
        assertThat(c.atServer()).contains("c=IN IP4 10.77.0.9\r\n", "m=audio 6000 ");
    }

    @Test
    void shouldOpenNoPortBelow1024() {
        c.client(INVITE.replace("6000", "80"));

        assertThat(ports()).containsExactly(6002, 6003);
        assertThat(c.events()).containsKey("refused_port");
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
    void shouldLeaveNamesAlone() {
        String text = "OPTIONS sip:[2001:db8::10.77.0.2] SIP/2.0\r\nVia : SIP/2.0/UDP a10.77.0.2.example:40000\r\n"
                + "Call-ID: 1\r\n\r\n";
        c.client(text);
        assertThat(c.atServer()).isEqualTo(text);
    }

    private static String register(String contact) {
        return "REGISTER sip:198.51.100.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.2:40000;rport\r\n"
                + "From: <sip:a@10.77.0.2:7001>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nContact: " + contact + "\r\n\r\n";
    }

    @Test
    void shouldLetTheRegistrarCallForAsLongAsItRemembersThePhone() {
        c.client(register("<sip:a@10.77.0.2:7003>"));
        assertThat(c.atServer()).contains("From: <sip:a@198.51.100.1:7001>", "Contact: <sip:a@198.51.100.1:7103>");
        c.server(
                "SIP/2.0 200 OK\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nContact: <sip:a@198.51.100.1:7103>;expires=600\r\n\r\n");

        assertThat(c.atClient()).contains("Contact: <sip:a@10.77.0.2:7003>;expires=600");
        assertThat(ports()).containsExactlyInAnyOrder(7003, 40000);
        assertThat(c.expectations()).allMatch(e -> e.peer().equals(Peer.OTHER_SIDE));
        c.server("INVITE sip:a@198.51.100.1:7103 SIP/2.0\r\nCall-ID: 5\r\n\r\n");
        assertThat(c.atClient()).contains("INVITE sip:a@10.77.0.2:7003 SIP/2.0\r\n");

        c.client(register("*").replace("CSeq", "Expires: 0\r\nCSeq"));
        c.server("SIP/2.0 200 OK\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n");
        assertThat(c.expectations()).isEmpty();
    }

    @Test
    void shouldNotBelieveARegistrarThatNobodyAsked() {
        c.server("SIP/2.0 200 OK\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nContact: <sip:a@198.51.100.1:7103>\r\n\r\n");

        assertThat(c.expectations()).isEmpty();
    }

    @Test
    void shouldOpenAServerBehindTheGateway() {
        ControlConnection inside = new ControlConnection(new SipHelper(), new SipNat())
                .translate(Direction.REPLY, "203.0.113.1");
        inside.client(INVITE.replace("bob@198.51.100.2", "bob@203.0.113.1"));
        assertThat(inside.atServer()).startsWith("INVITE sip:bob@198.51.100.2 SIP/2.0");
        inside.server(answer("200 OK", "INVITE", sdp("198.51.100.2", "m=audio 7000 RTP/AVP 0")));

        assertThat(inside.atClient()).contains("c=IN IP4 203.0.113.1\r\n", "m=audio 7000 ");
        assertThat(inside.expectations()).filteredOn(e -> e.listener() == Direction.REPLY)
                .extracting(e -> e.to().port()).containsExactly(7000, 7001);
    }

    @Test
    void shouldReadAndWriteIpv6() {
        ControlConnection v6 = new ControlConnection(new SipHelper(), new SipNat())
                .between("2001:db8::2", "2001:db8:1::2")
                .translate(Direction.ORIGINAL, "2001:db8:f::1", port -> port + 100);
        v6.client(INVITE.replace("IN IP4 10.77.0.2", "IN IP6 2001:db8::2").replace("10.77.0.2", "[2001:db8::2]"));
        v6.server(
                "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP [2001:db8:f::1]:40100;received=2001:db8:f::1;rport=40100\r\nCall-ID: 1"
                        + "\r\n\r\n");

        assertThat(v6.atServer()).contains("Via: SIP/2.0/UDP [2001:db8:f:0:0:0:0:1]:40100;",
                "Contact: <sip:a@[2001:db8:f:0:0:0:0:1]:40100>", "c=IN IP6 2001:db8:f:0:0:0:0:1\r\n", "m=audio 6100 ");
        assertThat(v6.atClient())
                .contains("Via: SIP/2.0/UDP [2001:db8:0:0:0:0:0:2]:40000;received=2001:db8:0:0:0:0:0:2;rport=40000");
        assertThat(v6.expectations()).hasSize(4);
    }

    @Test
    void shouldExpectMediaWithoutItsNatHalf() {
        ControlConnection alone = new ControlConnection(new SipHelper(), null);
        alone.client(INVITE);

        assertThat(alone.atServer()).isEqualTo(INVITE);
        assertThat(alone.expectations()).hasSize(4);
    }

    private static ControlConnection stream() {
        return new ControlConnection(new SipHelper(), new SipNat(), Map.of(), Transport.TCP)
                .translate(Direction.ORIGINAL, "198.51.100.1", port -> port + 100);
    }

    @Test
    void shouldFindMessagesInAStreamWhereverItIsCut() {
        String ok = answer("200 OK", "INVITE", "");
        String all = INVITE + "\r\n\r\n" + ok + INVITE.replace("6000", "6010");
        c.client(INVITE).client("\r\n\r\n").client(ok).client(INVITE.replace("6000", "6010"));
        for (int cut = 1; cut < all.length(); cut++) {
            ControlConnection stream = stream().client(all, cut);
            assertThat(stream.atServer()).as("cut at %d", cut).isEqualTo(c.atServer());
            assertThat(stream.expectations()).hasSize(6);
        }
    }

    @Test
    void shouldGoOnBehindAMessageThatWasPassedOn() {
        for (int cut = 1; cut < INVITE.length(); cut += 11) {
            ControlConnection stream = stream().client(INVITE, cut);
            ControlConnection late = stream().client(INVITE.substring(0, cut)).release(Direction.ORIGINAL)
                    .client(INVITE.substring(cut)).client(INVITE);
            assertThat(late.atServer()).as("cut at %d", cut).endsWith(stream.atServer())
                    .startsWith(INVITE.substring(0, cut));
        }
    }

    @Test
    void shouldPassLongBodiesUnread() {
        String message = "MESSAGE sip:bob@198.51.100.2 SIP/2.0\r\nVia: SIP/2.0/TCP 10.77.0.2:40000\r\nCall-ID: 1\r\n"
                + "Content-Length: 30000\r\n\r\n" + "INVITE sip:x SIP/2.0\r\n".repeat(2_000).substring(0, 30_000);
        ControlConnection stream = stream().client(message).client(INVITE);

        assertThat(stream.atServer()).startsWith("MESSAGE").contains("TCP 198.51.100.1:40100")
                .contains("m=audio 6100 ");
        assertThat(stream.isDetached()).isFalse();
    }

    @Test
    void shouldNotReadWhatIsNoSip() {
        for (String other : List.of("GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001",
                "POST / HTTP/1.1\r\nA: b\r\n\r\n" + INVITE)) {
            ControlConnection stream = stream().client(other).client(INVITE);
            assertThat(stream.atServer()).isEqualTo(other + INVITE);
            assertThat(stream.isDetached()).isTrue();
            assertThat(stream.expectations()).isEmpty();
        }
    }

    @Test
    void shouldExpectConnectionsOfTheTransportThatIsSpoken() {
        ControlConnection stream = stream()
                .client(register("<sip:a@10.77.0.2;transport=tcp>").replace("sip:198.51.100.2 SIP",
                        "sip:198.51.100.2 SIP").replace("Contact", "Content-Length: 0\r\nContact"));

        assertThat(stream.atServer()).contains("Contact: <sip:a@198.51.100.1:5160;transport=tcp>");
        assertThat(stream.expectations()).extracting(Announced::transport).containsExactly(Transport.TCP);
    }
}
