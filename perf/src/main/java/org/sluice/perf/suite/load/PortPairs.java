package org.sluice.perf.suite.load;

import java.util.Random;

/**
 * All combinations of source and destination ports of two hosts, numbered from 0, as RFC 9693, section 4.4, enumerates them. The
 * hosts' own stacks stay silent on these destination ports.
 */
public final class PortPairs {
    /** How many there are at most. */
    public static final int MAX = 60_000 * 4_000;

    private static final int FIRST_SOURCE = 5_000;
    private static final int SOURCES = 60_000;
    /** Discard (RFC 863). */
    private static final int FIRST_DESTINATION = 9;

    private PortPairs() {}

    static int source(int number) {
        return FIRST_SOURCE + number % SOURCES;
    }

    static int destination(int number) {
        return FIRST_DESTINATION + number / SOURCES;
    }

    /**
     * @param seed the same one gives the same order
     * @return the first {@code count} numbers in pseudorandom order, each once
     */
    static int[] shuffled(int count, long seed) {
        Random random = new Random(seed);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            numbers[i] = numbers[j];
            numbers[j] = i;
        }
        return numbers;
    }
}
