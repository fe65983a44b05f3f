package org.sluice.perf.suite;

import java.time.Duration;
import java.util.List;

/**
 * How much time a run takes.
 *
 * @param rounds turns of all rivals; the medians count
 * @param seconds length of each measurement
 * @param quick fewer sizes, fewer flows, fewer connections: shows that it works, measures little
 * @param rivals names of those that take part; empty for all
 */
record Settings(int rounds, int seconds, boolean quick, List<String> rivals) {

    /** @return what a value is, in a quick run or another. */
    <T> T choose(T inQuick, T otherwise) {
        return quick ? inQuick : otherwise;
    }

    /** @return the same with so many rounds. */
    Settings rounds(int value) {
        return new Settings(value, seconds, quick, rivals);
    }

    /** @return length of each measurement. */
    Duration duration() {
        return Duration.ofSeconds(seconds);
    }

    boolean admits(String rival) {
        return rivals.isEmpty() || rivals.stream().anyMatch(rival::equals);
    }

    @Override
    public String toString() {
        return "rounds %d, seconds %d%s%s".formatted(rounds, seconds, quick ? ", quick" : "",
                rivals.isEmpty() ? "" : ", only " + String.join(", ", rivals));
    }
}
