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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.Timeout;
import org.sluice.slowpath.view.FlowFilter;

/** Expectations that last as long as a call, in pairs of ports and alone, through a whole gateway. */
class GroupTest {
    private static final String NEIGHBOR = "10.77.0.3";
    private static final String RELAY = "198.51.100.9";
    private GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** @return the text as the server received it. */
    private String say(String host, String text) {
        assertThat(gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, host, 5000, SERVER, SpokenHelper.PORT,
                text))).hasSize(1);
        byte[] frame = gateway.out.getFirst();
        assertThat(Frames.isSealed(frame)).isTrue();
        int payload = Frames.L4 + Udp.HEADER_LENGTH;
        return new String(frame, payload, Udp.length(new UnsafeBuffer(frame), Frames.L4) - Udp.HEADER_LENGTH,
                StandardCharsets.US_ASCII);
    }

    private boolean arrives(String source, int sourcePort, int port) {
        return !gateway.fromOutside(
                Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, source, sourcePort, OUTSIDE, port, 10)).isEmpty();
    }

    /** Media has paused for so long that its flows are forgotten, but not the control connection. */
    private void forgetMedia() {
        gateway.slowPath.view().flushFlows(new FlowFilter(null, null, null, 9000, -1, null, null));
        gateway.run();
    }

    private long outcome(String name) {
        return gateway.meter("sluice_expectations", "helper", "spoken", "outcome", name);
    }

    @Test
    void shouldLetMediaInAgainUntilTheCallEnds() {
        assertThat(say(CLIENT, "pair a 6000")).isEqualTo("pair a 6000");
        for (int i = 0; i < 3; i++) {
            assertThat(arrives(SERVER, 9000, 6000)).isTrue();
            assertThat(arrives(SERVER, 9000, 6001)).isTrue();
            forgetMedia();
        }
        say(CLIENT, "end a");

        assertThat(arrives(SERVER, 9000, 6000)).isFalse();
        assertThat(outcome("expected")).isEqualTo(2);
        assertThat(outcome("fulfilled")).as("each once").isEqualTo(2);
        assertThat(outcome("ended")).isZero();
    }

    @Test
    void shouldEndOneCallAndLeaveTheOthers() {
        say(CLIENT, "pair a 6000");
        say(CLIENT, "pair b 6002");
        say(CLIENT, "once 6010");
        say(CLIENT, "end a");

        assertThat(arrives(SERVER, 9000, 6001)).isFalse();
        assertThat(arrives(SERVER, 9000, 6002)).isTrue();
        say(CLIENT, "end");
        assertThat(arrives(SERVER, 9001, 6003)).isFalse();
        assertThat(arrives(SERVER, 9001, 6010)).isFalse();
        assertThat(outcome("ended")).isEqualTo(4);
    }

    @Test
    void shouldGiveThePortsBackOnlyWhenTheCallEnds() {
        say(CLIENT, "pair a 6000");
        String other = say(NEIGHBOR, "pair b 6000");
        int port = Integer.parseInt(other.substring("pair b ".length()));
        assertThat(port).isNotEqualTo(6000).isEven();
        assertThat(arrives(SERVER, 9000, port)).isTrue();
        assertThat(arrives(SERVER, 9000, port + 1)).isTrue();
        forgetMedia();
        say(CLIENT, "end a");

        assertThat(say(CLIENT, "pair c 6000")).isEqualTo("pair c 6000");
        assertThat(gateway.fromOutside(
                Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 9000, OUTSIDE, port + 1, 10)))
                .containsExactly("inside udp 198.51.100.2:9000 > 10.77.0.3:6001");
    }

    @Test
    void shouldNotCountARepetitionAsAnother() {
        for (int i = 0; i < 3 * SpokenHelper.MAX; i++) {
            assertThat(say(CLIENT, "pair a 6000")).isEqualTo("pair a 6000");
        }
        say(CLIENT, "end a");

        assertThat(outcome("expected")).isEqualTo(2);
        assertThat(outcome("ended")).isEqualTo(2);
        assertThat(outcome("replaced")).isZero();
    }

    @Test
    void shouldHoldNoMoreThanTheHelperDeclares() {
        for (int i = 0; i <= SpokenHelper.MAX / 2; i++) {
            say(CLIENT, "pair a" + i + " " + (6000 + 2 * i));
        }

        assertThat(outcome("replaced")).isEqualTo(2);
        assertThat(arrives(SERVER, 9000, 6001)).isFalse();
        assertThat(arrives(SERVER, 9000, 6003)).isTrue();
    }

    @Test
    void shouldLetOnlyTheNamedHostIn() {
        say(CLIENT, "pair a 6000");
        say(CLIENT, "pair a 6000 " + RELAY);

        assertThat(arrives(SERVER, 9000, 6000)).isFalse();
        assertThat(arrives(RELAY, 9000, 6000)).isTrue();
    }

    /** A third host's server gave one phone the other's outside address: the media turns back at the gateway. */
    @Test
    void shouldLetTwoHostsBehindOneAddressMeet() {
        say(CLIENT, "pair a 6000 " + OUTSIDE);
        say(NEIGHBOR, "pair b 7000 " + OUTSIDE);

        assertThat(arrives(SERVER, 9000, 6000)).as("from elsewhere").isFalse();
        assertThat(arrives(RELAY, 9000, 7000)).isFalse();
        assertThat(gateway.fromInside(
                Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, NEIGHBOR, 7000, OUTSIDE, 6000, 10)))
                .containsExactly("inside udp 198.51.100.1:7000 > 10.77.0.2:6000");
        assertThat(gateway.fromInside(
                Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 6000, OUTSIDE, 7000, 10)))
                .containsExactly("inside udp 198.51.100.1:6000 > 10.77.0.3:7000");
    }

    @Test
    void shouldNotForgetAnIdleControlConnectionWhoseCallLasts() {
        Duration soon = Duration.ofMillis(20);
        gateway = new GatewayFixture(1_000, Map.of(Timeout.UDP, soon, Timeout.UDP_STREAM, soon),
                List.of(new NatSettings.Masquerade("outside")));
        say(CLIENT, "pair a 6000");
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 9, 10));
        while (gateway.flows().size() > 1) {
            gateway.run();
        }
        assertThat(gateway.flows().getFirst().original().dport()).isEqualTo(SpokenHelper.PORT);
        assertThat(arrives(SERVER, 9000, 6000)).isTrue();

        say(CLIENT, "end a");
        while (!gateway.flows().isEmpty()) {
            gateway.run();
        }
        assertThat(arrives(SERVER, 9001, 6001)).isFalse();
    }

    @Test
    void shouldRefusePortsAndHostsAsEver() {
        say(CLIENT, "pair a 80");
        assertThat(arrives(SERVER, 9000, 80)).isFalse();
        assertThat(outcome("expected")).isZero();
    }

    @Test
    void shouldWriteTheNewLengthOfAPartThatGrew() {
        assertThat(say(CLIENT, "length 3:a1b")).isEqualTo("length 6:a5000b");
        assertThat(say(CLIENT, "length 10:a1345678bc")).isEqualTo("length 13:a5000345678bc");
    }

    @Test
    void shouldWriteALengthThatHasMoreDigitsThanBefore() {
        assertThat(say(CLIENT, "length 8:a1b45678")).isEqualTo("length 11:a5000b45678");
    }

    @Test
    void shouldReadStreamsAndDatagramsOfOneHelper() {
        gateway.fromInside(stream(Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, SpokenHelper.PORT, OUTSIDE, 5000,
                Tcp.SYN | Tcp.ACK, 499, 100, ""));
        gateway.fromInside(stream(Tcp.ACK, 100, 500, ""));
        gateway.fromInside(stream(Tcp.ACK | Tcp.PSH, 100, 500, "length 3"));
        gateway.fromInside(stream(Tcp.ACK | Tcp.PSH, 108, 500, ":a1b\n"));
        assertThat(gateway.out).isNotEmpty();
        byte[] frame = gateway.out.getLast();
        int length = Frames.IP + Ipv4.totalLength(new UnsafeBuffer(frame), Frames.IP);
        assertThat(new String(frame, 0, length, StandardCharsets.ISO_8859_1)).endsWith("length 7:a5000b\n");
        assertThat(say(CLIENT, "pair a 6000")).isEqualTo("pair a 6000");
    }

    private List<String> answer(int from, String text) {
        return gateway.fromInside(
                Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, from, SERVER, 9000, text));
    }

    @Test
    void shouldReadAConnectionThatWasAnnouncedToBeRead() {
        say(CLIENT, "control a 6500");
        assertThat(arrives(SERVER, 9000, 6500)).isTrue();
        answer(6500, "pair b 6600");

        assertThat(arrives(SERVER, 9001, 6600)).isTrue();
        say(CLIENT, "end");
        assertThat(arrives(SERVER, 9001, 6601)).as("the other control connection is still there").isTrue();
        assertThat(arrives(SERVER, 9001, 6500)).isFalse();
    }

    @Test
    void shouldReadNothingMoreWhenTheHelperIsGone() {
        say(CLIENT, "control a 6500");
        gateway.slowPath.view().unloadHelper("spoken");
        gateway.run();
        assertThat(arrives(SERVER, 9000, 6500)).isTrue();
        answer(6500, "pair b 6600");

        assertThat(arrives(SERVER, 9001, 6600)).isFalse();
    }

    private static byte[] stream(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, SpokenHelper.PORT, flags, sequence,
                acknowledgement, text);
    }
}
