package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.flow.FlowLayout;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.OffHeap;

class FlowTimersTest {
    private static final long TICK = 1L << 26;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int RECORDS = 500_000;
    /** Not 0, so that nobody takes a time for an interval. */
    private static final long START = -5 * SECOND;

    private final List<Integer> fired = new ArrayList<>();
    private final FlowTimers timers = new FlowTimers(memory(), START, fired::add);

    private static NativeBuffer memory() {
        return OffHeap.allocate((RECORDS + 1L) * FlowLayout.TIMER_LENGTH);
    }

    private void pollUntilNothingIsDue(long now) {
        while (timers.poll(now) > 0) {
            // until nothing is left
        }
    }

    @Test
    void shouldFireOnceAndNotBeforeItsTime() {
        timers.set(2, START + SECOND);
        pollUntilNothingIsDue(START + SECOND - 1);
        assertThat(fired).isEmpty();
        pollUntilNothingIsDue(START + SECOND + TICK);
        pollUntilNothingIsDue(START + 1_000 * SECOND);
        assertThat(fired).containsExactly(2);
    }

    @Test
    void shouldTellTurnsOfTheWheelApart() {
        long turn = 4096 * TICK;
        timers.set(2, START + 3 * turn + SECOND);
        timers.set(4, START + SECOND);
        pollUntilNothingIsDue(START + 3 * turn);
        assertThat(fired).containsExactly(4);
        pollUntilNothingIsDue(START + 3 * turn + SECOND + TICK);
        assertThat(fired).containsExactly(4, 2);
    }

    @Test
    void shouldFireWhatWasOverBeforeItWasSet() {
        pollUntilNothingIsDue(START + 60 * SECOND);
        timers.set(2, START);
        timers.set(4, Long.MIN_VALUE / 2);
        pollUntilNothingIsDue(START + 60 * SECOND + 2 * TICK);
        assertThat(fired).containsExactlyInAnyOrder(2, 4);
    }

    @Test
    void shouldKeepATimerThatIsYearsAway() {
        timers.set(2, Long.MAX_VALUE / 2);
        pollUntilNothingIsDue(START + TimeUnit.DAYS.toNanos(30));
        assertThat(fired).isEmpty();
    }

    @Test
    void shouldLetACallbackSetAndCancelAnyTimer() {
        List<Integer> seen = new ArrayList<>();
        FlowTimers[] self = new FlowTimers[1];
        self[0] = new FlowTimers(memory(), START, flow -> {
            seen.add(flow);
            // itself, one that may come next in this very tick, and one in this tick of a later turn
            self[0].set(flow, START + 100 * seen.size() * SECOND);
            self[0].cancel(4);
            self[0].set(8, START + SECOND + 4096 * TICK);
        });
        self[0].set(2, START + SECOND);
        self[0].set(4, START + SECOND);
        self[0].set(6, START + SECOND);
        self[0].poll(START + 2 * SECOND);
        assertThat(seen).as("the last that was set comes first").containsExactly(6, 2);
        self[0].poll(START + 99 * SECOND);
        assertThat(seen).hasSize(2);
        self[0].poll(START + 101 * SECOND);
        assertThat(seen).containsExactly(6, 2, 6);
    }

    /** As when a gateway comes back after all its flows' time: the wheel must not grow, and the conductor must come round. */
    @Test
    void shouldFireHundredsOfThousandsOfOneTickInPieces() {
        int count = RECORDS;
        for (int i = 1; i <= count; i++) {
            timers.set(2 * i, START + SECOND);
        }
        assertThat(timers.poll(START + 2 * SECOND)).isBetween(1, 1_000);
        pollUntilNothingIsDue(START + 2 * SECOND);
        assertThat(fired).hasSize(count).doesNotHaveDuplicates();
    }

    @Test
    void shouldDoAsAMapOfDeadlinesDoes() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        Map<Integer, Long> model = new HashMap<>();
        long[] now = {START};
        FlowTimers timed = new FlowTimers(memory(), START, flow -> {
            Long deadline = model.remove(flow);
            assertThat(deadline).as("seed %d: timer of %d", seed, flow).isNotNull();
            assertThat(deadline).as("seed %d: %d is early", seed, flow).isLessThanOrEqualTo(now[0]);
        });
        for (int i = 0; i < 200_000; i++) {
            int flow = 2 * (1 + random.nextInt(500));
            switch (random.nextInt(4)) {
                case 0 -> {
                    timed.cancel(flow);
                    model.remove(flow);
                }
                case 1 -> {
                    now[0] += random.nextLong(4 * TICK);
                    while (timed.poll(now[0]) > 0) {
                        // until nothing is left
                    }
                    long late = now[0] - 2 * TICK;
                    assertThat(model.values()).as("seed %d: late at step %d", seed, i).noneMatch(d -> d < late);
                }
                default -> {
                    long deadline = now[0] + random.nextLong(random.nextBoolean() ? SECOND : 600 * SECOND);
                    timed.set(flow, deadline);
                    model.put(flow, deadline);
                }
            }
        }
    }
}
