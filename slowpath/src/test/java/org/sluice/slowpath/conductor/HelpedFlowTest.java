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
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.view.FlowFilter;

/** An FTP control connection crosses the gateway. */
class HelpedFlowTest {
    private static final int PUSH = Tcp.ACK | Tcp.PSH;
    private final GatewayFixture gateway = new GatewayFixture();

    @BeforeEach
    void connectAndIntroduce() {
        gateway.fromInside(client(Tcp.SYN, 99, 0, ""));
        gateway.fromOutside(server(Tcp.SYN | Tcp.ACK, 499, 100, ""));
        gateway.fromInside(client(Tcp.ACK, 100, 500, ""));
        gateway.fromOutside(server(PUSH, 500, 100, "220 hi\r\n"));
        gateway.fromInside(client(PUSH, 100, 508, "USER u\r\n"));
        gateway.fromOutside(server(Tcp.ACK, 508, 108, ""));
    }

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static byte[] client(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 21, flags, sequence, acknowledgement, text);
    }

    private static byte[] server(int flags, int sequence, int acknowledgement, String text) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 21, OUTSIDE, 5000, flags, sequence, acknowledgement,
                text);
    }

    private String text() {
        byte[] frame = gateway.out.getFirst();
        int headers = Frames.L4 + Tcp.HEADER_LENGTH;
        int length = Frames.IP + Ipv4.totalLength(new UnsafeBuffer(frame), Frames.IP) - headers;
        return new String(frame, headers, length, StandardCharsets.US_ASCII);
    }

    @Test
    void shouldRewriteAndCorrectAcknowledgements() {
        assertThat(gateway.fromInside(client(PUSH, 108, 508, "PORT 10,77,0,2,19,137\r\n"))).hasSize(1);
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        gateway.fromOutside(server(Tcp.ACK, 508, 134, ""));
        assertThat(Tcp.acknowledgement(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4)).isEqualTo(131);
    }

    @Test
    void shouldNotMakeADamagedSegmentLookWhole() {
        byte[] damaged = client(PUSH, 108, 508, "PORT 10,77,0,2,19,137\r\n");
        damaged[damaged.length - 4] ^= 1;
        assertThat(gateway.fromInside(damaged)).isEmpty();
        assertThat(gateway.fromInside(client(PUSH, 108, 508, "PORT 10,77,0,2,19,137\r\n"))).hasSize(1);
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
    }

    @Test
    void shouldHoldACommandUntilItIsWhole() {
        assertThat(gateway.fromInside(client(PUSH, 108, 508, "PORT 10,77,"))).isEmpty();
        assertThat(gateway.fromInside(client(PUSH, 119, 508, "0,2,19,137\r\n"))).hasSize(1);
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
    }

    @Test
    void shouldLetTheServerReachAClientThatNamesItsPublicAddress() {
        gateway.fromInside(client(PUSH, 108, 508, "PORT 198,51,100,1,19,137\r\n"));
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
        byte[] syn = Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 20, OUTSIDE, 5001, Tcp.SYN, 1, 0, "");
        assertThat(gateway.fromOutside(syn)).containsExactly("inside tcp 198.51.100.2:20 > 10.77.0.2:5001");
    }

    /** The server counts four bytes less than the client has sent, and yet has acknowledged all of them. */
    @Test
    void shouldSeeTheEndOfAConnectionWhoseTextBecameShorter() {
        gateway.fromInside(client(PUSH, 108, 508, "PORT 010,077,000,002,019,137\r\n"));
        assertThat(text()).isEqualTo("PORT 198,51,100,1,19,137\r\n");
        gateway.fromOutside(server(Tcp.ACK | Tcp.FIN, 508, 134, ""));
        gateway.fromInside(client(Tcp.ACK | Tcp.FIN, 138, 509, ""));
        gateway.fromOutside(server(Tcp.ACK, 509, 135, ""));

        assertThat(gateway.flows().getFirst().state()).isEqualTo("TIME_WAIT");
    }

    /** Nine announcements where eight may stand, then the end: each expectation has one outcome. */
    @Test
    void shouldTellWhatBecameOfEachExpectation() {
        int sequence = 108;
        for (int i = 0; i < 9; i++) {
            String command = "PORT 10,77,0,2,19," + (100 + i) + "\r\n";
            gateway.fromInside(client(PUSH, sequence, 508, command));
            sequence += command.length();
        }
        gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 20, OUTSIDE, 19 * 256 + 108, Tcp.SYN, 1, 0, ""));
        gateway.slowPath.view().flushFlows(FlowFilter.ALL);
        gateway.run();

        assertThat(outcome("expected")).isEqualTo(9);
        assertThat(outcome("replaced")).isEqualTo(1);
        assertThat(outcome("fulfilled")).isEqualTo(1);
        assertThat(outcome("ended")).isEqualTo(7);
    }

    private long outcome(String name) {
        return gateway.meter("sluice_expectations", "helper", "ftp", "outcome", name);
    }
}
