package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/** Reads all that is kept of a journal, oldest first, while a gateway may be writing it. One thread. */
public final class JournalLog {
    private long last;
    private int damages;

    /** Takes what was written. */
    @FunctionalInterface
    public interface Sink {

        /** @param sequence of the record. @param time when it was made, milliseconds of the epoch */
        void take(Entry entry, long sequence, long time);
    }

    private JournalLog() {}

    /**
     * Reads a journal.
     *
     * @param state folder
     * @return places that could not be read
     * @throws IOException with a message that says what is wrong and what to do
     */
    public static int read(Path state, Sink sink) throws IOException {
        JournalLog log = new JournalLog();
        try (JournalFolder folder = JournalFolder.look(state)) {
            for (JournalFolder.Generation generation : folder.generations()) {
                log.read(generation, sink);
            }
        }
        return log.damages;
    }

    private void read(JournalFolder.Generation generation, Sink sink) throws IOException {
        try {
            for (Path file : generation.files()) {
                int found = RecordScanner.scan(file, (b, at, length) -> {
                    if (RecordLayout.sequence(b, at) > last) {
                        last = RecordLayout.sequence(b, at);
                        take(b, at, length, sink);
                    }
                }).damages();
                damages += found;
            }
        } catch (NoSuchFileException e) {
            // the gateway has removed it meanwhile, because it is old
        }
    }

    private void take(DirectBuffer b, int at, int length, Sink sink) {
        try {
            Entry entry = Entry.read(RecordLayout.kind(b, at), b, at + RecordLayout.HEADER,
                    length - RecordLayout.HEADER);
            if (entry != null) {
                sink.take(entry, last, RecordLayout.time(b, at));
            }
        } catch (IllegalArgumentException e) {
            damages++;
        }
    }
}
