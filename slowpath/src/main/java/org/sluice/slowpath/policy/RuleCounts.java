package org.sluice.slowpath.policy;

import java.util.concurrent.atomic.AtomicLong;

/** How often a rule has decided; counted on when rules are exchanged. Written by the conductor, read by any thread. */
public final class RuleCounts {
    private final AtomicLong decided = new AtomicLong();
    private final AtomicLong beyond = new AtomicLong();

    void countDecided() {
        increment(decided);
    }

    void countBeyond() {
        increment(beyond);
    }

    /** A single writer needs no atomic addition. */
    private static void increment(AtomicLong counter) {
        counter.setRelease(counter.getPlain() + 1);
    }

    /** @return how many new flows it has decided about. */
    public long decided() {
        return decided.get();
    }

    /** @return how many of them went beyond its limit. */
    public long beyond() {
        return beyond.get();
    }
}
