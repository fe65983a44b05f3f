package org.sluice.perf.gen.frame;

import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is. There are so many places for flows, which take turns; with the time, the oldest flow's place is taken by a new one. Flows
 * are numbered in the order in which they come: those alive are {@code oldest} to {@code oldest + places - 1}, and flow n has place n modulo
 * places. One thread.
 */
final class FlowCursor {
    private final int places;
    private final double newFlowsPerNano;
    private long oldest;
    private int oldestPlace;
    private int place;

    /** @param newFlows a second */
    FlowCursor(int places, double newFlows) {
        this.places = places;
        newFlowsPerNano = newFlows / TimeUnit.SECONDS.toNanos(1);
    }

    /** Replaces the flows whose time it is. @param elapsed nanoseconds from the beginning, never going back */
    void at(long elapsed) {
        if (newFlowsPerNano > 0) {
            long now = (long) (elapsed * newFlowsPerNano);
            if (now != oldest) {
                oldest = now;
                oldestPlace = (int) (now % places);
            }
        }
    }

    /** @return place of the flow whose turn it is. */
    int place() {
        return place;
    }

    /** @return number of the flow whose turn it is. */
    long flow() {
        int younger = place - oldestPlace;
        return oldest + (younger >= 0 ? younger : younger + places);
    }

    void advance() {
        place = place + 1 == places ? 0 : place + 1;
    }
}
