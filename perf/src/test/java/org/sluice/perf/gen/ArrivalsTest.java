package org.sluice.perf.gen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.perf.gen.SequenceWindows.Arrival;
import org.sluice.perf.gen.frame.SyntheticFrames;
import org.sluice.perf.gen.load.Endpoints;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;

/** What a sink makes of frames. */
class ArrivalsTest {
    private static final int RUN = 42;
    private static final long SENT = 1_795_637_700_000_000_000L;

    private final MemoryPort port = new MemoryPort(0, "p", 2);

    private static Load load() {
        return Load
                .between(Endpoints.parse("198.18.0.1", Load.UNPRIVILEGED), Endpoints.parse("198.19.0.1", Load.DISCARD))
                .flows(2);
    }

    private UnsafeBuffer next(SyntheticFrames frames) {
        frames.at(0, SENT);
        frames.transmit(port);
        return new UnsafeBuffer(port.take());
    }

    private static void arrive(Arrivals arrivals, UnsafeBuffer frame, long after) {
        arrivals.onFrame(frame, 0, frame.capacity(), SENT + after);
    }

    @Test
    void shouldCountOrderDuplicatesAndLatency() {
        Arrivals arrivals = Arrivals.of(load(), RUN);
        SyntheticFrames frames = new SyntheticFrames(load(), 1, 2, RUN);
        UnsafeBuffer a0 = next(frames);
        UnsafeBuffer b0 = next(frames);
        UnsafeBuffer a1 = next(frames);
        UnsafeBuffer b1 = next(frames);
        arrive(arrivals, a1, 1_000);
        arrive(arrivals, a0, 2_000);
        arrive(arrivals, b0, 3_000);
        arrive(arrivals, a0, 4_000);
        assertThat(arrivals.get(ArrivalCounter.RECEIVED)).isEqualTo(4);
        assertThat(arrivals.get(ArrivalCounter.REORDERED)).isEqualTo(1);
        assertThat(arrivals.get(ArrivalCounter.DUPLICATES)).isEqualTo(1);
        assertThat(arrivals.unique()).isEqualTo(3);
        assertThat(arrivals.get(ArrivalCounter.BYTES)).isEqualTo(4 * 60);
        assertThat(arrivals.latency().count()).isEqualTo(4);
        assertThat(arrivals.latency().min()).isBetween(999L, 1_001L);
        assertThat(arrivals.latency().max()).isBetween(3_996L, 4_004L);
        assertThat(b1.capacity()).isEqualTo(60);
    }

    @Test
    void shouldNotTakeOthersFramesForItsOwn() {
        Arrivals arrivals = Arrivals.of(load(), RUN);
        arrive(arrivals, next(new SyntheticFrames(load(), 1, 2, RUN + 1)), 0);
        UnsafeBuffer fragment = next(new SyntheticFrames(load(), 1, 2, RUN));
        Ipv4.flagsAndFragment(fragment, Ethernet.HEADER_LENGTH, Ipv4.MORE_FRAGMENTS);
        arrive(arrivals, fragment, 0);
        UnsafeBuffer cut = next(new SyntheticFrames(load(), 1, 2, RUN));
        for (int length = 0; length < cut.capacity(); length++) {
            arrivals.onFrame(new UnsafeBuffer(cut, 0, length), 0, length, SENT);
        }
        UnsafeBuffer other = next(new SyntheticFrames(load().protocol(Protocol.ICMP), 1, 2, RUN));
        arrive(arrivals, other, 0);
        assertThat(arrivals.get(ArrivalCounter.RECEIVED)).isZero();
        assertThat(arrivals.get(ArrivalCounter.OTHER)).isEqualTo(3 + cut.capacity());
        assertThat(arrivals.latency()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSurviveAnyBytes(long seed) {
        Random random = new Random(seed);
        for (Protocol protocol : Protocol.values()) {
            Load load = load().sizes(FrameSizes.of(128)).protocol(protocol);
            Arrivals arrivals = Arrivals.of(load, RUN);
            SyntheticFrames frames = new SyntheticFrames(load, 1, 2, RUN);
            for (int i = 0; i < 2_000; i++) {
                UnsafeBuffer frame = next(frames);
                for (int n = random.nextInt(4); n >= 0; n--) {
                    frame.putByte(random.nextInt(64), (byte) random.nextInt());
                }
                int length = random.nextInt(frame.capacity() + 1);
                // the buffer's own bounds checks are on in tests
                arrivals.onFrame(new UnsafeBuffer(frame, 0, length), 0, length, SENT);
            }
            assertThat(arrivals.get(ArrivalCounter.RECEIVED) + arrivals.get(ArrivalCounter.OTHER))
                    .as("seed %d", seed).isEqualTo(2_000);
        }
    }

    @Test
    void shouldCountEveryPacketOfTheProtocolWithoutStamps() {
        Load load = load().stamped(false).protocol(Protocol.TCP);
        Arrivals arrivals = Arrivals.of(load, RUN);
        arrive(arrivals, next(new SyntheticFrames(load, 1, 2, 0)), 0);
        arrive(arrivals, next(new SyntheticFrames(load(), 1, 2, RUN)), 0);
        assertThat(arrivals.get(ArrivalCounter.RECEIVED)).isEqualTo(1);
        assertThat(arrivals.get(ArrivalCounter.OTHER)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldTellOrderAsASetWould(long seed) {
        Random random = new Random(seed);
        SequenceWindows windows = new SequenceWindows(3);
        Set<Integer> seen = new HashSet<>();
        int start = seed % 2 == 0 ? 0 : Integer.MAX_VALUE - 500;
        // brings the flow to its start
        windows.take(1, start - 1);
        int highest = start - 1;
        for (int i = 0; i < 2_000; i++) {
            int sequence = highest + 1 + random.nextInt(80) - 60;
            if (highest - sequence >= SequenceWindows.WINDOW || sequence - start < 0) {
                continue;
            }
            boolean isNew = seen.add(sequence);
            Arrival expected = sequence - highest > 0
                    ? Arrival.IN_ORDER
                    : isNew ? Arrival.REORDERED : Arrival.DUPLICATE;
            assertThat(windows.take(1, sequence)).as("seed %d, step %d, number %d", seed, i, sequence)
                    .isEqualTo(expected);
            highest = sequence - highest > 0 ? sequence : highest;
        }
        assertThat(windows.take(0, 0)).as("flows are apart").isEqualTo(Arrival.IN_ORDER);
    }
}
