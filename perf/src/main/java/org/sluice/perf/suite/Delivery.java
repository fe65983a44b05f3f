package org.sluice.perf.suite;

import org.sluice.perf.gen.Sent;
import org.sluice.perf.gen.load.Rate;

/**
 * What was offered, and what of it arrived.
 *
 * @param sent by the source
 * @param arrived frames at the server, of all flows
 */
record Delivery(Sent sent, long arrived) {

    /** @return frames a second. */
    double offered() {
        return sent.rate();
    }

    /** @return frames a second of the time in which they were sent. */
    double delivered() {
        return Rate.perSecond(arrived, sent.nanos());
    }

    /** @return percent of the frames; 100 when none was sent. */
    double loss() {
        return sent.frames() == 0 ? 100 : Math.max(0, 100.0 * (sent.frames() - arrived) / sent.frames());
    }

    @Override
    public String toString() {
        return "%,.0f of %,.0f packets/s".formatted(delivered(), offered());
    }
}
