package org.sluice.perf.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void shouldTakeTheMiddle() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0, 7.0))).isEqualTo(6);
        assertThat(Statistics.median(List.of())).isNaN();
    }

    @Test
    void shouldRelateTheRangeToTheMedian() {
        assertThat(Statistics.spread(List.of(90.0, 100.0, 115.0))).isEqualTo(25);
        assertThat(Statistics.spread(List.of(3.0))).isZero();
    }

    @Test
    void shouldRelateMediansToTheKernels() {
        List<Outcome<Double>> outcomes = List.of(new Outcome<>("kernel", List.of(1.0, 2.0, 3.0), ""),
                new Outcome<>("ours", List.of(3.0, 4.0, 3.0), ""), new Outcome<>("absent", List.of(), "not installed"));

        assertThat(Outcome.ratio(outcomes, outcomes.get(1), v -> v)).isEqualTo(1.5);
        assertThat(Outcome.ratio(outcomes, outcomes.get(2), v -> v)).isNull();
        assertThat(outcomes.get(2).median(v -> v)).isNull();
    }

    @Test
    void shouldLeaveRoundsOutThatHaveNoFigure() {
        assertThat(new Outcome<>("ours", List.of(3.0, Double.NaN, 5.0), "").median(v -> v)).isEqualTo(4);
        assertThat(new Outcome<>("ours", List.of(Double.NaN), "").spread(v -> v)).isNull();
    }
}
