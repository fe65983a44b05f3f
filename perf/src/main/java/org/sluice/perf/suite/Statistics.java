package org.sluice.perf.suite;

import java.util.Collection;

/** Of a few rounds' results, of which one or the other may be an outlier. */
final class Statistics {
    private Statistics() {}

    /** @return the middle one, or the mean of the two in the middle; NaN of nothing. */
    static double median(Collection<Double> values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** @return how far the rounds lie apart: the range as a percentage of the median; NaN of nothing. */
    static double spread(Collection<Double> values) {
        double[] sorted = sorted(values);
        return sorted.length == 0 ? Double.NaN : 100 * (sorted[sorted.length - 1] - sorted[0]) / median(values);
    }

    private static double[] sorted(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
}
