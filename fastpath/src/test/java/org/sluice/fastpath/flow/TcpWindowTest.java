package org.sluice.fastpath.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.wire.Tcp;

/** The two directions of a connection may be with two workers, so that what each writes must be its own. */
class TcpWindowTest {
    private static final int ROUNDS = 20_000;
    private static final int NEAR = 200_000;

    private final FlowTable table = new FlowTable(4, new Random(1));
    private final int flow = table.allocate();
    private final UnsafeBuffer record = table.buffer(flow);
    private final int start = table.offset(flow);
    private UnsafeBuffer more;
    private final UnsafeBuffer segment = new UnsafeBuffer(new byte[Tcp.HEADER_LENGTH + 100]);

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldWriteOnlyTheFieldsOfTheSegmentsOwnDirection(long seed) {
        table.takeMore(flow);
        more = table.moreBuffer(flow);
        exchange(seed);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldDoSoBeforeTheConductorHasALineToo(long seed) {
        // not the one of which everybody without a line reads zeros
        more = OffHeap.allocate(LineStore.LENGTH);
        exchange(seed);
        assertThat(table.hasMore(flow)).isFalse();
    }

    private void exchange(long seed) {
        Random random = new Random(seed);
        int moved = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int direction = random.nextInt(2);
            fill(random);
            byte[] before = record();
            see(direction, random);
            byte[] after = record();
            for (int i = 0; i < before.length; i++) {
                if (before[i] != after[i]) {
                    moved++;
                    assertThat(isOwn(direction, start + i))
                            .as("seed %d: byte %d written by direction %d", seed, i, direction)
                            .isTrue();
                }
            }
        }
        assertThat(moved).as("seed %d: bytes that were written at all", seed).isGreaterThan(ROUNDS / 4);
    }

    private boolean isOwn(int direction, int at) {
        int seen = table.seen(flow | direction);
        // the highest byte, as this processor stores it, says what was adopted
        return at == seen + FlowLayout.BYTES + Long.BYTES - 1
                || at >= seen + FlowLayout.SEQUENCE_END && at < seen + FlowLayout.SEEN_LENGTH;
    }

    /** Numbers near each other, so that many segments fit; of either direction the generation may have been adopted or not. */
    private void fill(Random random) {
        for (int at = 0; at < LineStore.LENGTH; at += Integer.BYTES) {
            more.putInt(table.more(flow) + at, random.nextInt(NEAR));
            record.putInt(start + FlowLayout.SEEN + at, random.nextInt(NEAR));
        }
        int generation = 1 + random.nextInt(3);
        for (int direction = 0; direction < 2; direction++) {
            record.putShort(table.flags(flow | direction),
                    (short) (generation << FlowLayout.GENERATION_SHIFT | random.nextInt(1 << 8)));
            record.putLong(table.seen(flow | direction) + FlowLayout.BYTES,
                    (long) random.nextInt(4) << FlowLayout.ADOPTED_SHIFT | random.nextInt(NEAR));
        }
    }

    /** The record, and its line. */
    private byte[] record() {
        byte[] bytes = new byte[FlowLayout.LENGTH + LineStore.LENGTH];
        record.getBytes(start, bytes, 0, FlowLayout.LENGTH);
        more.getBytes(table.more(flow), bytes, FlowLayout.LENGTH, LineStore.LENGTH);
        return bytes;
    }

    private void see(int direction, Random random) {
        Tcp.headerLength(segment, 0, Tcp.HEADER_LENGTH);
        Tcp.flags(segment, 0, Tcp.ACK);
        Tcp.sequence(segment, 0, random.nextInt(NEAR));
        Tcp.acknowledgement(segment, 0, random.nextInt(NEAR));
        Tcp.window(segment, 0, random.nextInt(1 << 16));
        TcpWindow.see(table, flow | direction, segment, 0, segment.capacity());
    }
}
