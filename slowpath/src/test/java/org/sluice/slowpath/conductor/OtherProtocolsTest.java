package org.sluice.slowpath.conductor;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Sctp;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.settings.Timeout;
import org.sluice.slowpath.view.FlowView;

/** SCTP, ESP and protocols that nobody has a name for. */
class OtherProtocolsTest {
    private static final String OTHER_CLIENT = "10.77.0.3";
    private static final int ESP = 50;
    private static final int CLIENT_PORT = 36412;
    private static final int SERVER_PORT = 38412;
    private static final int CLIENT_TAG = 0xC11E_0001;
    private static final int SERVER_TAG = 0x5E4E_0002;
    private GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    /** @param value of the chunk: an initiate tag, or anything */
    private static byte[] packet(int from, int to, int tag, int chunk, int flags, int value) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[32]);
        b.putShort(0, (short) from, BIG_ENDIAN);
        b.putShort(2, (short) to, BIG_ENDIAN);
        b.putInt(4, tag, BIG_ENDIAN);
        b.putByte(12, (byte) chunk);
        b.putByte(13, (byte) flags);
        b.putShort(14, (short) 20, BIG_ENDIAN);
        b.putInt(16, value, BIG_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(b.byteArray());
        b.putInt(Sctp.CHECKSUM, (int) crc.getValue(), LITTLE_ENDIAN);
        return b.byteArray();
    }

    private List<String> client(int tag, int chunk, int value) {
        return gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP,
                packet(CLIENT_PORT, SERVER_PORT, tag, chunk, 0, value)));
    }

    private List<String> server(int tag, int chunk, int value) {
        return server(tag, chunk, 0, value);
    }

    private List<String> server(int tag, int chunk, int flags, int value) {
        return gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Ipv4.PROTOCOL_SCTP,
                packet(SERVER_PORT, CLIENT_PORT, tag, chunk, flags, value)));
    }

    private void assertState(String state) {
        assertThat(gateway.flows()).singleElement().extracting(FlowView::state).isEqualTo(state);
    }

    private void open() {
        client(0, Sctp.INIT, CLIENT_TAG);
        server(CLIENT_TAG, Sctp.INIT_ACK, SERVER_TAG);
        client(SERVER_TAG, Sctp.COOKIE_ECHO, 0);
        server(CLIENT_TAG, Sctp.COOKIE_ACK, 0);
        assertState("ESTABLISHED");
    }

    @Test
    void shouldFollowAnAssociationFromItsBeginningToItsEnd() {
        assertThat(client(0, Sctp.INIT, CLIENT_TAG)).containsExactly("outside 132 198.51.100.1 > 198.51.100.2");
        assertState("COOKIE_WAIT");
        assertThat(server(CLIENT_TAG, Sctp.INIT_ACK, SERVER_TAG))
                .containsExactly("inside 132 198.51.100.2 > 10.77.0.2");
        client(SERVER_TAG, Sctp.COOKIE_ECHO, 0);
        assertState("COOKIE_ECHOED");
        server(CLIENT_TAG, Sctp.COOKIE_ACK, 0);
        assertState("ESTABLISHED");
        assertThat(client(SERVER_TAG, Sctp.DATA, 0)).hasSize(1);
        assertThat(server(CLIENT_TAG, Sctp.DATA, 0)).hasSize(1);
        server(CLIENT_TAG, Sctp.SHUTDOWN, 0);
        assertState("SHUTDOWN_RECD");
        client(SERVER_TAG, Sctp.SHUTDOWN_ACK, 0);
        assertState("SHUTDOWN_ACK_SENT");
        server(CLIENT_TAG, Sctp.SHUTDOWN_COMPLETE, 0);
        assertState("CLOSED");
        client(0, Sctp.INIT, 77);
        assertState("COOKIE_WAIT");
    }

    /** RFC 9260 6.8: the checksum covers ports, so these stay; it covers no addresses. */
    @Test
    void shouldLeavePortsAndChecksumAlone() {
        byte[] init = packet(CLIENT_PORT, SERVER_PORT, 0, Sctp.INIT, 0, CLIENT_TAG);
        gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP, init));
        byte[] sent = gateway.out.getFirst();
        assertThat(Arrays.copyOfRange(sent, Frames.L4, sent.length)).isEqualTo(init);
        FlowView flow = gateway.flows().getFirst();
        assertThat(flow.proto()).isEqualTo("sctp");
        assertThat(flow.original().sport()).isEqualTo(CLIENT_PORT);
        assertThat(flow.reply().dport()).isEqualTo(CLIENT_PORT);
    }

    @Test
    void shouldForwardDataByTheFastPath() {
        open();
        long before = gateway.meter("sluice_fastpath_packets");
        client(SERVER_TAG, Sctp.DATA, 0);
        server(CLIENT_TAG, Sctp.DATA, 0);
        assertThat(gateway.meter("sluice_fastpath_packets")).isEqualTo(before + 2);
    }

    @Test
    void shouldBelieveNoAbortWithAWrongTag() {
        open();
        assertThat(server(CLIENT_TAG + 1, Sctp.ABORT, 0)).as("its receiver judges it").hasSize(1);
        assertState("ESTABLISHED");
        server(SERVER_TAG, Sctp.ABORT, 0);
        assertState("ESTABLISHED");
        server(SERVER_TAG, Sctp.ABORT, Sctp.REFLECTED_TAG, 0);
        assertState("CLOSED");
    }

    @Test
    void shouldBeginWithNothingButInitOrHeartbeat() {
        for (int chunk : List.of(Sctp.DATA, Sctp.INIT_ACK, Sctp.COOKIE_ECHO, Sctp.ABORT, Sctp.SHUTDOWN_COMPLETE)) {
            assertThat(client(SERVER_TAG, chunk, 0)).isEmpty();
        }
        assertThat(gateway.meter("sluice_drops", "reason", "not_a_flow")).isEqualTo(5);
        assertThat(client(SERVER_TAG, Sctp.HEARTBEAT, 0)).hasSize(1);
        assertState("HEARTBEAT_SENT");
        assertThat(server(CLIENT_TAG, Sctp.HEARTBEAT_ACK, 0)).hasSize(1);
        assertState("ESTABLISHED");
    }

    @Test
    void shouldBeginNothingWithAWrongChecksum() {
        byte[] init = packet(CLIENT_PORT, SERVER_PORT, 0, Sctp.INIT, 0, CLIENT_TAG);
        init[20] ^= 1;
        assertThat(gateway.fromInside(
                Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP, init))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "transport_checksum")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11})
    void shouldDropAHeaderThatIsCut(int length) {
        assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP,
                new byte[length]))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "transport_malformed")).isEqualTo(1);
    }

    /** The header alone, and every cut of the first chunk, in and outside a flow. */
    @Test
    void shouldStandAnyLengthOfTheFirstChunk() {
        open();
        for (int length = Sctp.HEADER_LENGTH; length < 32; length++) {
            for (int chunk : List.of(Sctp.INIT, Sctp.INIT_ACK, Sctp.ABORT, 255)) {
                byte[] cut = Arrays.copyOf(packet(CLIENT_PORT, SERVER_PORT, 1, chunk, 0, 0), length);
                assertThat(gateway.fromInside(
                        Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP, cut))).hasSize(1);
            }
        }
        assertState("ESTABLISHED");
    }

    /** Its port would have to change, and can't: better none than one that gets another's answers. */
    @Test
    void shouldRefuseASecondHostOfTheSamePorts() {
        open();
        assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, OTHER_CLIENT, SERVER,
                Ipv4.PROTOCOL_SCTP, packet(CLIENT_PORT, SERVER_PORT, 0, Sctp.INIT, 0, 9))))
                .containsExactly("inside icmp 3/13 10.77.0.1 > 10.77.0.3");
        assertThat(gateway.meter("sluice_drops", "reason", "nat_exhausted")).isEqualTo(1);
    }

    @Test
    void shouldAskPolicyByPort() {
        gateway.policy(Action.DROP, new Rule("inside", "outside", Set.of(Ipv4.PROTOCOL_SCTP),
                List.of(new PortRange(SERVER_PORT, SERVER_PORT)), Action.ACCEPT));
        assertThat(client(0, Sctp.INIT, CLIENT_TAG)).hasSize(1);
        assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP,
                packet(CLIENT_PORT, SERVER_PORT + 1, 0, Sctp.INIT, 0, 9)))).isEmpty();
    }

    @Test
    void shouldCarryAnErrorAboutIt() {
        client(0, Sctp.INIT, CLIENT_TAG);
        byte[] sent = gateway.out.getFirst();
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE,
                Icmp.UNREACHABLE, 2, sent, 28))).containsExactly("inside icmp 3/2 198.51.100.2 > 10.77.0.2");
    }

    @Test
    void shouldLeadAPortForwardToAServerInside() {
        gateway = new GatewayFixture(1_000, Map.of(), List.of(new NatSettings.Dnat("outside", Ipv4.PROTOCOL_SCTP,
                SERVER_PORT, SERVER_PORT, GatewayFixture.address(CLIENT), SERVER_PORT)));
        gateway.policy(Action.ACCEPT);
        assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Ipv4.PROTOCOL_SCTP,
                packet(CLIENT_PORT, SERVER_PORT, 0, Sctp.INIT, 0, CLIENT_TAG))))
                .containsExactly("inside 132 198.51.100.2 > 10.77.0.2");
        assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Ipv4.PROTOCOL_SCTP,
                packet(SERVER_PORT, CLIENT_PORT, CLIENT_TAG, Sctp.INIT_ACK, 0, SERVER_TAG))))
                .containsExactly("outside 132 198.51.100.1 > 198.51.100.2");
    }

    @Test
    void shouldFollowItOverIpv6() {
        byte[] init = packet(CLIENT_PORT, SERVER_PORT, 0, Sctp.INIT, 0, CLIENT_TAG);
        assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, SERVER6, Ipv4.PROTOCOL_SCTP,
                init))).containsExactly("outside 132 fd77::2 > 2001:db8:77::2");
        assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, CLIENT6, Ipv4.PROTOCOL_SCTP,
                packet(SERVER_PORT, CLIENT_PORT + 1, CLIENT_TAG, Sctp.DATA, 0, 0)))).as("of another port").isEmpty();
        assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, CLIENT6, Ipv4.PROTOCOL_SCTP,
                packet(SERVER_PORT, CLIENT_PORT, CLIENT_TAG, Sctp.INIT_ACK, 0, SERVER_TAG)))).hasSize(1);
        assertState("COOKIE_WAIT");
    }

    private List<String> other(String client, int protocol, String payload) {
        return gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, client, SERVER, protocol,
                payload.getBytes(StandardCharsets.US_ASCII)));
    }

    /** ESP's checksum is its own; what comes back from a peer is for the one host that speaks to it. */
    @ParameterizedTest
    @ValueSource(ints = {ESP, 99, 255})
    void shouldTranslateByAddressWhatHasNoPorts(int protocol) {
        assertThat(other(CLIENT, protocol, "SPI1data")).containsExactly(
                "outside " + protocol + " 198.51.100.1 > 198.51.100.2");
        assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, protocol,
                new byte[]{1, 2, 3}))).containsExactly("inside " + protocol + " 198.51.100.2 > 10.77.0.2");
        assertThat(other(OTHER_CLIENT, protocol, "SPI2data")).as("the peer is taken")
                .containsExactly("inside icmp 3/13 10.77.0.1 > 10.77.0.3");
        assertThat(gateway.flows()).singleElement().extracting(FlowView::timeoutSeconds)
                .satisfies(s -> assertThat((long) s).isBetween(590L, 600L));
    }

    @Test
    void shouldLetNothingInThatWasNotAsked() {
        for (int protocol : List.of(ESP, Ipv4.PROTOCOL_SCTP, 99)) {
            assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, CLIENT6, protocol,
                    packet(SERVER_PORT, CLIENT_PORT, 0, Sctp.INIT, 0, 9)))).isEmpty();
        }
        assertThat(gateway.meter("sluice_drops", "reason", "policy")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {ESP, 99, Ipv4.PROTOCOL_ICMP})
    void shouldPassThemOverIpv6(int protocol) {
        assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT6, SERVER6, protocol,
                new byte[12]))).hasSize(1);
        assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER6, CLIENT6, protocol,
                new byte[12]))).hasSize(1);
    }

    @Test
    void shouldAskPolicyByProtocol() {
        gateway.policy(Action.DROP, new Rule("inside", "outside", Set.of(ESP), List.of(), Action.ACCEPT));
        assertThat(other(CLIENT, ESP, "12345678")).hasSize(1);
        assertThat(other(CLIENT, 99, "12345678")).isEmpty();
    }

    @Test
    void shouldForgetAnAssociationThatNobodyAnswered() {
        gateway = new GatewayFixture(1_000, Map.of(Timeout.SCTP_COOKIE_WAIT, Duration.ofMillis(1)),
                List.of(new NatSettings.Masquerade("outside")));
        client(0, Sctp.INIT, CLIENT_TAG);
        for (long end = System.nanoTime() + 5_000_000_000L; !gateway.flows().isEmpty() && System.nanoTime() < end;) {
            gateway.run();
        }
        assertThat(gateway.flows()).isEmpty();
    }
}
