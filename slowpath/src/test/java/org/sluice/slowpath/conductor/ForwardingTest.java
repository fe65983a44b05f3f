package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.Timeout;
import org.sluice.slowpath.view.FlowView;

/** What a gateway does with ordinary traffic. */
class ForwardingTest {
    private GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static byte[] out(int port) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, port, SERVER, 53, 40);
    }

    private static byte[] back(int port) {
        return Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 53, OUTSIDE, port, 40);
    }

    private static byte[] clientTcp(int flags, int sequence, int acknowledgement) {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 80, flags, sequence, acknowledgement, "");
    }

    private static byte[] serverTcp(int flags, int sequence, int acknowledgement) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 80, OUTSIDE, 5000, flags, sequence, acknowledgement, "");
    }

    @Test
    void shouldMasqueradeAndBringTheAnswerBack() {
        assertThat(gateway.fromInside(out(4000))).containsExactly("outside udp 198.51.100.1:4000 > 198.51.100.2:53");
        UnsafeBuffer sent = new UnsafeBuffer(gateway.out.getFirst());
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(Ipv4.ttl(sent, Frames.IP)).isEqualTo(63);
        assertThat(Ethernet.source(sent, 0)).isEqualTo(GATEWAY_OUTSIDE);
        assertThat(Ethernet.destination(sent, 0)).isEqualTo(SERVER_MAC);

        assertThat(gateway.fromOutside(back(4000))).containsExactly("inside udp 198.51.100.2:53 > 10.77.0.2:4000");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(gateway.fromOutside(back(4000))).hasSize(1);
        assertThat(gateway.meter("sluice_fastpath_packets")).as("once the client's address is known").isEqualTo(1);
    }

    @Test
    void shouldGiveTwoHostsThatUseTheSamePortDifferentOnes() {
        gateway.fromInside(out(4000));
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.3", 4000, SERVER, 53, 40));
        List<FlowView> flows = gateway.flows();
        assertThat(flows).hasSize(2);
        assertThat(flows.get(0).reply().dport()).isEqualTo(4000);
        assertThat(flows.get(1).reply().dport()).isNotEqualTo(4000).isGreaterThanOrEqualTo(1024);
    }

    @Test
    void shouldKeepOneOutsidePortTowardEveryDestination() {
        gateway.fromInside(out(4000));
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.3", 4000, SERVER, 53, 40));
        int port = gateway.flows().get(1).reply().dport();
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.3", 4000, "203.0.113.9", 53, 40));
        assertThat(gateway.flows().get(2).reply().dport()).isEqualTo(port);
    }

    @Test
    void shouldTranslatePingsByTheirIdentifier() {
        assertThat(gateway.fromInside(Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, Icmp.ECHO_REQUEST, 77)))
                .containsExactly("outside icmp 8/0 198.51.100.1 > 198.51.100.2");
        assertThat(gateway.fromOutside(Frames.echo(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.ECHO_REPLY, 77)))
                .containsExactly("inside icmp 0/0 198.51.100.2 > 10.77.0.2");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
    }

    /** Sequence numbers begin anywhere and wrap (RFC 9293 3.4.1). */
    @ParameterizedTest
    @CsvSource({"100, 500", "-2000000000, -1000000000", "2147483646, -2", "-1, 2147483647"})
    void shouldFollowATcpConnectionThroughAllItsStates(int client, int server) {
        gateway.fromInside(clientTcp(Tcp.SYN, client, 0));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("SYN_SENT");
        gateway.fromOutside(serverTcp(Tcp.SYN | Tcp.ACK, server, client + 1));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("SYN_RECV");
        gateway.fromInside(clientTcp(Tcp.ACK, client + 1, server + 1));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("ESTABLISHED");
        assertThat(gateway.flows().getFirst().assured()).isTrue();
        gateway.fromInside(clientTcp(Tcp.FIN | Tcp.ACK, client + 1, server + 1));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("FIN_WAIT");
        gateway.fromOutside(serverTcp(Tcp.ACK, server + 1, client + 2));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("CLOSE_WAIT");
        gateway.fromOutside(serverTcp(Tcp.FIN | Tcp.ACK, server + 1, client + 2));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("LAST_ACK");
        gateway.fromInside(clientTcp(Tcp.ACK, client + 2, server + 2));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("TIME_WAIT");
        assertThat(gateway.flows().getFirst().original().packets()).isEqualTo(4);
        assertThat(gateway.flows().getFirst().reply().packets()).isEqualTo(3);
    }

    @Test
    void shouldNotLetAForgedResetEndAConnection() {
        establish();
        for (int sequence : new int[]{0, 501 + 42, 501 + 1_000_000}) {
            gateway.fromOutside(serverTcp(Tcp.RST, sequence, 0));
            assertThat(gateway.flows().getFirst().state()).isEqualTo("ESTABLISHED");
        }
        assertThat(gateway.meter("sluice_drops", "reason", "tcp_reset")).as("those outside the window").isEqualTo(2);
        gateway.fromOutside(serverTcp(Tcp.RST, 501, 0));
        assertThat(gateway.flows().getFirst().state()).isEqualTo("CLOSE");
    }

    private void establish() {
        gateway.fromInside(clientTcp(Tcp.SYN, 100, 0));
        gateway.fromOutside(serverTcp(Tcp.SYN | Tcp.ACK, 500, 101));
        gateway.fromInside(clientTcp(Tcp.ACK, 101, 501));
    }

    @Test
    void shouldLetASynReuseThePortsOfAConnectionThatIsOver() {
        establish();
        gateway.fromOutside(serverTcp(Tcp.RST, 501, 0));
        gateway.fromInside(clientTcp(Tcp.SYN, 9000, 0));
        assertThat(gateway.flows()).hasSize(1);
        assertThat(gateway.flows().getFirst().state()).isEqualTo("SYN_SENT");
    }

    @Test
    void shouldForwardAPortToTheServerInside() {
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3000, OUTSIDE, 21, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp 198.51.100.2:3000 > 10.77.0.20:21");
        assertThat(gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.20", 21, SERVER, 3000, Tcp.SYN | Tcp.ACK, 7, 2, "")))
                .containsExactly("outside tcp 198.51.100.1:21 > 198.51.100.2:3000");
    }

    @Test
    void shouldReachThePortForwardFromInsideToo() {
        assertThat(gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 3000, OUTSIDE, 21, Tcp.SYN, 1, 0, "")))
                .containsExactly("inside tcp 198.51.100.1:3000 > 10.77.0.20:21");
        assertThat(gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.20", 21, OUTSIDE, 3000, Tcp.SYN | Tcp.ACK, 7, 2, "")))
                .containsExactly("inside tcp 198.51.100.1:21 > 10.77.0.2:3000");
    }

    @Test
    void shouldDropWhatNoRuleLetsIn() {
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3000, OUTSIDE, 22, Tcp.SYN, 1, 0, ""))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "policy")).isEqualTo(1);
    }

    @Test
    void shouldAnswerPingsAndArpForItself() {
        assertThat(gateway.fromInside(
                Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, GatewayFixture.INSIDE, Icmp.ECHO_REQUEST, 5)))
                .containsExactly("inside icmp 0/0 10.77.0.1 > 10.77.0.2");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        gateway.inside.offer(Frames.arp(Ethernet.BROADCAST, CLIENT_MAC, 1, CLIENT, GatewayFixture.INSIDE));
        gateway.worker.doWork();
        gateway.slowPath.conductor().doWork();
        gateway.worker.doWork();
        assertThat(Frames.describe(gateway.inside.take())).isEqualTo("arp reply 10.77.0.1 to 10.77.0.2");
    }

    @Test
    void shouldTellTheSenderThatTheTimeToLiveIsUsedUp() {
        byte[] frame = out(4000);
        Ipv4.ttl(new UnsafeBuffer(frame), Frames.IP, 1);
        assertThat(gateway.fromInside(Frames.sealed(frame))).containsExactly("inside icmp 11/0 10.77.0.1 > 10.77.0.2");
        assertThat(gateway.flows()).isEmpty();
    }

    @Test
    void shouldTellTheSenderOfALargePacketWhatTheNextLinkTakes() {
        gateway.fromInside(out(4000));
        gateway.outside.mtu(600);
        byte[] large = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, SERVER, 53, 1000);
        Ipv4.flagsAndFragment(new UnsafeBuffer(large), Frames.IP, Ipv4.DONT_FRAGMENT);
        assertThat(gateway.fromInside(Frames.sealed(large))).containsExactly("inside icmp 3/4 10.77.0.1 > 10.77.0.2");
        assertThat(new UnsafeBuffer(gateway.out.getFirst()).getShort(Frames.L4 + 6, ByteOrder.BIG_ENDIAN))
                .isEqualTo((short) 600);
    }

    @Test
    void shouldCutALargePacketThatMayBeFragmented() {
        gateway.fromInside(out(4000));
        gateway.outside.mtu(600);
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, SERVER, 53, 1000));
        assertThat(gateway.out).hasSize(2).allMatch(f -> f.length <= 614);
    }

    @Test
    void shouldPutFragmentsTogetherInAnyOrderBeforeItTranslates() {
        byte[] whole = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, SERVER, 53, 1200);
        byte[] first = Frames.fragment(whole, 0, 800, true);
        byte[] second = Frames.fragment(whole, 800, 408, false);
        assertThat(gateway.fromInside(second)).isEmpty();
        assertThat(gateway.meter("sluice_held_packets")).isEqualTo(1);
        assertThat(gateway.fromInside(first)).containsExactly("outside udp 198.51.100.1:4000 > 198.51.100.2:53");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(gateway.meter("sluice_held_packets")).isZero();
    }

    @Test
    void shouldDropADatagramWhoseFragmentsOverlap() {
        byte[] whole = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, SERVER, 53, 1200);
        gateway.fromInside(Frames.fragment(whole, 0, 800, true));
        assertThat(gateway.fromInside(Frames.fragment(whole, 792, 416, false))).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "fragment")).isEqualTo(2);
    }

    @Test
    void shouldCarryAnIcmpErrorToTheHostItConcerns() {
        gateway.fromInside(out(4000));
        byte[] sent = gateway.out.getFirst();
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "198.51.100.254", OUTSIDE,
                Icmp.UNREACHABLE, Icmp.HOST_UNREACHABLE, sent, 28)))
                .containsExactly("inside icmp 3/1 198.51.100.254 > 10.77.0.2");
        byte[] error = gateway.out.getFirst();
        assertThat(Frames.isSealed(error)).isTrue();
        byte[] embedded = new byte[28];
        System.arraycopy(error, Frames.L4 + Icmp.HEADER_LENGTH, embedded, 0, 28);
        byte[] asFrame = new byte[14 + 28];
        System.arraycopy(embedded, 0, asFrame, 14, 28);
        assertThat(Frames.describe(asFrame)).isEqualTo("udp 10.77.0.2:4000 > 198.51.100.2:53");
    }

    @Test
    void shouldDropAnIcmpErrorAboutNoFlow() {
        byte[] never = Frames.udp(SERVER_MAC, GATEWAY_OUTSIDE, OUTSIDE, 1234, SERVER, 53, 40);
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, 3, 3, never, 28)))
                .isEmpty();
    }

    @Test
    void shouldKeepPacketsUntilTheNextHopAnswersArp() {
        gateway.silence("198.51.100.254");
        byte[] far = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4000, "203.0.113.7", 53, 40);
        assertThat(gateway.fromInside(far)).isEmpty();
        assertThat(gateway.meter("sluice_held_packets")).isEqualTo(1);
        assertThat(gateway.fromOutside(Frames.arp(GATEWAY_OUTSIDE, SERVER_MAC, 2, "198.51.100.254", OUTSIDE)))
                .containsExactly("outside udp 198.51.100.1:4000 > 203.0.113.7:53");
    }

    @Test
    void shouldSendTheSameWayOutWhenANeighborMoves() {
        gateway.fromInside(out(4000));
        long moved = 0x02_00_00_00_00_CCL;
        gateway.fromOutside(Frames.arp(Ethernet.BROADCAST, moved, 1, SERVER, SERVER));
        gateway.fromInside(out(4000));
        assertThat(Ethernet.destination(new UnsafeBuffer(gateway.out.getFirst()), 0)).isEqualTo(moved);
    }

    @Test
    void shouldEndAFlowThatHasBeenIdle() {
        gateway = new GatewayFixture(1_000, Map.of(Timeout.UDP, Duration.ofMillis(1)),
                List.of(new NatSettings.Masquerade("outside")));
        gateway.fromInside(out(4000));
        // it may be over by now, so only what stays is looked at
        assertThat(gateway.meter("sluice_flows_created")).isEqualTo(1);
        while (gateway.meter("sluice_flows_ended", "reason", "timeout") == 0) {
            gateway.run();
        }
        assertThat(gateway.flows()).isEmpty();
        assertThat(gateway.meter("sluice_nat_ports_used")).isZero();
    }
}
