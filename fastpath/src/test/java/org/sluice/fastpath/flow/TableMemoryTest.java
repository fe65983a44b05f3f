package org.sluice.fastpath.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.linux.OffHeap;

class TableMemoryTest {
    private static final int RECORDS_A_STEP = (2 << 20) / FlowLayout.LENGTH;
    private static final int LINES_A_STEP = (2 << 20) / LineStore.LENGTH;
    private static final int CAPACITY = 1 << 19;

    private final FlowTable flows = new FlowTable(CAPACITY, RandomGenerator.of("SplittableRandom"));
    private final UnsafeBuffer ring = OffHeap.allocate(5 << 20);
    private final TableMemory memory = new TableMemory(flows, List.of(ring));

    private int steps() {
        int steps = 0;
        while (memory.doWork() > 0) {
            steps++;
        }
        return steps;
    }

    @Test
    void shouldComeToAnEndAndGoOnAsRecordsAreUsed() {
        int first = steps();
        assertThat(steps()).isZero();
        assertThat(first).as("not all records").isLessThan(3 + 8 + 5 + CAPACITY / RECORDS_A_STEP);

        for (int i = 0; i < RECORDS_A_STEP; i++) {
            assertThat(flows.allocate()).isNotEqualTo(FlowTable.NONE);
        }
        assertThat(steps()).as("records, and perhaps timers").isBetween(1, 2);

        int used = flows.lines().limit();
        for (int i = 0; i < LINES_A_STEP; i++) {
            flows.lines().take();
        }
        assertThat(flows.lines().limit()).isEqualTo(used + LINES_A_STEP);
        assertThat(steps()).isEqualTo(1);

        while (flows.allocate() != FlowTable.NONE) {
            // until it is full
        }
        steps();
        assertThat(steps()).isZero();
    }

    @Test
    void shouldLeaveWhatIsThere() {
        for (int at = 0; at < ring.capacity(); at += Long.BYTES) {
            ring.putLong(at, at);
        }
        int flow = flows.allocate();
        flows.buffer(flow).putLong(flows.offset(flow), 42);

        steps();

        for (int at = 0; at < ring.capacity(); at += Long.BYTES) {
            assertThat(ring.getLong(at)).isEqualTo(at);
        }
        assertThat(flows.buffer(flow).getLong(flows.offset(flow))).isEqualTo(42);
    }
}
