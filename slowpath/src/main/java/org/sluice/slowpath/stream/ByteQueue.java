package org.sluice.slowpath.stream;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Consecutive bytes addressed by their position in the stream; grows at the end, shrinks at the start. */
final class ByteQueue {
    private static final int INITIAL = 256;
    private UnsafeBuffer bytes = new UnsafeBuffer(new byte[INITIAL]);
    private int head;
    private int length;
    private long start;

    /** Empties it and sets where the next byte stands. */
    void reset(long position) {
        start = position;
        head = 0;
        length = 0;
    }

    long start() {
        return start;
    }

    long end() {
        return start + length;
    }

    int length() {
        return length;
    }

    DirectBuffer buffer() {
        return bytes;
    }

    /** @return index in {@link #buffer} of a position within. */
    int index(long position) {
        return head + (int) (position - start);
    }

    void append(DirectBuffer from, int offset, int count) {
        if (head + length + count > bytes.capacity()) {
            UnsafeBuffer larger = length + count <= bytes.capacity() / 2
                    ? bytes
                    : new UnsafeBuffer(new byte[Math.max(2 * bytes.capacity(), length + count)]);
            byte[] moved = new byte[length];
            bytes.getBytes(head, moved);
            larger.putBytes(0, moved);
            bytes = larger;
            head = 0;
        }
        bytes.putBytes(head + length, from, offset, count);
        length += count;
    }

    /** Drops what stands before a position. */
    void dropBefore(long position) {
        int count = Math.clamp(position - start, 0, length);
        head += count;
        length -= count;
        start += count;
        if (length == 0) {
            head = 0;
        }
    }

    /** Writes it down. @return index behind it */
    int save(MutableDirectBuffer out, int offset) {
        out.putLong(offset, start);
        out.putInt(offset + Long.BYTES, length);
        out.putBytes(offset + Long.BYTES + Integer.BYTES, bytes, head, length);
        return offset + Long.BYTES + Integer.BYTES + length;
    }

    /** Takes what {@link #save} wrote. @return index behind it */
    int restore(DirectBuffer in, int offset) {
        reset(in.getLong(offset));
        int count = in.getInt(offset + Long.BYTES);
        if (count < 0 || count > in.capacity() - offset - Long.BYTES - Integer.BYTES) {
            throw new IllegalArgumentException(count + " bytes are not there");
        }
        append(in, offset + Long.BYTES + Integer.BYTES, count);
        return offset + Long.BYTES + Integer.BYTES + count;
    }
}
