package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Topology;

/** RFC 3261 and RFC 4566: a caller inside, who is told where to send its media, and who tells the callee where it hears. */
enum SipCall implements Session {
    UDP("INVITE over UDP: RTP reaches the caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            InetSocketAddress callee = new InetSocketAddress(Topology.SERVER_ADDRESS, PORT);
            try (DatagramEnd inner = new DatagramEnd(stage.inside(), Topology.CLIENT_ADDRESS, PORT);
                    DatagramEnd outer = new DatagramEnd(stage.outside(), Topology.SERVER_ADDRESS, PORT)) {
                inner.send(bytes(invite("UDP", PORT)), callee);
                String heard = text(outer.receive("the callee hears nothing"));
                outer.send(bytes(answer(heard)), outer.sender());
                demandAnswer(text(inner.receive("the caller hears no answer")));
                demandMedia(stage, heard);
            }
        }
    },
    UDP6("INVITE over UDP and IPv6: RTP reaches the caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (DatagramEnd inner = new DatagramEnd(stage.inside(), Topology.CLIENT_ADDRESS6, PORT);
                    DatagramEnd outer = new DatagramEnd(stage.outside(), Topology.SERVER_ADDRESS6, PORT)) {
                inner.send(bytes(over6(invite("UDP", PORT))), new InetSocketAddress(Topology.SERVER_ADDRESS6, PORT));
                String heard = text(outer.receive("the callee hears nothing"));
                outer.send(bytes(over6(answer(heard))), outer.sender());
                demandAnswer(text(inner.receive("the caller hears no answer")));
                demandMedia(stage, heard, Topology.CLIENT_ADDRESS6, Topology.CLIENT_ADDRESS6, Topology.SERVER_ADDRESS6);
            }
        }
    },
    TCP("INVITE over TCP: RTP reaches the caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation sip = stage.connectSip()) {
                sip.client().says(invite("TCP", sip.client().address().getPort()));
                String heard = sip.server().hearsMessage();
                sip.server().says(answer(heard));
                demandAnswer(sip.client().hearsMessage());
                demandMedia(stage, heard);
            }
        }
    },
    TCP_CUT("INVITE over TCP, cut over two segments in its body") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation sip = stage.connectSip()) {
                String invite = invite("TCP", sip.client().address().getPort());
                int cut = invite.indexOf("77.0.2", invite.indexOf("c=IN"));
                sip.client().says(invite.substring(0, cut), invite.substring(cut));
                String heard = sip.server().hearsMessage();
                sip.server().says(answer(heard));
                demandAnswer(sip.client().hearsMessage());
                demandMedia(stage, heard);
            }
        }
    };

    private static final int PORT = 5060;
    private static final int RTP_PORT = 16_384;
    private static final Pattern SDP = Pattern.compile("c=IN IP[46] ([0-9a-f.:]+)[^\\x00]*m=audio (\\d+) ");
    private static final String BODY = """
            v=0
            o=inner 1 1 IN IP4 10.77.0.2
            s=-
            c=IN IP4 10.77.0.2
            t=0 0
            m=audio 16384 RTP/AVP 0
            """.replace("\n", "\r\n");
    private static final String ANSWER_BODY = BODY.replace("10.77.0.2", Topology.SERVER_ADDRESS);

    private final String title;

    SipCall(String title) {
        this.title = title;
    }

    @Override
    public String helper() {
        return "sip";
    }

    @Override
    public String title() {
        return title;
    }

    private static String invite(String transport, int port) {
        return """
                INVITE sip:outer@198.51.100.2:5060 SIP/2.0
                Via: SIP/2.0/%1$s 10.77.0.2:%2$d;branch=z9hG4bK-%1$s
                From: <sip:inner@10.77.0.2:%2$d>;tag=1
                To: <sip:outer@198.51.100.2:5060>
                Call-ID: %1$s@10.77.0.2
                CSeq: 1 INVITE
                Contact: <sip:inner@10.77.0.2:%2$d>
                Max-Forwards: 70
                Content-Type: application/sdp
                Content-Length: %3$d

                """.formatted(transport, port, BODY.length()).replace("\n", "\r\n") + BODY;
    }

    /** @return 200 with the fields of the request that a response repeats (RFC 3261 section 8.2.6.2). */
    private static String answer(String request) {
        StringBuilder answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        request.lines().filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*"))
                .forEach(line -> answer.append(line).append(line.startsWith("To:") ? ";tag=2" : "").append("\r\n"));
        return answer + "Contact: <sip:outer@198.51.100.2:5060>\r\nContent-Type: application/sdp\r\nContent-Length: "
                + ANSWER_BODY.length() + "\r\n\r\n" + ANSWER_BODY;
    }

    private static void demandAnswer(String heard) throws MissedException {
        if (!heard.startsWith("SIP/2.0 200")) {
            throw new MissedException("the caller hears something else");
        }
    }

    private static void demandMedia(Stage stage, String heard) throws IOException {
        demandMedia(stage, heard, Topology.OUTSIDE_ADDRESS, Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS);
    }

    /** @param known the caller's address as the callee must know it */
    private static void demandMedia(Stage stage, String heard, String known, String caller, String callee)
            throws IOException {
        Matcher sdp = SDP.matcher(heard);
        if (!sdp.find() || !sdp.group(1).equals(known)) {
            throw new MissedException("the callee is told to send media elsewhere");
        }
        try (DatagramEnd listener = new DatagramEnd(stage.inside(), caller, RTP_PORT);
                DatagramEnd talker = new DatagramEnd(stage.outside(), callee, RTP_PORT)) {
            talker.send(bytes("media"), new InetSocketAddress(sdp.group(1), Integer.parseInt(sdp.group(2))));
            listener.receive("no media reach the caller");
        }
    }

    /** @return a message with IPv6 addresses in the places of those of IPv4, its body's length too. */
    private static String over6(String message) {
        int body = message.indexOf("\r\n\r\n") + 4;
        String sdp = message.substring(body).replace("IN IP4", "IN IP6")
                .replace(Topology.CLIENT_ADDRESS, Topology.CLIENT_ADDRESS6)
                .replace(Topology.SERVER_ADDRESS, Topology.SERVER_ADDRESS6);
        return message.substring(0, body).replaceFirst("Content-Length: \\d+", "Content-Length: " + sdp.length())
                .replace(Topology.CLIENT_ADDRESS, "[" + Topology.CLIENT_ADDRESS6 + "]")
                .replace(Topology.SERVER_ADDRESS, "[" + Topology.SERVER_ADDRESS6 + "]") + sdp;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
