package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Topology;

/** Protocols that speak in datagrams, field by field. */
enum Datagrams implements Session {
    /** RFC 3261 and RFC 4566: a caller inside, who is told where to send its media. */
    SIP("sip", "INVITE: RTP reaches the caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            InetSocketAddress callee = new InetSocketAddress(InetAddress.ofLiteral(Topology.SERVER_ADDRESS), 5060);
            try (DatagramChannel inner = stage.inside().datagrams(Topology.CLIENT_ADDRESS, 5060);
                    DatagramChannel outer = stage.outside().datagrams(Topology.SERVER_ADDRESS, 5060);
                    DatagramChannel media = stage.inside().datagrams(Topology.CLIENT_ADDRESS, RTP_PORT);
                    DatagramChannel talker = stage.outside().datagrams(Topology.SERVER_ADDRESS, RTP_PORT)) {
                send(inner, text(INVITE), callee);
                DatagramPacket invite = receive(outer, "the callee hears nothing");
                String heard = string(invite);
                Matcher sdp = SDP.matcher(heard);
                if (!sdp.find() || !sdp.group(1).equals(Topology.OUTSIDE_ADDRESS)) {
                    throw new MissedException("the callee is told to send media elsewhere");
                }
                send(outer, text(answer(heard)), (InetSocketAddress) invite.getSocketAddress());
                if (!string(receive(inner, "the caller hears no answer")).startsWith("SIP/2.0 200")) {
                    throw new MissedException("the caller hears something else");
                }
                send(talker, text("media"), new InetSocketAddress(InetAddress.ofLiteral(sdp.group(1)),
                        Integer.parseInt(sdp.group(2))));
                receive(media, "no media reach the caller");
            }
        }
    },

    /** protocols/talkd.h: a caller inside, to whom the callee connects. */
    TALK("talk", "ntalk: the callee outside connects to the caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            InetSocketAddress daemon = new InetSocketAddress(InetAddress.ofLiteral(Topology.SERVER_ADDRESS),
                    TALK_PORT);
            try (DatagramChannel caller = stage.inside().datagrams(Topology.CLIENT_ADDRESS, 0);
                    DatagramChannel callee = stage.outside().datagrams(Topology.SERVER_ADDRESS, TALK_PORT);
                    ServerSocketChannel listener = stage.inside().listen(Topology.CLIENT_ADDRESS, 0)) {
                int talk = listener.socket().getLocalPort();
                int control = caller.socket().getLocalPort();
                send(caller, talk(LOOK_UP, talk, control), daemon);
                DatagramPacket lookUp = receive(callee, "the daemon hears no LOOK_UP");
                byte[] notHere = new byte[24];
                notHere[0] = 1;
                notHere[2] = 1;
                send(callee, notHere, (InetSocketAddress) lookUp.getSocketAddress());
                receive(caller, "the caller hears no answer");
                send(caller, talk(ANNOUNCE, talk, control), daemon);
                DatagramPacket announce = receive(callee, "the daemon hears no ANNOUNCE");
                ByteBuffer heard = ByteBuffer.wrap(announce.getData(), 0, announce.getLength());
                InetSocketAddress place = new InetSocketAddress(
                        InetAddress.getByAddress(Arrays.copyOfRange(announce.getData(), 12, 16)),
                        heard.getShort(10) & 0xFFFF);
                if (!place.getAddress().equals(InetAddress.ofLiteral(Topology.OUTSIDE_ADDRESS))) {
                    throw new MissedException("the callee is told " + place.getAddress().getHostAddress());
                }
                stage.demandArrival(stage.outside(), Topology.SERVER_ADDRESS, place, stage.inside(), listener);
            }
        }
    };

    private static final int RTP_PORT = 16_384;
    private static final int TALK_PORT = 518;
    private static final int LOOK_UP = 1;
    private static final int ANNOUNCE = 3;
    private static final int MAX = 65_535;
    private static final Pattern SDP = Pattern.compile("c=IN IP4 ([0-9.]+)[^\\x00]*m=audio (\\d+) ");
    private static final String BODY = """
            v=0
            o=inner 1 1 IN IP4 10.77.0.2
            s=-
            c=IN IP4 10.77.0.2
            t=0 0
            m=audio 16384 RTP/AVP 0
            """.replace("\n", "\r\n");
    private static final String INVITE = """
            INVITE sip:outer@198.51.100.2:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.77.0.2:5060;branch=z9hG4bK-1
            From: <sip:inner@10.77.0.2:5060>;tag=1
            To: <sip:outer@198.51.100.2:5060>
            Call-ID: 1@10.77.0.2
            CSeq: 1 INVITE
            Contact: <sip:inner@10.77.0.2:5060>
            Max-Forwards: 70
            Content-Type: application/sdp
            Content-Length: %d

            """.formatted(BODY.length()).replace("\n", "\r\n") + BODY;
    private static final String ANSWER_BODY = BODY.replace("10.77.0.2", Topology.SERVER_ADDRESS);

    private final String helper;
    private final String title;

    Datagrams(String helper, String title) {
        this.helper = helper;
        this.title = title;
    }

    @Override
    public String helper() {
        return helper;
    }

    @Override
    public String title() {
        return title;
    }

    /** @return 200 with the fields of the request that a response repeats (RFC 3261 section 8.2.6.2). */
    private static String answer(String request) {
        StringBuilder answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        request.lines().filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*"))
                .forEach(line -> answer.append(line).append(line.startsWith("To:") ? ";tag=2" : "").append("\r\n"));
        return answer + "Contact: <sip:outer@198.51.100.2:5060>\r\nContent-Type: application/sdp\r\nContent-Length: "
                + ANSWER_BODY.length() + "\r\n\r\n" + ANSWER_BODY;
    }

    /** @return CTL_MSG: version, type, answer, pad, id, reply address, talk's address, process, names, terminal. */
    private static byte[] talk(int type, int talkPort, int controlPort) {
        byte[] own = InetAddress.ofLiteral(Topology.CLIENT_ADDRESS).getAddress();
        ByteBuffer message = ByteBuffer.allocate(84);
        message.put((byte) 1).put((byte) type).putShort((short) 0).putInt(0);
        message.putShort((short) 2).putShort((short) talkPort).put(own).putLong(0);
        message.putShort((short) 2).putShort((short) controlPort).put(own).putLong(0);
        message.putInt(1);
        message.put("inner".getBytes(StandardCharsets.US_ASCII)).position(56);
        message.put("outer".getBytes(StandardCharsets.US_ASCII));
        return message.array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String string(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    private static void send(DatagramChannel from, byte[] bytes, InetSocketAddress to) throws IOException {
        from.socket().send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static DatagramPacket receive(DatagramChannel at, String otherwise) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX], MAX);
        try {
            at.socket().receive(packet);
            return packet;
        } catch (SocketTimeoutException e) {
            throw new MissedException(otherwise);
        }
    }
}
