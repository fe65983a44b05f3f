package org.sluice.helpers.sip;

import static org.sluice.helpers.fuzz.Conversation.seed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;

class SipFuzz {
    private static final String BODY = """
            v=0\r
            o=a 1 1 IN IP4 10.77.0.2\r
            s=-\r
            c=IN IP4 10.77.0.2\r
            t=0 0\r
            m=audio 6000 RTP/AVP 0\r
            a=rtcp:6003\r
            m=video 6002 RTP/AVP 31\r
            """;
    private static final String HELD = """
            v=0\r
            o=a 1 1 IN IP6 2001:db8::2\r
            c=IN IP6 2001:db8::2\r
            m=audio 6001 RTP/AVP 0\r
            a=rtcp:6003 IN IP4 10.77.0.2\r
            c=IN IP4 0.0.0.0\r
            m=image 6004 udptl t38\r
            c=IN IP4 10.77.0.2\r
            """;
    private static final String HEADER = """
            Via: SIP/2.0/UDP 10.77.0.2:40000;branch=z9hG4bK1;rport\r
            Record-Route: <sip:10.77.0.2;lr>\r
            f: <sip:a@10.77.0.2:40000>;tag=1\r
            To: <sip:bob@198.51.100.2>;tag=2\r
            Call-ID: 1@10.77.0.2\r
            CSeq: 1 INVITE\r
            Contact: "A" <sip:a@10.77.0.2:40000>\r
             ;expires=60\r
            Content-Type: application/sdp\r
            """;

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("C:INVITE sip:bob@198.51.100.2 SIP/2.0\r\n" + HEADER + length(BODY) + BODY,
                        "S:SIP/2.0 200 OK\r\n" + HEADER.replace("10.77.0.2", "198.51.100.2") + length(BODY)
                                + BODY.replace("10.77.0.2", "198.51.100.2"),
                        "C:BYE sip:bob@198.51.100.2 SIP/2.0\r\n" + HEADER + "l: 0\r\n\r\n"),
                seed("C:REGISTER sip:198.51.100.2 SIP/2.0\r\n" + HEADER + "Expires: 60\r\nl: 0\r\n\r\n",
                        "S:SIP/2.0 200 OK\r\n" + HEADER + length("")),
                seed("C:INVITE sip:b@[2001:db8::1]:5061 SIP/2.0\r\n" + HEADER.replace("10.77.0.2", "[2001:db8::2]")
                        + length(HELD) + HELD + "\r\n\r\nBYE sip:b@198.51.100.2 SIP/2.0\r\n" + HEADER + length("")),
                seed("C:REGISTER sip:198.51.100.2 SIP/2.0\r\nCSeq: 1 REGISTER\r\ni: r\r\nm: <sip:a@10.77.0.2:7003>\r\n"
                        + length(""),
                        "S:SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\ni: r\r\nm: <sip:a@198.51.100.1:7003>;expires=60\r\n"
                                + length("")),
                seed("S:INVITE sip:a@10.77.0.2 SIP/2.0\r\n" + HEADER + length(BODY) + BODY));
    }

    private static String length(String body) {
        return "Content-Length: " + body.length() + "\r\n\r\n";
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new SipHelper(), new SipNat(), input);
    }
}
