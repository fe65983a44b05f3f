package org.sluice.perf.suite;

/**
 * The highest rate at which nothing is lost, frames (RFC 2544, section 26.1) or connections (RFC 9693, section 4), found by halving the
 * interval between a rate that was carried and one that was not.
 */
final class ThroughputSearch {

    /** One trial. */
    interface Trial {
        /** Offers frames at a rate, in frames a second. */
        Outcome run(double rate) throws Exception;
    }

    /**
     * What came of a trial.
     *
     * @param rate frames a second that were really offered
     * @param sent frames
     * @param received frames
     */
    record Outcome(double rate, long sent, long received) {

        /** @return share of the frames; 1 when none was sent. */
        double loss() {
            return sent == 0 ? 1 : Math.max(0, (double) (sent - received) / sent);
        }
    }

    private final Trial trial;
    private final double tolerance;
    private final double resolution;
    private int trials;

    /**
     * @param tolerance share of frames that may be lost; RFC 2544 says 0
     * @param resolution share of the highest rate at which the search ends
     */
    ThroughputSearch(Trial trial, double tolerance, double resolution) {
        this.trial = trial;
        this.tolerance = tolerance;
        this.resolution = resolution;
    }

    /**
     * @param highest rate, which is tried first
     * @return the best trial without loss; null when all lost frames
     */
    Outcome run(double highest) throws Exception {
        Outcome first = trial.run(highest);
        trials = 1;
        if (first.loss() <= tolerance) {
            return first;
        }
        Outcome best = null;
        double good = 0;
        // the source may not reach what it was asked for
        double bad = Math.min(highest, first.rate());
        double step = resolution * bad;
        while (bad - good > step) {
            double rate = (good + bad) / 2;
            Outcome outcome = trial.run(rate);
            trials++;
            if (outcome.loss() <= tolerance) {
                good = rate;
                best = outcome;
            } else {
                bad = rate;
            }
        }
        return best;
    }

    /** @return how many trials the latest search took. */
    int trials() {
        return trials;
    }
}
