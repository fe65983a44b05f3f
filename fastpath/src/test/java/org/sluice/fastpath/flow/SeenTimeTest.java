package org.sluice.fastpath.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeenTimeTest {
    private static final long UNIT_NS = 1L << 22;

    /** System.nanoTime may be anything, and go from below 0 to above. */
    private static long now(Random random) {
        return random.nextBoolean() ? random.nextLong() / 2 : random.nextInt();
    }

    private static void assertTold(long time, long now, long seed) {
        assertThat(SeenTime.nanos(SeenTime.of(time), now)).as("seed %d", seed).isBetween(time, time + UNIT_NS);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldTellTheTimeNeverEarlierAndAtMostAUnitLater(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long time = now(random);
            long now = time + random.nextLong(SeenTime.OLDEST_NS - UNIT_NS);
            assertTold(time, now, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldTellATimeThatAnotherThreadsClockSaysIsToCome(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long now = now(random);
            long time = now + random.nextLong(TimeUnit.HOURS.toNanos(1));
            assertTold(time, now, seed);
        }
    }
}
