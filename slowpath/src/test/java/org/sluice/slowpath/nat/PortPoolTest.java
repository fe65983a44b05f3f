package org.sluice.slowpath.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortPoolTest {
    private static final int END = 65_536;
    private final PortPool pool = new PortPool();

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldKnowWhatASetKnows(long seed) {
        Random random = new Random(seed);
        BitSet model = new BitSet(END);
        for (int step = 0; step < 200_000; step++) {
            int port = 1 + random.nextInt(END - 1);
            if (random.nextInt(3) == 0) {
                pool.release(port);
                model.clear(port);
            } else if (random.nextInt(8) == 0) {
                assertThat(pool.take(port)).as("seed %d, step %d", seed, step).isEqualTo(!model.get(port));
                model.set(port);
            } else {
                int free = model.nextClearBit(port < 1024 ? 1 : 1024);
                int taken = pool.takeLike(port, random);
                if (free >= (port < 1024 ? 1024 : END)) {
                    assertThat(taken).as("seed %d, step %d: none left", seed, step).isEqualTo(-1);
                    continue;
                }
                assertThat(taken).as("seed %d, step %d", seed, step).isPositive().isLessThan(END);
                assertThat(model.get(taken)).as("seed %d, step %d: %d was free", seed, step, taken).isFalse();
                assertThat(taken == port).as("seed %d, step %d: preserved", seed, step).isEqualTo(!model.get(port));
                assertThat(taken < 1024).as("seed %d, step %d: same class", seed, step).isEqualTo(port < 1024);
                model.set(taken);
            }
            assertThat(pool.used()).isEqualTo(model.cardinality());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1023, 1024, 65_535})
    void shouldGiveOutEveryPortOfAClassBeforeItIsExhausted(int wanted) {
        Random random = new Random(4);
        BitSet taken = new BitSet(END);
        int ofClass = wanted < 1024 ? 1023 : END - 1024;
        for (int i = 0; i < ofClass; i++) {
            taken.set(pool.takeLike(wanted, random));
        }
        assertThat(taken.cardinality()).isEqualTo(ofClass);
        assertThat(pool.takeLike(wanted, random)).isEqualTo(-1);
        assertThat(pool.takeLike(wanted < 1024 ? 2000 : 20, random)).as("the other class").isPositive();
        pool.release(taken.nextSetBit(0));
        assertThat(pool.takeLike(wanted, random)).as("the one that came back").isEqualTo(taken.nextSetBit(0));
    }

    @Test
    void shouldNeverGiveOutPortZero() {
        assertThat(pool.takeLike(0, new Random(4))).isBetween(1, 1023);
        assertThat(pool.used()).isEqualTo(1);
        assertThat(pool.size()).isEqualTo(65_535);
    }

    @Test
    void shouldGiveOutIdentifierZeroOfIcmp() {
        PortPool identifiers = new PortPool(0, false);
        assertThat(identifiers.takeLike(0, new Random(4))).isZero();
        assertThat(identifiers.size()).isEqualTo(END);
    }

    @Test
    void shouldNotCountTwiceWhatIsGivenBackTwice() {
        pool.take(80);
        pool.release(80);
        pool.release(80);
        assertThat(pool.used()).isZero();
    }
}
