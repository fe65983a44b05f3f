package org.sluice.perf.gen;

/** What a sink counts. */
enum ArrivalCounter {
    /** Frames of the run, those that came twice included. */
    RECEIVED,
    /** Their bytes, without check sequence. */
    BYTES,
    /** Those that came after a later one of their flow. */
    REORDERED,
    /** Those that had come before. */
    DUPLICATES,
    /** Frames of others. */
    OTHER
}
