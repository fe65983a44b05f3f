package org.sluice.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells who waits at a terminal how far a journal has been read: from the second second on, in one line of standard error, which is gone at the
 * end. One thread.
 */
final class Progress implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int RECORDS_A_LOOK = 1 << 10;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isWatched;
    private final LongSupplier clock;
    private long next;
    private long records;
    private boolean isShown;

    /** @param clock nanoseconds, from anywhere on */
    Progress(PrintWriter err, boolean isWatched, LongSupplier clock) {
        this.err = err;
        this.isWatched = isWatched;
        this.clock = clock;
        next = clock.getAsLong() + PATIENCE_NANOS;
    }

    /** @return on standard error, if that is a terminal. */
    static Progress on(PrintWriter err) {
        return new Progress(err, isTerminal(), System::nanoTime);
    }

    /** Standard output may well be a file meanwhile, so that it can't be asked of {@link System#console}. */
    private static boolean isTerminal() {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** @param time when the record was written, milliseconds of the epoch */
    void read(long time) {
        records++;
        if (isWatched && records % RECORDS_A_LOOK == 0 && clock.getAsLong() - next >= 0) {
            next = clock.getAsLong() + INTERVAL_NANOS;
            isShown = true;
            err.print(CLEAR_LINE + "%,d records read, now at %s".formatted(records,
                    Instant.ofEpochMilli(time).truncatedTo(ChronoUnit.SECONDS)));
            err.flush();
        }
    }

    @Override
    public void close() {
        if (isShown) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
