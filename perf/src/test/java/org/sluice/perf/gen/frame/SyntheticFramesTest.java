package org.sluice.perf.gen.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Udp;
import org.sluice.perf.gen.load.Endpoints;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;

/** The frames of loads, as they leave. */
class SyntheticFramesTest {
    private static final int RUN = 0x1234_5678;
    private static final long GATEWAY = 0x02_00_00_00_00_01L;
    private static final long OWN = 0x02_00_00_00_00_02L;
    private static final int IP = Ethernet.HEADER_LENGTH;

    private final MemoryPort port = new MemoryPort(0, "p", OWN);

    private static Load load(boolean isIpv6, Protocol protocol) {
        Endpoints from = Endpoints.parse(
                isIpv6 ? "[2001:db8::ffff:fff0/124]:60000-65535" : "198.18.255.0/24:1024-65535",
                Load.UNPRIVILEGED);
        Endpoints to = Endpoints.parse(isIpv6 ? "[2001:db8:1::1-2001:db8:1::3]:1-9" : "198.19.0.1-198.19.0.9:53-99",
                Load.DISCARD);
        return Load.between(from, to).sizes(FrameSizes.parse("104,105,1518")).protocol(protocol);
    }

    private UnsafeBuffer next(SyntheticFrames frames) {
        assertThat(frames.transmit(port)).isTrue();
        return new UnsafeBuffer(port.take());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void shouldHaveRightChecksumsWhateverDiffers(Protocol protocol) {
        for (boolean isIpv6 : new boolean[]{false, true}) {
            for (long seed = 1; seed <= 20; seed++) {
                Random random = new Random(seed);
                SyntheticFrames frames = new SyntheticFrames(
                        load(isIpv6, protocol).flows(1 + random.nextInt(5_000)).newFlows(random.nextInt(1_000_000)),
                        GATEWAY,
                        OWN, random.nextInt());
                long elapsed = 0;
                for (int i = 0; i < 200; i++) {
                    elapsed += random.nextInt(1_000_000);
                    frames.at(elapsed, random.nextLong());
                    String what = protocol + " seed " + seed + " frame " + i;
                    UnsafeBuffer b = next(frames);
                    assertRightChecksums(b, isIpv6, protocol, what);
                }
            }
        }
    }

    private static void assertRightChecksums(UnsafeBuffer b, boolean isIpv6, Protocol protocol, String what) {
        int l4 = IP + (isIpv6 ? Ipv6.HEADER_LENGTH : Ipv4.HEADER_LENGTH);
        int l4Length = b.capacity() - l4;
        long sum = Checksum.sum(b, l4, l4Length);
        if (isIpv6 || protocol != Protocol.ICMP) {
            sum += Checksum.pseudoHeader(b, IP, protocol.number(isIpv6), l4Length);
        }
        assertThat(Checksum.fold(sum)).as(what).isEqualTo(0xFFFF);
        if (isIpv6) {
            assertThat(Ipv6.payloadLength(b, IP)).as(what).isEqualTo(l4Length);
        } else {
            assertThat(Checksum.fold(Checksum.sum(b, IP, Ipv4.HEADER_LENGTH))).as(what).isEqualTo(0xFFFF);
            assertThat(Ipv4.totalLength(b, IP)).as(what).isEqualTo(b.capacity() - IP);
        }
    }

    @Test
    void shouldNeverSayThatUdpHasNoChecksum() {
        SyntheticFrames frames = new SyntheticFrames(load(false, Protocol.UDP), GATEWAY, OWN, RUN);
        Random random = new Random(1);
        boolean hasBeenAllOnes = false;
        for (int i = 0; i < 500_000; i++) {
            frames.at(0, random.nextLong());
            frames.transmit(port);
            UnsafeBuffer b = new UnsafeBuffer(port.take());
            int checksum = Udp.checksum(b, IP + Ipv4.HEADER_LENGTH);
            if (checksum == 0) {
                fail("frame " + i);
            }
            hasBeenAllOnes |= checksum == 0xFFFF;
        }
        assertThat(hasBeenAllOnes).as("such a sum occurred").isTrue();
    }

    @Test
    void shouldStampFlowsAndSequencesInTurn() {
        SyntheticFrames frames = new SyntheticFrames(load(false, Protocol.UDP).flows(3), GATEWAY, OWN, RUN);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            frames.at(i, 0xFFFF_0000_0000_0000L + i);
            UnsafeBuffer b = next(frames);
            int stamp = IP + Ipv4.HEADER_LENGTH + Udp.HEADER_LENGTH;
            assertThat(Stamp.run(b, stamp)).isEqualTo(RUN);
            assertThat(Stamp.time(b, stamp)).isEqualTo(i);
            assertThat(Ethernet.destination(b, 0)).isEqualTo(GATEWAY);
            assertThat(Ethernet.source(b, 0)).isEqualTo(OWN);
            seen.add(Udp.sourcePort(b, IP + Ipv4.HEADER_LENGTH) + "/" + Stamp.flow(b, stamp) + "/"
                    + Stamp.sequence(b, stamp) + "/"
                    + (b.capacity() + FrameSizes.CHECK_SEQUENCE));
        }
        assertThat(seen).containsExactly("1024/0/0/104", "1025/1/0/105", "1026/2/0/1518", "1024/0/1/104",
                "1025/1/1/105",
                "1026/2/1/1518");
    }

    @Test
    void shouldSendAFrameAgainThatFoundNoRoom() {
        MemoryPort small = new MemoryPort(0, "p", OWN, 1_500, 2, 2_048);
        SyntheticFrames frames = new SyntheticFrames(load(false, Protocol.ICMP), GATEWAY, OWN, RUN);
        frames.at(0, 0);
        assertThat(frames.transmit(small)).isTrue();
        assertThat(frames.transmit(small)).isTrue();
        assertThat(frames.transmit(small)).isFalse();
        for (int i = 0; i < 2; i++) {
            assertThat(sequence(small)).isEqualTo(i);
        }
        assertThat(frames.transmit(small)).isTrue();
        assertThat(sequence(small)).isEqualTo(2);
    }

    private static int sequence(MemoryPort port) {
        UnsafeBuffer b = new UnsafeBuffer(port.take());
        assertThat(Icmp.type(b, IP + Ipv4.HEADER_LENGTH)).isEqualTo(Icmp.ECHO_REQUEST);
        return b.getShort(IP + Ipv4.HEADER_LENGTH + 6, BIG_ENDIAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64})
    void shouldReplaceTheOldestFlowsInTheirTime(int places) {
        FlowCursor cursor = new FlowCursor(places, 1_000);
        for (int millis = 0; millis < 1_000; millis++) {
            cursor.at(millis * 1_000_000L);
            Set<Long> alive = new HashSet<>();
            for (int i = 0; i < places; i++) {
                assertThat(cursor.flow() % places).isEqualTo(cursor.place());
                alive.add(cursor.flow());
                cursor.advance();
            }
            assertThat(alive).hasSize(places).contains((long) millis, (long) millis + places - 1);
        }
    }

    @Test
    void shouldGoThroughAllCombinationsBeforeOneComesAgain() {
        Load load = Load.between(Endpoints.parse("198.18.0.1-198.18.0.3:1-4", Load.DISCARD),
                Endpoints.parse("198.19.0.1-198.19.0.2:7-11", Load.DISCARD));
        TupleSpace space = new TupleSpace(load);
        Set<List<Long>> seen = new HashSet<>();
        for (int i = 0; i < 240; i++) {
            space.select(i);
            List<Long> tuple = List.of(space.source(), space.destination(), (long) space.sourcePort(),
                    (long) space.destinationPort());
            assertThat(seen.add(tuple)).as("combination %d", i).isEqualTo(i < 120);
        }
        assertThat(seen).hasSize(120).hasSize((int) load.tuples());
    }
}
