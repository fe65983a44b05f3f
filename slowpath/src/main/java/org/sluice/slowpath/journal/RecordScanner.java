package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the records of a file of Chronicle Queue without Chronicle: a damaged file must neither stop nor crash the process, and one
 * that is being written may be read as well. Documents are a header of 4 bytes (30 bits length, one for Chronicle's own documents,
 * one for unfinished ones) and content, aligned to 4. Where something is not as it should be, the next sound record is sought.
 */
final class RecordScanner {
    private static final int META = 1 << 30;
    private static final int UNFINISHED = 1 << 31;
    private static final int LENGTH_MASK = META - 1;
    /** Longer than each of Chronicle's own documents, so that a damaged header leads no farther than this. */
    private static final int MAX_META = 1 << 17;
    private static final int ALIGNMENT = 4;
    private static final int WINDOW = 1 << 22;
    private static final int MARGIN = RecordLayout.HEADER + RecordLayout.MAX_BODY + ALIGNMENT;

    private final FileChannel channel;
    private final Sink sink;
    private final byte[] bytes = new byte[WINDOW];
    private final UnsafeBuffer window = new UnsafeBuffer(bytes);
    private long start;
    private int length;
    private boolean isLast;
    private boolean inDamage;
    /** What was being written when the process ended; damage, should anything follow. */
    private boolean isUnfinished;
    private int damages;
    private int foreign;

    /** Takes records. */
    interface Sink {
        void onRecord(UnsafeBuffer b, int at, int length);
    }

    /**
     * What was wrong.
     *
     * @param damages places where something unreadable stood
     * @param foreign sound records of another version
     */
    record Outcome(int damages, int foreign) {}

    private RecordScanner(FileChannel channel, Sink sink) {
        this.channel = channel;
        this.sink = sink;
    }

    /** @param sink gets each sound record of this version, in the order of the file */
    static Outcome scan(Path file, Sink sink) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            RecordScanner scanner = new RecordScanner(channel, sink);
            scanner.run();
            return new Outcome(scanner.damages, scanner.foreign);
        }
    }

    private void run() throws IOException {
        long at = 0;
        load(0);
        while (at + ALIGNMENT + RecordLayout.HEADER <= start + length) {
            at += step((int) (at - start));
            if (!isLast && at + MARGIN > start + length) {
                load(at);
            }
        }
    }

    private void load(long from) throws IOException {
        start = from;
        length = 0;
        ByteBuffer into = ByteBuffer.wrap(bytes);
        int count = 0;
        while (count >= 0 && into.hasRemaining()) {
            count = channel.read(into, from + into.position());
        }
        length = into.position();
        isLast = count < 0;
    }

    /** @return how far it is to what is to be looked at next. */
    private int step(int at) {
        int header = window.getInt(at);
        if (header == 0) {
            return ALIGNMENT;
        }
        int document = header & LENGTH_MASK;
        int record = at + ALIGNMENT;
        // in damage anything may look like a header; only a sound record shows where it ends
        if (!inDamage && (header & META) != 0 && (header & UNFINISHED) == 0 && document <= MAX_META
                && !RecordLayout.isMarked(window, record)) {
            return ALIGNMENT + align(document);
        }
        if (!RecordLayout.isSound(window, record, length - record)) {
            if (!inDamage && (header & UNFINISHED) != 0) {
                isUnfinished = true;
            } else {
                damages += inDamage ? 0 : 1;
            }
            inDamage = true;
            // where both lengths agree nothing is sought within, since what others have sent may stand there
            boolean isWhole = document >= RecordLayout.HEADER && document == RecordLayout.length(window, record)
                    && document <= RecordLayout.HEADER + RecordLayout.MAX_BODY;
            return isWhole ? ALIGNMENT + align(document) : ALIGNMENT;
        }
        damages += isUnfinished ? 1 : 0;
        isUnfinished = false;
        inDamage = false;
        int size = RecordLayout.length(window, record);
        if (RecordLayout.version(window, record) == RecordLayout.VERSION) {
            sink.onRecord(window, record, size);
        } else {
            foreign++;
        }
        return ALIGNMENT + align(size);
    }

    private static int align(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
