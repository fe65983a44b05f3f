package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;

/** What is counted, where it is not told by the packets that come out. */
class AccountsTest {
    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static byte[] out(int port) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, port, SERVER, 53, 40);
    }

    private void client(int flags, int sequence, int acknowledgement, String text) {
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 21, flags, sequence,
                acknowledgement, text));
    }

    private void server(int flags, int sequence, int acknowledgement, String text) {
        gateway.fromOutside(Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 21, OUTSIDE, 5000, flags, sequence,
                acknowledgement, text));
    }

    private void announceDataPort(int port) {
        client(Tcp.SYN, 100, 0, "");
        server(Tcp.SYN | Tcp.ACK, 500, 101, "");
        client(Tcp.ACK, 101, 501, "");
        server(Tcp.ACK | Tcp.PSH, 501, 101, "220 hello\r\n");
        client(Tcp.ACK | Tcp.PSH, 101, 512, "USER me\r\n");
        server(Tcp.ACK, 512, 110, "");
        client(Tcp.ACK | Tcp.PSH, 110, 512, "PORT 10,77,0,2," + port / 256 + "," + port % 256 + "\r\n");
    }

    @Test
    void shouldDropWithAReasonWhatTheDeviceRefuses() {
        gateway.fromInside(out(4000));
        gateway.fromInside(out(4000));
        long forwarded = gateway.meter("sluice_forwarded_packets");
        gateway.outside.refuse(1);
        assertThat(gateway.fromInside(out(4000))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "tx_refused")).isEqualTo(1);
        assertThat(gateway.meter("sluice_forwarded_packets")).isEqualTo(forwarded);
        assertThat(gateway.meter("sluice_held_packets")).isZero();
        assertThat(gateway.fromInside(out(4000))).hasSize(1);
        assertThat(gateway.meter("sluice_forwarded_packets")).isEqualTo(forwarded + 1);
    }

    @Test
    void shouldDropWithAReasonWhatTheDeviceRefusesOfTheSlowPath() {
        gateway.fromInside(out(4000));
        gateway.outside.refuse(1);
        // another flow begins; the server's address is known
        assertThat(gateway.fromInside(out(4001))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "tx_refused")).isEqualTo(1);
    }

    @Test
    void shouldNotCountARefusedFrameOfItsOwnAsAReceivedOne() {
        byte[] ping = Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, GatewayFixture.INSIDE, Icmp.ECHO_REQUEST, 5);
        gateway.fromInside(ping);
        long originated = gateway.meter("sluice_originated_packets");
        gateway.inside.refuse(1);
        byte[] lastHop = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, "203.0.113.1", 53, 40);
        Ipv4.ttl(new UnsafeBuffer(lastHop), Frames.IP, 1);
        assertThat(gateway.fromInside(Frames.sealed(lastHop))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "ttl")).isEqualTo(1);
        assertThat(gateway.meter("sluice_drops", "reason", "tx_refused")).isZero();
        assertThat(gateway.meter("sluice_forwarded_packets")).isZero();
        assertThat(gateway.meter("sluice_originated_packets")).isEqualTo(originated);
    }

    @Test
    void shouldCountAnExpectationThatIsFulfilled() {
        announceDataPort(4100);
        assertThat(gateway.meter("sluice_helper_events", "event", "expected")).isEqualTo(1);
        assertThat(gateway.meter("sluice_helper_events", "event", "fulfilled")).isZero();
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 20, OUTSIDE, 4100, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp 198.51.100.2:20 > 10.77.0.2:4100");
        assertThat(gateway.meter("sluice_helper_events", "helper", "ftp", "event", "fulfilled")).isEqualTo(1);
        assertThat(gateway.meter("sluice_expectations", "helper", "ftp", "outcome", "fulfilled")).isEqualTo(1);
        assertThat(gateway.meter("sluice_expectations", "helper", "ftp", "outcome", "expected")).isEqualTo(1);
    }
}
