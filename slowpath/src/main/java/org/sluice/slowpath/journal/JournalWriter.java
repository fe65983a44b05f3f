package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.counter.CounterSet;

/**
 * Takes records from the ring and appends them to the generation on disk; begins another one when that is large, and removes the
 * oldest. When the disk takes nothing, records are lost and counted, and it tries again every few seconds; then everything alive is
 * written once more. A thread of its own.
 */
public final class JournalWriter implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int LIMIT = 256;
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long KEEP_HOUSE_NS = TimeUnit.SECONDS.toNanos(5);
    /** Left free on the disk for others, who need it more. */
    private static final long RESERVE = 32 << 20;

    private final JournalSettings settings;
    private final JournalFolder folder;
    private final JournalRing ring;
    private final Journal journal;
    private final CounterSet<JournalCounter> counters;
    private final Runnable onEnd;
    private final MessageHandler handler = this::onMessage;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private Segment segment;
    private JournalFolder.Generation generation;
    private long snapshotBegun;
    private long snapshotBytes;
    private boolean hasBegunBefore;
    private boolean failed;
    private boolean untidy;
    private long retryAt = System.nanoTime();
    private long keepHouseAt = System.nanoTime();

    /** @param onEnd when everything is on disk */
    JournalWriter(JournalSettings settings, JournalFolder folder, JournalRing ring, Journal journal, Runnable onEnd) {
        this.settings = settings;
        this.folder = folder;
        this.ring = ring;
        this.journal = journal;
        this.onEnd = onEnd;
        counters = journal.counters();
    }

    @Override
    public int doWork() {
        long now = System.nanoTime();
        if (segment == null && now - retryAt >= 0) {
            begin();
        }
        int work = ring.read(handler, LIMIT);
        if (segment != null && segment.size() > settings.generationBytes(snapshotBytes)) {
            end();
            begin();
        }
        if (now - keepHouseAt >= 0) {
            keepHouseAt = now + KEEP_HOUSE_NS;
            keepHouse();
        }
        return work;
    }

    private void begin() {
        try {
            folder.keep();
            long usable = Files.getFileStore(folder.path()).getUsableSpace();
            if (usable < RESERVE) {
                throw new IOException("only %d MiB are free, and %d MiB are left for others".formatted(usable >> 20,
                        RESERVE >> 20));
            }
            generation = folder.begin();
            segment = new Segment(generation.path());
            snapshotBegun = 0;
            snapshotBytes = 0;
            if (hasBegunBefore) {
                journal.want();
            }
            hasBegunBefore = true;
            counters.add(JournalCounter.UP, 1 - counters.get(JournalCounter.UP));
            if (failed) {
                failed = false;
                LOG.info("the journal is being written again");
            }
        } catch (IOException | RuntimeException | InternalError e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        counters.increment(JournalCounter.FAILURES);
        counters.add(JournalCounter.UP, -counters.get(JournalCounter.UP));
        retryAt = System.nanoTime() + RETRY_NS;
        end();
        if (!failed) {
            failed = true;
            hasBegunBefore = true;
            LOG.error(
                    "the journal in {} can't be written: {}. Forwarding goes on, but a restart would lose flows that began"
                            + " since; make room or make the folder writable. It is tried again every {} s",
                    folder.path(),
                    describe(cause), TimeUnit.NANOSECONDS.toSeconds(RETRY_NS));
            LOG.debug("the journal can't be written", cause);
        }
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Closes the generation. */
    void end() {
        if (segment != null) {
            Segment ending = segment;
            segment = null;
            try {
                ending.close();
            } catch (IOException | RuntimeException | InternalError e) {
                LOG.debug("closing {}", generation, e);
            }
        }
    }

    private void onMessage(int type, MutableDirectBuffer b, int at, int length) {
        if (segment == null) {
            counters.increment(JournalCounter.LOST);
            return;
        }
        try {
            view.wrap(b, at, length);
            segment.append(view, 0, length);
            counters.increment(JournalCounter.RECORDS);
            counters.add(JournalCounter.BYTES, length);
            note(view);
        } catch (IOException | RuntimeException | InternalError e) {
            counters.increment(JournalCounter.LOST);
            fail(e);
        }
    }

    private void note(UnsafeBuffer record) throws IOException {
        int kind = RecordLayout.kind(record, 0);
        if (kind == Entry.Kind.SNAPSHOT_BEGIN.ordinal()) {
            snapshotBegun = record.getLong(RecordLayout.HEADER);
        } else if (kind == Entry.Kind.SNAPSHOT_END.ordinal()
                && record.getLong(RecordLayout.HEADER) == snapshotBegun) {
            snapshotBytes = segment.size();
            generation.complete();
            counters.increment(JournalCounter.SNAPSHOTS);
            keepHouse();
        }
    }

    /** Removes old files and measures the rest. */
    void keepHouse() {
        if (segment != null && !Files.exists(generation.path())) {
            // what is written would be nobody's
            fail(new IOException("its files are gone"));
            retryAt = System.nanoTime();
        }
        if (segment == null) {
            return;
        }
        try {
            long size = folder.prune(settings.maxBytes());
            counters.add(JournalCounter.DISK_BYTES, size - counters.get(JournalCounter.DISK_BYTES));
            untidy = false;
        } catch (IOException | RuntimeException e) {
            if (!untidy) {
                untidy = true;
                LOG.warn(
                        "old files of the journal in {} can't be removed: {}. It may take more of the disk than it should;"
                                + " make the folder writable",
                        folder.path(), describe(e));
            }
        }
    }

    /** Writes what is still in the ring. */
    @Override
    public void onClose() {
        if (segment == null) {
            begin();
        }
        while (ring.read(handler, LIMIT) > 0) {
            // until nothing is left
        }
        end();
        onEnd.run();
    }

    @Override
    public String roleName() {
        return "journal";
    }
}
