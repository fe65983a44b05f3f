package org.sluice.perf.gen;

import org.HdrHistogram.Histogram;

/**
 * How long frames were on their way, from before they were handed to the device until the kernel, or over AF_XDP the sink, saw them
 * arrive. Nanoseconds, with three digits.
 *
 * @param count of frames that were measured
 */
public record Latency(long count, long min, double mean, long p50, long p90, long p99, long p999, long max) {
    private static final double P50 = 50;
    private static final double P90 = 90;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    static Latency of(Histogram h) {
        return new Latency(h.getTotalCount(), h.getMinValue(), h.getMean(), h.getValueAtPercentile(P50),
                h.getValueAtPercentile(P90), h.getValueAtPercentile(P99), h.getValueAtPercentile(P999),
                h.getMaxValue());
    }
}
