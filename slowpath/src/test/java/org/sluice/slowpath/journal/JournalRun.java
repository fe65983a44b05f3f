package org.sluice.slowpath.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** A run of a gateway as the journal sees it, on one thread. */
final class JournalRun implements AutoCloseable {
    private final JournalStore store;

    JournalRun(Path state) {
        this(new JournalSettings(state));
    }

    JournalRun(JournalSettings settings) {
        store = JournalStore.open(settings);
        assertThat(store).as("a journal").isNotNull();
    }

    Journal journal() {
        return store.journal();
    }

    Image image() {
        return store.image();
    }

    JournalRun log(Entry... entries) {
        for (Entry entry : entries) {
            store.journal().log(entry);
        }
        return this;
    }

    /** Says that what is given is all that is alive. */
    JournalRun snapshot(Entry... living) {
        store.journal().beginSnapshot();
        log(living);
        store.journal().endSnapshot();
        return this;
    }

    /** Everything that was handed over is on disk. */
    JournalRun write() {
        while (store.writer().doWork() > 0) {
            // until nothing is left
        }
        return this;
    }

    long counted(JournalCounter counter) {
        return store.journal().counters().get(counter);
    }

    /** As when the process is killed: nothing more is written, and the kernel frees what was locked. */
    void abandon() {
        store.close();
    }

    void keepHouse() {
        store.writer().keepHouse();
    }

    @Override
    public void close() {
        store.writer().onClose();
    }
}
