package org.sluice.fastpath.worker;

import java.util.List;

/** The duty cycles of all workers together. One thread. */
public final class DutyCycles {
    private final DutyCycle[] cycles;

    /** A moment: the counts of all. */
    public static final class Moment {
        private final long[] counts;

        private Moment(int workers) {
            counts = new long[workers];
        }
    }

    public DutyCycles(List<DutyCycle> cycles) {
        this.cycles = cycles.toArray(new DutyCycle[0]);
    }

    /** @return now. */
    public Moment note() {
        Moment now = new Moment(cycles.length);
        for (int i = 0; i < cycles.length; i++) {
            now.counts[i] = cycles[i].note();
        }
        return now;
    }

    /** @param noted by {@link #note}. @return whether what was taken away before can't be in use by any of them. */
    public boolean havePassed(Moment noted) {
        for (int i = 0; i < cycles.length; i++) {
            if (!cycles[i].hasPassed(noted.counts[i])) {
                return false;
            }
        }
        return true;
    }
}
