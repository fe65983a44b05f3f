package org.sluice.perf.gen;

import org.sluice.perf.gen.load.Rate;

/**
 * What was offered.
 *
 * @param frames that the device took
 * @param nanos how long that took
 */
public record Sent(long frames, long nanos) {

    /** @return frames a second. */
    public double rate() {
        return Rate.perSecond(frames, nanos);
    }
}
