package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.OffHeap;

/**
 * The journal of one run: what earlier runs left is read, then it is ready to take more. Opening reads files and takes the folder; what goes wrong
 * is said in the log and means that nothing is written, never that the gateway does not start.
 */
public final class JournalStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalStore.class);

    private final Image image;
    private final Journal journal;
    private final JournalWriter writer;
    private final JournalFolder folder;

    private JournalStore(JournalFolder folder, Image image, Journal journal, JournalWriter writer) {
        this.folder = folder;
        this.image = image;
        this.journal = journal;
        this.writer = writer;
    }

    /** @return whether an earlier run has left something there. */
    public static boolean isThere(JournalSettings settings) {
        try (JournalFolder folder = JournalFolder.look(settings.state())) {
            return !folder.generations().isEmpty();
        } catch (IOException e) {
            // what is wrong with it is said when it is opened
            return false;
        }
    }

    /** @return null when there is to be no journal, because of what was logged */
    public static JournalStore open(JournalSettings settings) {
        JournalFolder folder;
        try {
            folder = JournalFolder.open(settings.state());
        } catch (IOException e) {
            LOG.error("no journal is kept: {}. Forwarding goes on, but a restart loses all flows", e.getMessage());
            return null;
        }
        try {
            return open(settings, folder);
        } catch (IOException | RuntimeException e) {
            LOG.error("no journal is kept: {} can't be read ({}). Forwarding goes on; move the folder away and restart",
                    folder.path(), e.toString());
            try {
                folder.close();
            } catch (IOException ignored) {
                // nothing was written
            }
            return null;
        }
    }

    private static JournalStore open(JournalSettings settings, JournalFolder folder) throws IOException {
        long begin = System.nanoTime();
        RingFiles files = new RingFiles(folder.path());
        List<Path> rings = files.left();
        ImageReader reader = new ImageReader();
        reader.read(folder, rings);
        report(reader, folder, System.nanoTime() - begin);
        JournalRing ring = ring(files, reader.image().lastSequence());
        carryOver(rings, ring);
        Journal journal = new Journal(ring, new CounterSet<>(JournalCounter.class));
        List<Path> own = files.left();
        JournalWriter writer = new JournalWriter(settings, folder, ring, journal, () -> end(folder, own));
        return new JournalStore(folder, reader.image(), journal, writer);
    }

    private static JournalRing ring(RingFiles files, long sequence) {
        try {
            return JournalRing.create(files, sequence);
        } catch (IOException | RuntimeException e) {
            LOG.warn("no shared memory for the journal ({}): a gateway that is killed may lose its last millisecond",
                    e.toString());
            UnsafeBuffer memory = OffHeap.allocate(JournalRing.length(JournalRing.BYTES));
            return new JournalRing(memory, sequence);
        }
    }

    /** What earlier runs had not written yet is the first to be written now; until then it is in the new ring. */
    private static void carryOver(List<Path> rings, JournalRing ring) throws IOException {
        for (Path left : rings) {
            for (byte[] record : RingFiles.rest(left)) {
                ring.offer(record);
            }
        }
        for (Path left : rings) {
            Files.deleteIfExists(left);
        }
    }

    private static void end(JournalFolder folder, List<Path> rings) {
        try (folder) {
            for (Path ring : new ArrayList<>(rings)) {
                Files.deleteIfExists(ring);
            }
        } catch (IOException e) {
            LOG.debug("closing the journal", e);
        }
    }

    private static void report(ImageReader reader, JournalFolder folder, long nanos) {
        Image image = reader.image();
        if (reader.damages() > 0 || reader.foreign() > 0) {
            LOG.warn(
                    "the journal in {} was damaged in {} place(s), and {} record(s) were of another version: they were passed"
                            + " over, all others were read",
                    folder.path(), reader.damages(), reader.foreign());
        }
        if (image.lastTime() == 0) {
            LOG.info("journal in {}: it is new", folder.path());
            return;
        }
        LOG.info(
                "journal in {}: {} flows, {} mappings, {} expectations, {} edited connections as of {}, when the gateway {};"
                        + " read in {} ms",
                folder.path(), image.flows().size(), image.mappings().size(),
                image.expectations().size(), image.sessions().size(), Instant.ofEpochMilli(image.lastTime()),
                image.isStopped() ? "was stopped" : "ended without being stopped", nanos / 1_000_000);
    }

    /** @return what was alive when the last run ended. */
    public Image image() {
        return image;
    }

    /** @return the conductor's end. */
    public Journal journal() {
        return journal;
    }

    /** @return what is to run on a thread of its own. */
    public JournalWriter writer() {
        return writer;
    }

    /** Lets the folder go without writing what was handed over, as when the process is killed; the next one finds it. */
    @Override
    public void close() {
        writer.end();
        try {
            folder.close();
        } catch (IOException e) {
            LOG.debug("leaving the journal", e);
        }
    }
}
