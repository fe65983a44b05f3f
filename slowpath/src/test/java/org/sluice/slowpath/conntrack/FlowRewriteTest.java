package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.Rewriter;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Gre;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/** What a flow's record does to its packets: the other addresses and ports, and checksums as if computed anew. */
class FlowRewriteTest {
    private static final int L4 = Ipv4.HEADER_LENGTH;
    private static final int[] PROTOCOLS = {Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_ICMP,
            Ipv4.PROTOCOL_GRE, 50};
    private static final int[] CORNERS = {0, 0xFFFF, 0xFFFF_0000, 0xFFFF_FFFF, 0x0000_FFFF, 0x0001_0000, 1};

    private final FlowTable table = new FlowTable(4, new Random(1));
    private final Flows flows = new Flows(table);
    private final int flow = table.allocate();
    private UnsafeBuffer packet;

    private static int word(Random random) {
        return random.nextInt(4) == 0 ? CORNERS[random.nextInt(CORNERS.length)] : random.nextInt();
    }

    private static int headerLength(int protocol) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> Tcp.HEADER_LENGTH;
            case Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_ICMP, Ipv4.PROTOCOL_GRE -> 8;
            default -> 0;
        };
    }

    /** A packet as a record's key describes it. */
    private void packet(long addresses, long ports, byte[] payload, int ttl) {
        int protocol = FlowKey.protocol(ports);
        int length = headerLength(protocol) + payload.length;
        packet = new UnsafeBuffer(new byte[L4 + length]);
        Ipv4.versionAndHeaderLength(packet, 0, L4);
        Ipv4.totalLength(packet, 0, L4 + length);
        Ipv4.ttl(packet, 0, ttl);
        Ipv4.protocol(packet, 0, protocol);
        Ipv4.source(packet, 0, FlowKey.source(addresses));
        Ipv4.destination(packet, 0, FlowKey.destination(addresses));
        packet.putBytes(L4 + headerLength(protocol), payload);
        switch (protocol) {
            case Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP -> {
                Tcp.sourcePort(packet, L4, FlowKey.sourcePort(ports));
                Tcp.destinationPort(packet, L4, FlowKey.destinationPort(ports));
                if (protocol == Ipv4.PROTOCOL_UDP) {
                    Udp.length(packet, L4, length);
                }
            }
            case Ipv4.PROTOCOL_ICMP -> {
                boolean request = FlowKey.icmpType(ports) == Icmp.ECHO_REQUEST;
                Icmp.type(packet, L4, FlowKey.icmpType(ports));
                Icmp.identifier(packet, L4, request ? FlowKey.sourcePort(ports) : FlowKey.destinationPort(ports));
            }
            case Ipv4.PROTOCOL_GRE -> {
                packet.putInt(L4, 0x3081_880B, ByteOrder.BIG_ENDIAN);
                Gre.callId(packet, L4, FlowKey.destinationPort(ports));
            }
            default -> {
                // no header that the gateway knows
            }
        }
        Ipv4.updateChecksum(packet, 0);
        transportChecksum(computed());
    }

    /** @return what the transport checksum ought to be. */
    private int computed() {
        int length = packet.capacity() - L4;
        int protocol = Ipv4.protocol(packet, 0);
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> Checksum.transport(packet, 0, L4, length, protocol);
            case Ipv4.PROTOCOL_UDP -> {
                int checksum = Checksum.transport(packet, 0, L4, length, protocol);
                yield checksum == 0 ? 0xFFFF : checksum;
            }
            case Ipv4.PROTOCOL_ICMP -> {
                int present = Icmp.checksum(packet, L4);
                Icmp.checksum(packet, L4, 0);
                int checksum = ~Checksum.fold(Checksum.sum(packet, L4, length)) & 0xFFFF;
                Icmp.checksum(packet, L4, present);
                yield checksum;
            }
            default -> 0;
        };
    }

    private int transportChecksum() {
        return switch (Ipv4.protocol(packet, 0)) {
            case Ipv4.PROTOCOL_TCP -> Tcp.checksum(packet, L4);
            case Ipv4.PROTOCOL_UDP -> Udp.checksum(packet, L4);
            case Ipv4.PROTOCOL_ICMP -> Icmp.checksum(packet, L4);
            default -> 0;
        };
    }

    private void transportChecksum(int value) {
        switch (Ipv4.protocol(packet, 0)) {
            case Ipv4.PROTOCOL_TCP -> Tcp.checksum(packet, L4, value);
            case Ipv4.PROTOCOL_UDP -> Udp.checksum(packet, L4, value);
            case Ipv4.PROTOCOL_ICMP -> Icmp.checksum(packet, L4, value);
            default -> {
                // has none
            }
        }
    }

    private int pseudoHeaderSum() {
        return Checksum.fold(Checksum.pseudoHeader(packet, 0, Ipv4.protocol(packet, 0), packet.capacity() - L4));
    }

    private void rewrite(int direction, boolean partial) {
        Rewriter.rewrite(packet, 0, L4, partial, table, flow | direction);
    }

    private static long ports(Random random, int protocol) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_ICMP -> FlowKey.echo(Icmp.ECHO_REQUEST, word(random) & 0xFFFF);
            case Ipv4.PROTOCOL_GRE -> FlowKey.call(word(random) & 0xFFFF, word(random) & 0xFFFF);
            case 50 -> FlowKey.ports(protocol, 0, 0);
            default -> FlowKey.ports(protocol, word(random) & 0xFFFF, word(random) & 0xFFFF);
        };
    }

    private long[] randomFlow(Random random, int protocol) {
        long addresses = FlowKey.addresses(word(random), word(random));
        long ports = ports(random, protocol);
        long newAddresses = random.nextInt(4) == 0 ? addresses : FlowKey.addresses(word(random), word(random));
        long newPorts = random.nextInt(4) == 0 ? ports : ports(random, protocol);
        flows.fill(flow, addresses, ports, newAddresses, newPorts);
        return new long[]{addresses, ports, newAddresses, newPorts};
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldLeaveThePacketAsIfComputedAnewInBothDirections(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            String description = "seed " + seed + ", round " + round;
            long[] f = randomFlow(random, PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
            byte[] payload = new byte[random.nextInt(40)];
            random.nextBytes(payload);
            int ttl = 2 + random.nextInt(254);
            boolean reply = random.nextBoolean();

            packet(reply ? FlowKey.swapAddresses(f[0]) : f[2], reply ? Flows.swapPorts(f[1]) : f[3], payload, ttl - 1);
            byte[] expected = packet.byteArray();
            packet(reply ? FlowKey.swapAddresses(f[2]) : f[0], reply ? Flows.swapPorts(f[3]) : f[1], payload, ttl);
            rewrite(reply ? 1 : 0, false);

            assertThat(packet.byteArray()).as(description).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldLeaveAWrongChecksumWrong(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            long[] f = randomFlow(random, PROTOCOLS[random.nextInt(3)]);
            packet(f[0], f[1], new byte[random.nextInt(9)], 64);
            int wrong = transportChecksum() ^ 1 << random.nextInt(16);
            if (wrong == 0 || wrong == 0xFFFF) {
                continue;
            }
            transportChecksum(wrong);
            rewrite(0, false);
            int computed = computed();
            assertThat(transportChecksum() % 0xFFFF).as("seed %d, round %d", seed, round)
                    .isNotEqualTo(computed % 0xFFFF);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldKeepAPartialChecksumTheSumOfThePseudoHeader(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            long[] f = randomFlow(random, PROTOCOLS[random.nextInt(2)]);
            packet(f[0], f[1], new byte[random.nextInt(40)], 64);
            transportChecksum(pseudoHeaderSum());
            rewrite(0, true);
            assertThat(transportChecksum() % 0xFFFF).as("seed %d, round %d", seed, round)
                    .isEqualTo(pseudoHeaderSum() % 0xFFFF);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldLeaveAMissingUdpChecksumMissing(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            long[] f = randomFlow(random, Ipv4.PROTOCOL_UDP);
            packet(f[0], f[1], new byte[4], 64);
            transportChecksum(0);
            rewrite(0, false);
            assertThat(transportChecksum()).as("seed %d, round %d", seed, round).isZero();
        }
    }

    /** RFC 768: a computed 0 is sent as all ones, since 0 means that there is none. */
    @Test
    void shouldSendAComputedZeroOfUdpAsAllOnes() {
        flows.fill(flow, FlowKey.addresses(0x0A4D0002, 0xC6336402), FlowKey.ports(17, 4000, 53),
                FlowKey.addresses(0xC6336401, 0xC6336402), FlowKey.ports(17, 4001, 53));
        byte[] payload = new byte[2];
        packet(FlowKey.addresses(0xC6336401, 0xC6336402), FlowKey.ports(17, 4001, 53), payload, 63);
        // the two bytes that bring the sum behind the translation to all ones
        int missing = transportChecksum();
        payload[0] = (byte) (missing >>> 8);
        payload[1] = (byte) missing;

        packet(FlowKey.addresses(0x0A4D0002, 0xC6336402), FlowKey.ports(17, 4000, 53), payload, 64);
        assertThat(transportChecksum()).isNotIn(0, 0xFFFF);
        rewrite(0, false);
        assertThat(transportChecksum()).isEqualTo(0xFFFF);

        packet(FlowKey.addresses(0xC6336402, 0xC6336401), FlowKey.ports(17, 53, 4001), payload, 64);
        assertThat(transportChecksum()).as("the same words the other way").isEqualTo(0xFFFF);
        rewrite(1, false);
        assertThat(transportChecksum()).isEqualTo(computed());
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldSwapKeysThereAndBack(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            long addresses = random.nextLong();
            long ports = ports(random, PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
            assertThat(FlowKey.swapAddresses(FlowKey.swapAddresses(addresses))).isEqualTo(addresses);
            assertThat(Flows.swapPorts(Flows.swapPorts(ports))).as("seed %d, %x", seed, ports).isEqualTo(ports);
        }
    }
}
