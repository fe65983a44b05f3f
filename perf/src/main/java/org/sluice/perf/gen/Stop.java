package org.sluice.perf.gen;

/** Asks others to come to an end. Any thread. */
final class Stop {
    private volatile boolean isDone;

    void now() {
        isDone = true;
    }

    boolean isDone() {
        return isDone;
    }
}
