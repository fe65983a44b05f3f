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

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldTellTheTimeNeverEarlierAndAtMostAUnitLater(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long time = now(random);
            long later = time + random.nextLong(SeenTime.FARTHEST_NS - UNIT_NS);
            assertThat(SeenTime.nanos(SeenTime.of(time), later)).as("seed %d", seed).isBetween(time, time + UNIT_NS);
            assertThat(SeenTime.nanos(SeenTime.of(later), time)).as("seed %d", seed).isBetween(later, later + UNIT_NS);
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldTellWhichIsLaterAndByHowMuch(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long time = now(random);
            long apart = random.nextLong(UNIT_NS, TimeUnit.DAYS.toNanos(100));
            int earlier = SeenTime.of(time);
            int later = SeenTime.of(time + apart);
            assertThat(SeenTime.later(earlier, later)).isEqualTo(SeenTime.later(later, earlier)).isEqualTo(later);
            assertThat(SeenTime.between(earlier, later)).isBetween(apart - UNIT_NS, apart + UNIT_NS);
            assertThat(SeenTime.between(later, earlier)).isNegative();
        }
    }
}
