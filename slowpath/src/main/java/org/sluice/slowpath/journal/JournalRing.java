package org.sluice.slowpath.journal;

import java.io.IOException;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** From the conductor to the journal's writer: records without their checksums. One thread puts them in, one takes them out. */
final class JournalRing {
    static final int BYTES = 8 << 20;
    private static final int TYPE = 1;

    private final OneToOneRingBuffer ring;
    private final ExpandableDirectByteBuffer scratch = new ExpandableDirectByteBuffer(1 << 10);
    private final BodyWriter writer = new BodyWriter();
    private long sequence;

    /** @param memory a power of two and Agrona's trailer. @param sequence of the last record that was ever written */
    JournalRing(UnsafeBuffer memory, long sequence) {
        ring = new OneToOneRingBuffer(memory);
        this.sequence = sequence;
    }

    static int length(int bytes) {
        return bytes + RingBufferDescriptor.TRAILER_LENGTH;
    }

    static JournalRing create(RingFiles files, long sequence) throws IOException {
        return new JournalRing(files.create(length(BYTES)), sequence);
    }

    /** Puts a record of an earlier run in, as it is. @return false when the ring is full */
    boolean offer(byte[] record) {
        return ring.write(TYPE, new UnsafeBuffer(record), 0, record.length);
    }

    /** Conductor. @return false when it was not put in because the ring is full */
    boolean offer(Entry entry, long time) {
        int length = Entry.write(entry, writer, scratch, 0, sequence + 1, time);
        if (length > RecordLayout.HEADER + RecordLayout.MAX_BODY || !ring.write(TYPE, scratch, 0, length)) {
            return false;
        }
        sequence++;
        return true;
    }

    /** @return whether there is room for much. */
    boolean isHalfEmpty() {
        return ring.size() < ring.capacity() / 2;
    }

    /** Writer. @return how many were taken out */
    int read(MessageHandler handler, int limit) {
        return ring.read(handler, limit);
    }
}
