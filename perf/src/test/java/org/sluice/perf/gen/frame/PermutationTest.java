package org.sluice.perf.gen.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 64, 1_000, 65_537})
    void shouldTellEachNumberOnce(long size) {
        Permutation order = new Permutation(size);

        assertThat(LongStream.range(0, size).map(order::at).sorted().toArray())
                .isEqualTo(LongStream.range(0, size).toArray());
    }

    @Test
    void shouldLeaveHardlyAnyPairTogether() {
        Permutation order = new Permutation(60_000);

        long together = LongStream.range(1, 60_000).filter(i -> order.at(i) == order.at(i - 1) + 1).count();

        // in a random order every 60,000th pair is
        assertThat(together).isLessThan(10);
    }

    @Test
    void shouldReachFar() {
        assertThat(new Permutation(1L << 48).at((1L << 48) - 1)).isBetween(0L, (1L << 48) - 1);
    }
}
