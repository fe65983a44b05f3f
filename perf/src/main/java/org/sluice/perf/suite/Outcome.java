package org.sluice.perf.suite;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of one rival in all rounds.
 *
 * @param rival its name
 * @param results one a round
 * @param problem why there are none, or no more; empty when all went well
 */
record Outcome<R>(String rival, List<R> results, String problem) {

    /** @return the median of a figure over the rounds; null when no round has it. */
    Double median(ToDoubleFunction<R> figure) {
        List<Double> values = values(figure);
        return values.isEmpty() ? null : Statistics.median(values);
    }

    /** @return the range of a figure as a percentage of its median; null when no round has it. */
    Double spread(ToDoubleFunction<R> figure) {
        List<Double> values = values(figure);
        return values.isEmpty() ? null : Statistics.spread(values);
    }

    /** A round that has no such figure says {@link Double#NaN}. */
    private List<Double> values(ToDoubleFunction<R> figure) {
        return results.stream().map(figure::applyAsDouble).filter(value -> !value.isNaN()).toList();
    }

    /** @return the ratio of medians, or null when one is missing. */
    static <R> Double ratio(List<Outcome<R>> outcomes, Outcome<R> outcome, ToDoubleFunction<R> figure) {
        Double base = outcomes.stream().filter(other -> other.rival.equals("kernel")).findFirst()
                .map(other -> other.median(figure)).orElse(null);
        Double value = outcome.median(figure);
        return base == null || value == null ? null : value / base;
    }
}
