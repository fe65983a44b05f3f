package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.address;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks the one daemon's port of the gateway's outside address is led to the caller who has rung there. */
class TalkCallersTest {
    private static final String OTHER_CALLER = "10.77.0.3";
    private static final String OTHER_CALLEE = "198.51.100.3";
    private static final int DAEMON = 518;
    /** Bytes below 128, because the payload is text here. */
    private static final int CALLER_PORT = 0x1234;
    private static final int LISTENER = 0x2345;
    private static final int LOOK_UP = 1;
    private static final int ANNOUNCE = 3;

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** Each conversation has a client of its own, which listens at a port of its own. */
    private static String request(int type, String caller, String callee) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[84]);
        b.putByte(0, (byte) 1);
        b.putByte(1, (byte) type);
        putAddress(b, 8, caller, callee.equals(SERVER) ? LISTENER : LISTENER + 1);
        putAddress(b, 24, caller, CALLER_PORT);
        b.putStringWithoutLengthAscii(44, "inner");
        b.putStringWithoutLengthAscii(56, "outer");
        return new String(b.byteArray(), StandardCharsets.US_ASCII);
    }

    private static void putAddress(UnsafeBuffer b, int at, String host, int port) {
        b.putByte(at + 1, (byte) 2);
        b.putByte(at + 2, (byte) (port >> 8));
        b.putByte(at + 3, (byte) port);
        b.putBytes(at + 4, address(host).getAddress());
    }

    /** Asks, is answered and announces. */
    private void ring(String caller, String callee) {
        say(caller, callee, LOOK_UP);
        String described = gateway.fromInside(datagram(caller, callee, LOOK_UP)).getFirst();
        int seenPort = Integer.parseInt(described.replaceAll(".* udp [\\d.]+:(\\d+) .*", "$1"));
        gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, callee, DAEMON, OUTSIDE, seenPort,
                "\1\1\1" + "\0".repeat(21)));
        say(caller, callee, ANNOUNCE);
    }

    private void say(String caller, String callee, int type) {
        assertThat(gateway.fromInside(datagram(caller, callee, type))).hasSize(1);
    }

    private static byte[] datagram(String caller, String callee, int type) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, caller, CALLER_PORT, callee, DAEMON,
                request(type, caller, callee));
    }

    /** @return what comes out when the callee's client asks the caller's daemon. */
    private List<String> askBack(String callee) {
        return gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, callee, 4000, OUTSIDE, DAEMON, 84));
    }

    @Test
    void shouldLetOneCallerRingAtSeveralCallees() {
        ring(CLIENT, SERVER);
        ring(CLIENT, OTHER_CALLEE);

        assertThat(askBack(SERVER)).containsExactly("inside udp 198.51.100.2:4000 > 10.77.0.2:518");
        assertThat(askBack(OTHER_CALLEE)).containsExactly("inside udp 198.51.100.3:4000 > 10.77.0.2:518");
    }

    @Test
    void shouldLeadEachCalleeToItsOwnCaller() {
        ring(CLIENT, SERVER);
        ring(OTHER_CALLER, OTHER_CALLEE);

        assertThat(askBack(OTHER_CALLEE)).containsExactly("inside udp 198.51.100.3:4000 > 10.77.0.3:518");
        assertThat(askBack(SERVER)).containsExactly("inside udp 198.51.100.2:4000 > 10.77.0.2:518");
        assertThat(gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, OTHER_CALLER, DAEMON, OTHER_CALLEE, 4000,
                24))).as("the daemon's answer").containsExactly("outside udp 198.51.100.1:518 > 198.51.100.3:4000");
    }

    @Test
    void shouldServeOneCallerAfterTheOtherWhenBothRingAtOneHost() {
        ring(CLIENT, SERVER);
        ring(OTHER_CALLER, SERVER);
        assertThat(askBack(SERVER)).containsExactly("inside udp 198.51.100.2:4000 > 10.77.0.2:518");

        say(OTHER_CALLER, SERVER, ANNOUNCE);

        assertThat(gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 4001, OUTSIDE, DAEMON, 84)))
                .containsExactly("inside udp 198.51.100.2:4001 > 10.77.0.3:518");
    }

    @Test
    void shouldOpenNothingToAHostThatNobodyHasRungAt() {
        ring(CLIENT, SERVER);

        assertThat(askBack(OTHER_CALLEE)).isEmpty();
    }
}
