package org.sluice.slowpath.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private static int takeAll(TokenBucket bucket, long now) {
        int taken = 0;
        while (bucket.take(now)) {
            taken++;
        }
        return taken;
    }

    /** System.nanoTime may begin anywhere and overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - 7, Long.MIN_VALUE})
    void shouldLetABurstThroughAndThenTheRate(long start) {
        TokenBucket bucket = new TokenBucket(1000, 200, start);
        assertThat(takeAll(bucket, start)).isEqualTo(200);
        assertThat(takeAll(bucket, start + SECOND / 1000 - 1)).isZero();
        assertThat(takeAll(bucket, start + SECOND / 1000)).isEqualTo(1);
        assertThat(takeAll(bucket, start + SECOND / 100)).isEqualTo(9);
        assertThat(takeAll(bucket, start + 100 * SECOND)).as("no more than a burst after a long rest").isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldNeverLetMoreThroughThanBurstAndRateTogether(long seed) {
        Random random = new Random(seed);
        TokenBucket bucket = new TokenBucket(50, 10, 0);
        long now = 0;
        long taken = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(20_000_000);
            taken += bucket.take(now) ? 1 : 0;
            assertThat(taken).as("seed %d, step %d", seed, i).isLessThanOrEqualTo(10 + now * 50 / SECOND);
        }
    }
}
