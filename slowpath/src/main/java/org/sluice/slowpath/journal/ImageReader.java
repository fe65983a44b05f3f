package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts together what was alive from the files of earlier runs. One thread. */
final class ImageReader {
    private final Image image = new Image();
    private int damages;
    private int foreign;

    /** Reads what a restart needs. @param rings memory that earlier runs have left, oldest first */
    void read(JournalFolder folder, List<Path> rings) throws IOException {
        for (JournalFolder.Generation generation : folder.needed()) {
            for (Path file : generation.files()) {
                try {
                    RecordScanner.Outcome outcome = RecordScanner.scan(file, (b, at, length) -> take(b, at, length));
                    damages += outcome.damages();
                    foreign += outcome.foreign();
                } catch (IOException e) {
                    damages++;
                }
            }
        }
        for (Path ring : rings) {
            for (byte[] record : RingFiles.rest(ring)) {
                take(new UnsafeBuffer(record), 0, record.length);
            }
        }
    }

    private void take(DirectBuffer b, int at, int length) {
        try {
            Entry entry = Entry.read(RecordLayout.kind(b, at), b, at + RecordLayout.HEADER,
                    length - RecordLayout.HEADER);
            if (entry == null) {
                foreign++;
            } else {
                image.take(entry, RecordLayout.sequence(b, at), RecordLayout.time(b, at));
            }
        } catch (IllegalArgumentException e) {
            damages++;
        }
    }

    Image image() {
        return image;
    }

    /** @return places that could not be read. */
    int damages() {
        return damages;
    }

    /** @return records of another version. */
    int foreign() {
        return foreign;
    }
}
