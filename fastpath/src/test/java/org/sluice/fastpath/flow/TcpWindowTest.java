package org.sluice.fastpath.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Tcp;

/** The two directions of a connection may be with two workers, so that what each writes must be its own. */
class TcpWindowTest {
    private static final int ROUNDS = 20_000;
    private static final int NEAR = 200_000;

    private final FlowTable table = new FlowTable(4, new Random(1));
    private final int flow = table.allocate();
    private final UnsafeBuffer record = table.buffer(flow);
    private final int start = table.offset(flow);
    private final UnsafeBuffer segment = new UnsafeBuffer(new byte[Tcp.HEADER_LENGTH + 100]);

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldWriteOnlyTheFieldsOfTheSegmentsOwnDirection(long seed) {
        Random random = new Random(seed);
        int moved = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int direction = random.nextInt(2);
            fill(random);
            byte[] before = record();
            see(direction, random);
            byte[] after = record();
            for (int i = 0; i < FlowLayout.LENGTH; i++) {
                if (before[i] != after[i]) {
                    moved++;
                    assertThat(isOwn(direction, start + i)).as("byte %d written by direction %d", i, direction)
                            .isTrue();
                }
            }
        }
        assertThat(moved).as("bytes that were written at all").isGreaterThan(ROUNDS);
    }

    private boolean isOwn(int direction, int at) {
        int line = table.offset(flow | direction);
        int seen = table.seenOffset(flow | direction);
        return at == line + FlowLayout.ADOPTED || isIn(at, line + FlowLayout.WINDOW_END)
                || isIn(at, seen + FlowLayout.SEQUENCE_END) || isIn(at, seen + FlowLayout.ACKNOWLEDGEMENT);
    }

    private static boolean isIn(int at, int field) {
        return at >= field && at < field + Integer.BYTES;
    }

    /** Numbers near each other, so that many segments fit; of either direction the generation may have been adopted or not. */
    private void fill(Random random) {
        for (int at = 0; at < FlowLayout.LENGTH; at += Integer.BYTES) {
            record.putInt(start + at, random.nextInt(NEAR));
        }
        byte generation = (byte) (1 + random.nextInt(3));
        for (int direction = 0; direction < 2; direction++) {
            int line = table.offset(flow | direction);
            record.putShort(line + FlowLayout.FLAGS,
                    (short) (generation << FlowLayout.GENERATION_SHIFT | random.nextInt(1 << 8)));
            record.putByte(line + FlowLayout.ADOPTED, (byte) random.nextInt(4));
        }
    }

    private byte[] record() {
        byte[] bytes = new byte[FlowLayout.LENGTH];
        record.getBytes(start, bytes);
        return bytes;
    }

    private void see(int direction, Random random) {
        Tcp.headerLength(segment, 0, Tcp.HEADER_LENGTH);
        Tcp.flags(segment, 0, Tcp.ACK);
        Tcp.sequence(segment, 0, random.nextInt(NEAR));
        Tcp.acknowledgement(segment, 0, random.nextInt(NEAR));
        Tcp.window(segment, 0, random.nextInt(1 << 16));
        TcpWindow.see(record, table.offset(flow | direction), table.seenOffset(flow | direction), segment, 0,
                segment.capacity());
    }
}
