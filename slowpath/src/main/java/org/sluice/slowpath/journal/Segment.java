package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The generation that is being written, a queue of Chronicle's; the only class that knows Chronicle. Chronicle writes through mapped
 * memory, where a full disk would end the process, so the disk's blocks are taken ahead of it. One thread.
 */
final class Segment implements AutoCloseable {
    private static final int BLOCK = 4 << 20;
    /** Taken at a time, and kept ahead at least half of it. */
    private static final int AHEAD = 2 << 20;
    private static final int PIECE = 1 << 16;

    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final byte[] copy = new byte[RecordLayout.HEADER + RecordLayout.MAX_BODY];
    private final UnsafeBuffer record = new UnsafeBuffer(copy);
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final FileChannel file;
    private long position;
    private long taken;

    /** @param folder empty */
    Segment(Path folder) throws IOException {
        // time stands still, so that Chronicle begins no file of its own accord
        queue = SingleChronicleQueueBuilder.binary(folder).rollCycle(LegacyRollCycles.DAILY).blockSize(BLOCK)
                .timeProvider(() -> 0).build();
        appender = queue.createAppender();
        // makes the file
        try (DocumentContext first = appender.writingDocument(true)) {
            first.wire().bytes().writeInt(0);
        }
        Path data = new JournalFolder.Generation(folder).files().getFirst();
        file = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE);
        take();
    }

    /** Writes what stands there, which is nothing, so that it has a place on the disk. */
    private void take() throws IOException {
        while (taken < position + AHEAD) {
            piece.clear();
            for (int count = 0; count >= 0 && piece.hasRemaining();) {
                count = file.read(piece, taken + piece.position());
            }
            while (piece.hasRemaining()) {
                piece.put((byte) 0);
            }
            piece.flip();
            while (piece.hasRemaining()) {
                taken += file.write(piece, taken);
            }
        }
    }

    /** Appends a record and gives it its checksum. @throws IOException when the disk is full */
    void append(UnsafeBuffer from, int at, int length) throws IOException {
        from.getBytes(at, copy, 0, length);
        RecordLayout.seal(record, length);
        if (position + length + AHEAD / 2 > taken) {
            take();
        }
        try (DocumentContext document = appender.writingDocument()) {
            Bytes<?> bytes = document.wire().bytes();
            bytes.write(copy, 0, length);
            position = bytes.writePosition();
        }
    }

    /** @return bytes of the file that are in use. */
    long size() {
        return position;
    }

    /** Gives back what was taken ahead. */
    @Override
    public void close() throws IOException {
        try (file) {
            appender.close();
            queue.close();
            file.truncate(position);
        }
    }
}
