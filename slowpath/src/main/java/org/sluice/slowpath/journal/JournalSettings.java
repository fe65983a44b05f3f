package org.sluice.slowpath.journal;

import java.nio.file.Path;

/**
 * Where the journal is and how much of it is kept.
 *
 * @param state folder; the journal is in a folder within it
 * @param maxBytes on disk; twice as much while that is needed for a restart
 */
public record JournalSettings(Path state, long maxBytes) {
    public static final long DEFAULT_BYTES = 1L << 30;
    private static final long LARGEST_GENERATION = 64 << 20;
    private static final long SMALLEST_GENERATION = 1 << 20;
    private static final int GENERATIONS = 8;
    private static final int GROWTH = 4;

    /** As much as there is by default. */
    public JournalSettings(Path state) {
        this(state, DEFAULT_BYTES);
    }

    /** @return after how many bytes another file is begun at the earliest. */
    long generationBytes() {
        return Math.clamp(maxBytes / GENERATIONS, SMALLEST_GENERATION, LARGEST_GENERATION);
    }

    /** The same, so that the news are more than what was alive when it began. @param alive bytes of that */
    long generationBytes(long alive) {
        long more = Math.min(GROWTH * alive, Math.max(maxBytes / 2, 2 * alive));
        return Math.max(generationBytes(), more);
    }
}
