package org.sluice.slowpath.journal;

/** What the journal counts. */
public enum JournalCounter {
    /** Records written. */
    RECORDS,
    /** Bytes of records written. */
    BYTES,
    /** Records that were not written, because the ring was full or the disk took none. */
    LOST,
    /** Times that everything alive was written down. */
    SNAPSHOTS,
    /** Times that writing failed. */
    FAILURES,
    /** 1 while records are being written, else 0. */
    UP,
    /** Bytes on disk. */
    DISK_BYTES
}
