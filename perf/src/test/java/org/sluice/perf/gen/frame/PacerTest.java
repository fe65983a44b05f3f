package org.sluice.perf.gen.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many frames are due. */
class PacerTest {
    private static final long MILLI = 1_000_000;

    @Test
    void shouldSpaceFramesEvenly() {
        Pacer pacer = Pacer.steady(1_000);
        assertThat(pacer.due(0, 0, 64)).isEqualTo(1);
        assertThat(pacer.due(MILLI - 1, 1, 64)).isZero();
        assertThat(pacer.untilNext(MILLI - 1, 1)).isEqualTo(1);
        assertThat(pacer.due(MILLI, 1, 64)).isEqualTo(1);
        assertThat(pacer.due(5 * MILLI, 2, 64)).isEqualTo(4);
        assertThat(pacer.due(5 * MILLI, 2, 3)).isEqualTo(3);
    }

    @Test
    void shouldAlwaysHaveFramesWithoutALimit() {
        Pacer pacer = Pacer.steady(Double.POSITIVE_INFINITY);
        for (long elapsed = 0; elapsed < 3_600_000L * MILLI; elapsed += 1_000 * MILLI) {
            assertThat(pacer.due(elapsed, elapsed, 64)).isEqualTo(64);
        }
    }

    @Test
    void shouldNotMakeGoodForALongPause() {
        Pacer pacer = Pacer.steady(1_000);
        assertThat(pacer.due(10_000 * MILLI, 0, 1_000)).as("those of ten milliseconds").isEqualTo(11);
        assertThat(pacer.due(10_001 * MILLI, 11, 1_000)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldKeepTheRateWheneverItIsAsked(long seed) {
        Random random = new Random(seed);
        double rate = 1 + random.nextInt(5_000_000);
        Pacer pacer = Pacer.steady(rate);
        long sent = 0;
        long elapsed = 0;
        while (elapsed < 200 * MILLI) {
            elapsed += random.nextInt(100_000);
            sent += pacer.due(elapsed, sent, Integer.MAX_VALUE);
            assertThat((double) sent).as("seed %d after %d ns", seed, elapsed).isBetween(elapsed * rate / 1e9 - 1,
                    elapsed * rate / 1e9 + 2);
        }
    }
}
