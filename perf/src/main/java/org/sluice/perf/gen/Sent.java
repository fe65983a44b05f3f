package org.sluice.perf.gen;

import java.util.concurrent.TimeUnit;

/**
 * What was offered.
 *
 * @param frames that the device took
 * @param nanos how long that took
 */
public record Sent(long frames, long nanos) {

    /** @return frames a second. */
    public double rate() {
        return nanos == 0 ? 0 : (double) frames * TimeUnit.SECONDS.toNanos(1) / nanos;
    }
}
