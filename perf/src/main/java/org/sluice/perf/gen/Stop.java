package org.sluice.perf.gen;

/** Asks others to come to an end. Any thread. */
public final class Stop {
    private volatile boolean isDone;

    public void now() {
        isDone = true;
    }

    /** @return whether they have been asked. */
    public boolean isDone() {
        return isDone;
    }
}
