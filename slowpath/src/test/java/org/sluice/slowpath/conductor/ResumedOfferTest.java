package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;

/** An IRC client offers a file at a port that another host inside has outside already; the receiver asks for the rest of it. */
class ResumedOfferTest {
    private static final int PUSH = Tcp.ACK | Tcp.PSH;
    private static final String OTHER = "10.77.0.3";
    private static final String HELLO = "NICK n\r\nUSER u 0 * :u\r\n";
    private static final Pattern OFFER = Pattern.compile("PRIVMSG bob :\u0001DCC SEND x 3325256705 (\\d+) 9\u0001\r\n");

    private final GatewayFixture gateway = new GatewayFixture();
    private int clientSequence = 100;
    private int serverSequence = 500;
    private int seenSequence = 100;

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** @return what the server gets. */
    private String client(String text) {
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 6667, PUSH, clientSequence,
                serverSequence, text));
        clientSequence += text.length();
        String received = text();
        seenSequence += received.length();
        return received;
    }

    /** @return what the client gets. */
    private String server(String text) {
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 6667, OUTSIDE, 5000, PUSH, serverSequence,
                seenSequence, text));
        serverSequence += text.length();
        return text();
    }

    private String text() {
        byte[] frame = gateway.out.getFirst();
        assertThat(Frames.isSealed(frame)).isTrue();
        int headers = Frames.L4 + Tcp.HEADER_LENGTH;
        int length = Frames.IP + Ipv4.totalLength(new UnsafeBuffer(frame), Frames.IP) - headers;
        return new String(frame, headers, length, StandardCharsets.US_ASCII);
    }

    private void connect() {
        gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 6667, Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 6667, OUTSIDE, 5000, Tcp.SYN | Tcp.ACK, 499,
                100, ""));
    }

    @Test
    void shouldNameEverybodyThePortThatHeKnows() {
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, OTHER, 5001, SERVER, 80, Tcp.SYN, 1, 0, ""));
        connect();
        client(HELLO);

        Matcher offer = OFFER.matcher(client("PRIVMSG bob :\u0001DCC SEND x 172818434 5001 9\u0001\r\n"));

        assertThat(offer.matches()).isTrue();
        String told = offer.group(1);
        assertThat(told).as("taken by the other host").isNotEqualTo("5001");
        assertThat(server(":bob!b@h PRIVMSG n :\u0001DCC RESUME x " + told + " 4\u0001\r\n"))
                .isEqualTo(":bob!b@h PRIVMSG n :\u0001DCC RESUME x 5001 4\u0001\r\n");
        assertThat(client("PRIVMSG bob :\u0001DCC ACCEPT x 5001 4\u0001\r\n"))
                .isEqualTo("PRIVMSG bob :\u0001DCC ACCEPT x " + told + " 4\u0001\r\n");
        assertThat(gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 7000, OUTSIDE,
                Integer.parseInt(told), Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp 198.51.100.2:7000 > 10.77.0.2:5001");
    }

    @Test
    void shouldLeaveThePortAloneOnceNothingIsExpectedThere() {
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, OTHER, 5001, SERVER, 80, Tcp.SYN, 1, 0, ""));
        connect();
        client(HELLO);
        Matcher offer = OFFER.matcher(client("PRIVMSG bob :\u0001DCC SEND x 172818434 5001 9\u0001\r\n"));
        assertThat(offer.matches()).isTrue();
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 7000, OUTSIDE,
                Integer.parseInt(offer.group(1)), Tcp.SYN, 1, 0, ""));

        String resume = ":bob!b@h PRIVMSG n :\u0001DCC RESUME x " + offer.group(1) + " 4\u0001\r\n";

        assertThat(server(resume)).isEqualTo(resume);
    }
}
