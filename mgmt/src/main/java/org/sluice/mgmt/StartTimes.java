package org.sluice.mgmt;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** How long each step of the start took, for whoever wonders what a restart cost. The first began with the process. One thread. */
final class StartTimes {
    private final StringJoiner steps = new StringJoiner(", ");
    private final long begin;
    private long last;

    private StartTimes(long begin) {
        this.begin = begin;
        last = begin;
    }

    /** @return with the process's own start as their begin, or now where the system does not tell that. */
    static StartTimes ofProcess() {
        Instant now = Instant.now();
        Instant start = ProcessHandle.current().info().startInstant().orElse(now);
        return new StartTimes(System.nanoTime() - Math.max(0, Duration.between(start, now).toNanos()));
    }

    /** What was done since the step before, or since the begin, is called that. */
    void step(String name) {
        long now = System.nanoTime();
        steps.add("%s %s".formatted(name, seconds(now - last)));
        last = now;
    }

    /** @return from the begin to the last step, as {@code 1.4 s: program 0.5 s, ports 0.2 s}. */
    @Override
    public String toString() {
        return seconds(last - begin) + ": " + steps;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
