package org.sluice.perf.gen.frame;

import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * Tells how many frames are due. A sender that was held up makes good for the last {@value #MOST_BEHIND_MILLIS} ms only, for a
 * longer burst would be another load than the one asked for; the timetable then moves. One thread.
 */
public final class Pacer {
    private static final long MOST_BEHIND_MILLIS = 10;
    private static final long MOST_BEHIND = TimeUnit.MILLISECONDS.toNanos(MOST_BEHIND_MILLIS);

    private final LongUnaryOperator timetable;
    private long moved;

    /** @param timetable by a frame's number, from 0: when it is due, in nanoseconds from the beginning, never going back */
    public Pacer(LongUnaryOperator timetable) {
        this.timetable = timetable;
    }

    /** @param perSecond frames; infinity for all at once */
    public static Pacer steady(double perSecond) {
        double nanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        return new Pacer(number -> (long) (number * nanos));
    }

    /**
     * @param elapsed nanoseconds from the beginning
     * @param sent frames that are out
     * @return how many more are due, at most {@code most}
     */
    public int due(long elapsed, long sent, int most) {
        long behind = elapsed - moved - timetable.applyAsLong(sent);
        if (behind > MOST_BEHIND) {
            moved += behind - MOST_BEHIND;
        }
        int due = 0;
        while (due < most && timetable.applyAsLong(sent + due) <= elapsed - moved) {
            due++;
        }
        return due;
    }

    /** @return nanoseconds until the next frame is due; 0 or less when one is. */
    public long untilNext(long elapsed, long sent) {
        return timetable.applyAsLong(sent) - (elapsed - moved);
    }
}
