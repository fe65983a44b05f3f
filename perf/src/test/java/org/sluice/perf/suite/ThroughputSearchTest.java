package org.sluice.perf.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThroughputSearchTest {
    private static final double SOURCE_LIMIT = 400_000;

    private final List<Double> tried = new ArrayList<>();

    /** A device that carries so many frames a second and loses the rest, behind a source that has a limit too. */
    private ThroughputSearch search(double limit) {
        return new ThroughputSearch(rate -> {
            tried.add(rate);
            double offered = Math.min(rate, SOURCE_LIMIT);
            return new ThroughputSearch.Outcome(offered, (long) offered, (long) Math.min(offered, limit));
        }, 0, 0.01);
    }

    @ParameterizedTest
    @ValueSource(doubles = {10_000, 123_456, 250_000, 399_000})
    void shouldFindTheLimit(double limit) throws Exception {
        ThroughputSearch.Outcome best = search(limit).run(1e6);

        assertThat(best.rate()).isLessThanOrEqualTo(limit).isGreaterThan(limit - 0.01 * SOURCE_LIMIT);
        assertThat(best.loss()).isZero();
        assertThat(tried).hasSizeLessThan(10);
    }

    @Test
    void shouldEndAtOnceWhenTheSourceIsTheLimit() throws Exception {
        ThroughputSearch search = search(1e9);

        assertThat(search.run(1e6).rate()).isEqualTo(SOURCE_LIMIT);
        assertThat(search.trials()).isOne();
    }

    @Test
    void shouldFindNothingWhereEverythingIsLost() throws Exception {
        assertThat(search(0).run(1e6)).isNull();
    }

    @Test
    void shouldCountNothingSentAsLost() {
        assertThat(new ThroughputSearch.Outcome(0, 0, 0).loss()).isEqualTo(1);
    }
}
