package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.settings.NatSettings;

/** What a hostile or broken network sends: each case is a named drop or a proper ICMP error, and nothing else suffers. */
class BadInputTest {
    private GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void nothingElseSuffers() {
        assertThat(gateway.fromInside(datagram())).as("ordinary traffic goes on").hasSize(1);
        gateway.assertAllAccountedFor();
        assertThat(gateway.meter("sluice_drops", "reason", "internal")).isZero();
    }

    private static byte[] datagram() {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 999, SERVER, 53, 20);
    }

    private static byte[] syn() {
        return Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 80, Tcp.SYN, 1, 0, "");
    }

    private void assertDropped(byte[] frame, String reason) {
        assertDropped(frame, reason, true);
    }

    private void assertDropped(byte[] frame, String reason, boolean silently) {
        long before = gateway.meter("sluice_drops", "reason", reason);
        List<String> out = gateway.fromInside(frame);
        assertThat(gateway.meter("sluice_drops", "reason", reason)).as(reason).isEqualTo(before + 1);
        if (silently) {
            assertThat(out).isEmpty();
        }
    }

    private static byte[] changed(byte[] frame, Consumer<UnsafeBuffer> change) {
        change.accept(new UnsafeBuffer(frame));
        return Frames.sealed(frame);
    }

    @Test
    void shouldDropLyingIpHeaders() {
        assertDropped(Arrays.copyOf(datagram(), 13), "truncated");
        assertDropped(Arrays.copyOf(datagram(), 33), "truncated");
        assertDropped(Arrays.copyOf(datagram(), 50), "truncated");
        byte[] version = datagram();
        version[Frames.IP] = 0x65;
        assertDropped(version, "ip_malformed");
        for (int ihl = 0; ihl < 5; ihl++) {
            byte[] frame = datagram();
            frame[Frames.IP] = (byte) (0x40 | ihl);
            assertDropped(frame, "ip_malformed");
        }
        byte[] shortTotal = datagram();
        Ipv4.totalLength(new UnsafeBuffer(shortTotal), Frames.IP, 19);
        assertDropped(shortTotal, "ip_malformed");
        byte[] longTotal = datagram();
        Ipv4.totalLength(new UnsafeBuffer(longTotal), Frames.IP, 1400);
        assertDropped(longTotal, "truncated");
        byte[] checksum = datagram();
        checksum[Frames.IP + 10] ^= 1;
        assertDropped(checksum, "ip_checksum");
    }

    @Test
    void shouldDropLyingTransportHeaders() {
        for (int offset = 0; offset < 20; offset += 4) {
            int length = offset;
            assertDropped(changed(syn(), b -> Tcp.headerLength(b, Frames.L4, length)), "transport_malformed");
        }
        assertDropped(changed(syn(), b -> Tcp.headerLength(b, Frames.L4, 60)), "transport_malformed");
        byte[] shortUdp = datagram();
        Udp.length(new UnsafeBuffer(shortUdp), Frames.L4, 7);
        assertDropped(shortUdp, "transport_malformed");
        byte[] longUdp = datagram();
        Udp.length(new UnsafeBuffer(longUdp), Frames.L4, 29);
        assertDropped(longUdp, "transport_malformed");
    }

    @Test
    void shouldNotMakeAFlowFromAPacketWithAWrongChecksum() {
        byte[] frame = syn();
        frame[Frames.L4 + Tcp.CHECKSUM] ^= 1;
        assertDropped(frame, "transport_checksum");
        assertThat(gateway.flows()).isEmpty();
    }

    @Test
    void shouldLeaveAMissingUdpChecksumMissing() {
        byte[] frame = datagram();
        Udp.checksum(new UnsafeBuffer(frame), Frames.L4, 0);
        assertThat(gateway.fromInside(frame)).hasSize(1);
        assertThat(Udp.checksum(new UnsafeBuffer(gateway.out.getFirst()), Frames.L4)).isZero();
    }

    @Test
    void shouldDropFlagsThatNobodyUses() {
        int[] combinations = {0, Tcp.FIN | Tcp.URG | Tcp.PSH, Tcp.SYN | Tcp.FIN, Tcp.SYN | Tcp.RST, 0xFF};
        for (int flags : combinations) {
            assertDropped(changed(syn(), b -> Tcp.flags(b, Frames.L4, flags)), "tcp_flags");
        }
    }

    @Test
    void shouldDropSegmentsOfNoConnection() {
        for (int flags : new int[]{Tcp.ACK, Tcp.RST, Tcp.FIN | Tcp.ACK, Tcp.SYN | Tcp.ACK}) {
            assertDropped(changed(syn(), b -> Tcp.flags(b, Frames.L4, flags)), "not_a_flow");
        }
    }

    @Test
    void shouldDropFramesThatAreNotForTheGateway() {
        byte[] other = datagram();
        Ethernet.addresses(new UnsafeBuffer(other), 0, 0x02_00_00_00_00_77L, CLIENT_MAC);
        assertDropped(other, "not_for_us");
        byte[] own = datagram();
        Ethernet.addresses(new UnsafeBuffer(own), 0, GATEWAY_INSIDE, GATEWAY_INSIDE);
        assertDropped(own, "own_mac");
        byte[] unknown = datagram();
        Ethernet.header(new UnsafeBuffer(unknown), 0, GATEWAY_INSIDE, CLIENT_MAC, 0x9000);
        assertDropped(unknown, "ethertype");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.2.3", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.77.0.1", "10.77.0.255",
            "198.51.100.7"})
    void shouldDropMartianSources(String source) {
        assertDropped(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, source, 1, SERVER, 53, 20), "martian");
    }

    @Test
    void shouldDropMartianAndGroupDestinations() {
        assertDropped(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1, "127.0.0.1", 53, 20), "martian");
        assertDropped(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1, "240.0.0.1", 53, 20), "martian");
        assertDropped(Frames.udp(Ethernet.BROADCAST, CLIENT_MAC, CLIENT, 1, "255.255.255.255", 67, 20), "broadcast");
        assertDropped(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1, "198.51.100.255", 53, 20), "broadcast");
        assertDropped(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1, "239.1.2.3", 53, 20), "broadcast");
        assertDropped(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1, CLIENT, 1, 20), "land");
    }

    @Test
    void shouldDropSourceRoutedPackets() {
        byte[] frame = datagram();
        byte[] withOptions = new byte[frame.length + 8];
        System.arraycopy(frame, 0, withOptions, 0, Frames.L4);
        System.arraycopy(frame, Frames.L4, withOptions, Frames.L4 + 8, frame.length - Frames.L4);
        UnsafeBuffer b = new UnsafeBuffer(withOptions);
        Ipv4.versionAndHeaderLength(b, Frames.IP, 28);
        Ipv4.totalLength(b, Frames.IP, withOptions.length - Frames.IP);
        withOptions[Frames.L4] = (byte) 131;
        withOptions[Frames.L4 + 1] = 7;
        assertDropped(Frames.sealed(withOptions), "source_route");
        withOptions[Frames.L4] = 7;
        assertThat(gateway.fromInside(Frames.sealed(withOptions))).as("record route is harmless").hasSize(1);
        withOptions[Frames.L4 + 1] = 0;
        assertDropped(Frames.sealed(withOptions), "source_route");
    }

    @Test
    void shouldRefuseNewFlowsWhenTheTableIsFullAndKeepTheOldOnes() {
        gateway = new GatewayFixture(10, Map.of(), List.of(new NatSettings.Masquerade("outside")));
        gateway.fromInside(datagram());
        for (int port = 1000; port < 1009; port++) {
            assertThat(gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, port, SERVER, 53, 20)))
                    .hasSize(1);
        }
        assertThat(gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 2000, SERVER, 53, 20)))
                .containsExactly("inside icmp 3/13 10.77.0.1 > 10.77.0.2");
        assertThat(gateway.meter("sluice_drops", "reason", "table_full")).isEqualTo(1);
        assertThat(gateway.flows()).hasSize(10);
    }

    @Test
    void shouldTellTheSenderWhenNoOutsidePortIsFree() {
        gateway.fromInside(datagram());
        Random random = new Random(3);
        for (int port = 1; port < 65536; port++) {
            gateway.slowPath.tables().mappings().use(Ipv4.PROTOCOL_UDP, IpAddress.v4(random.nextInt()), port,
                    IpAddress.v4(0xC6336401));
        }
        assertThat(gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 2000, SERVER, 53, 20)))
                .containsExactly("inside icmp 3/13 10.77.0.1 > 10.77.0.2");
        assertThat(gateway.meter("sluice_drops", "reason", "nat_exhausted")).isEqualTo(1);
    }

    @Test
    void shouldReportAHostThatDoesNotAnswerArp() {
        gateway.silence("10.77.0.20");
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3000, OUTSIDE, 21, Tcp.SYN, 1, 0, ""))).isEmpty();
        do {
            gateway.run();
        } while (gateway.out.isEmpty());
        assertThat(gateway.out).extracting(Frames::describe).containsExactly("icmp 3/1 198.51.100.1 > 198.51.100.2");
        assertThat(gateway.meter("sluice_drops", "reason", "neighbor")).isEqualTo(1);
    }

    @Test
    void shouldReportADestinationWithoutARoute() {
        gateway = new GatewayFixture();
        byte[] toUnrouted = Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1, "203.0.113.1", 9, 20);
        gateway.slowPath.tables().routes().remove(new Prefix(IpAddress.v4(0), 0));
        assertThat(gateway.fromInside(toUnrouted)).containsExactly("inside icmp 3/0 10.77.0.1 > 10.77.0.2");
    }

    @Test
    void shouldDropMalformedArp() {
        byte[] spoofed = Frames.arp(Ethernet.BROADCAST, CLIENT_MAC, 2, GatewayFixture.INSIDE, CLIENT);
        assertDropped(spoofed, "arp_malformed");
        assertDropped(Arrays.copyOf(spoofed, 40), "arp_malformed");
        assertDropped(Frames.arp(Ethernet.BROADCAST, CLIENT_MAC, 1, "198.51.100.9", GatewayFixture.INSIDE),
                "arp_malformed");
    }

    @Test
    void shouldDropForgedIcmpErrors() {
        gateway.fromInside(syn());
        byte[] sent = gateway.out.getFirst();
        for (int quoted : new int[]{0, 8, 19, 20, 27}) {
            byte[] error = Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.UNREACHABLE, 3, sent,
                    quoted);
            assertThat(gateway.fromOutside(error)).as("quoting %d bytes", quoted).isEmpty();
        }
        byte[] guessed = changed(sent.clone(), b -> Tcp.sequence(b, Frames.L4, 777_777));
        assertThat(gateway.fromOutside(
                Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.UNREACHABLE, 4, guessed, 28)))
                .isEmpty();
        byte[] broken = Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, Icmp.UNREACHABLE, 3, sent, 28);
        broken[Frames.L4 + 2] ^= 1;
        assertThat(gateway.fromOutside(broken)).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "icmp_error")).isEqualTo(7);
    }

    @Test
    void shouldNotAnswerAFlowThatComesInThroughTheWrongInterface() {
        gateway.fromInside(datagram());
        byte[] spoofed = Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, CLIENT, 999, SERVER, 53, 20);
        assertThat(gateway.fromOutside(spoofed)).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "martian")).isEqualTo(1);
    }

    /** Frames made of chance, and right ones with some bytes changed: nothing is thrown, everything is accounted for. */
    @Test
    void shouldSurviveNoise() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[][] patterns = {datagram(), syn(), Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, 8, 1),
                Frames.arp(Ethernet.BROADCAST, CLIENT_MAC, 1, CLIENT, GatewayFixture.INSIDE),
                Frames.icmpError(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, 3, 3, datagram(), 28)};
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = patterns[random.nextInt(patterns.length)].clone();
            for (int n = random.nextInt(4); n > 0; n--) {
                frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt();
            }
            if (random.nextBoolean() && frame[12] == 8 && frame[13] == 0 && (frame[14] & 0xF) == 5) {
                Ipv4.updateChecksum(new UnsafeBuffer(frame), Frames.IP);
            }
            gateway.inside.offer(Arrays.copyOf(frame, 14 + random.nextInt(frame.length - 13)));
            gateway.run();
            assertThat(gateway.meter("sluice_drops", "reason", "internal")).as("seed %d, frame %d", seed, i).isZero();
        }
    }
}
