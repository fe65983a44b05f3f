package org.sluice.slowpath.journal;

import java.nio.file.Path;

/**
 * Where the journal is and how much of it is kept.
 *
 * @param state folder; the journal is in a folder within it
 * @param maxBytes on disk; what is needed for a restart stays even when it is more
 */
public record JournalSettings(Path state, long maxBytes) {
    public static final long DEFAULT_BYTES = 1L << 30;
    private static final long LARGEST_GENERATION = 64 << 20;
    private static final long SMALLEST_GENERATION = 1 << 20;
    private static final int GENERATIONS = 8;

    /** As much as there is by default. */
    public JournalSettings(Path state) {
        this(state, DEFAULT_BYTES);
    }

    /** @return after how many bytes another file is begun, with what is alive. */
    long generationBytes() {
        return Math.clamp(maxBytes / GENERATIONS, SMALLEST_GENERATION, LARGEST_GENERATION);
    }
}
