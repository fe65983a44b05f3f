package org.sluice.fastpath.port;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames in fixed slots, passed from one thread to another. A slot's length is written last by whoever hands it over; 0 says
 * that the slot is free.
 * <pre>
 *    0          4        6                      16
 *   +----------+--------+----------------------+---------
 *   |  length  | unused | virtio-net header    | frame
 *   +----------+--------+----------------------+---------
 * </pre>
 */
final class FrameRing {
    /** Bytes of a frame that {@link #restore} writes back. */
    static final int RESTORED = 112;

    private static final int CACHE_LINE = 64;
    private static final int LENGTH = 0;
    private static final int FRAME = 16;
    private static final int HEADER = FRAME - VirtioNetHeader.LENGTH;
    private static final int FREE = 0;

    private final int slots;
    private final int stride;
    private final int longest;
    private final UnsafeBuffer buffer;
    private UnsafeBuffer copies;
    private int write;
    private int read;
    /** Where the frames begin that are read again and again. */
    private int first;

    FrameRing(int slots, int longest) {
        this.slots = slots;
        this.longest = longest;
        // an odd number of cache lines, so that the slots spread over all of the cache
        stride = BitUtil.align(longest + FRAME, CACHE_LINE) | CACHE_LINE;
        buffer = allocate(Math.multiplyExact(slots, stride));
    }

    private static UnsafeBuffer allocate(int size) {
        return new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(size + CACHE_LINE, CACHE_LINE).order(ByteOrder.nativeOrder()));
    }

    boolean offer(byte[] frame) {
        int slot = write * stride;
        if (!isFree(slot, frame.length)) {
            return false;
        }
        VirtioNetHeader.clear(buffer, slot + FRAME);
        buffer.putBytes(slot + FRAME, frame);
        publish(slot, frame.length);
        return true;
    }

    boolean offer(DirectBuffer source, int offset, int length) {
        int slot = write * stride;
        if (!isFree(slot, length)) {
            return false;
        }
        buffer.putBytes(slot + HEADER, source, offset - VirtioNetHeader.LENGTH, length + VirtioNetHeader.LENGTH);
        publish(slot, length);
        return true;
    }

    private boolean isFree(int slot, int length) {
        return length > 0 && length <= longest && buffer.getIntAcquire(slot + LENGTH) == FREE;
    }

    private void publish(int slot, int length) {
        buffer.putIntRelease(slot + LENGTH, length);
        write = write + 1 == slots ? 0 : write + 1;
    }

    /** @return whether a frame is there; the accessors below are about it. */
    boolean isReady() {
        return buffer.getIntAcquire(read * stride + LENGTH) != FREE;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int frame() {
        return read * stride + FRAME;
    }

    int length() {
        return buffer.getInt(read * stride + LENGTH);
    }

    /** Frees the slot and goes to the next. */
    void release() {
        buffer.putIntRelease(read * stride + LENGTH, FREE);
        skip();
    }

    /** Goes to the next slot that holds a frame, and leaves this one as it is. */
    void skip() {
        read = read + 1 == slots ? 0 : read + 1;
        if (copies != null && read == write) {
            read = first;
        }
    }

    /** @return a copy of the next frame with so many bytes before it, and frees the slot; null when there is none. */
    byte[] take(int before) {
        if (!isReady()) {
            return null;
        }
        byte[] frame = new byte[length() + before];
        buffer.getBytes(frame() - before, frame);
        release();
        return frame;
    }

    /** Remembers how all frames look now; after the last one that waits comes the first one again. */
    void keepCopies() {
        first = read;
        copies = allocate(Math.multiplyExact(slots, RESTORED + FRAME));
        for (int i = 0; i < slots; i++) {
            copies.putBytes(i * (RESTORED + FRAME), buffer, i * stride, Math.min(stride, RESTORED + FRAME));
        }
    }

    /** Has the frame's beginning look as it did. */
    void restore() {
        int bytes = Math.min(stride, RESTORED + FRAME);
        buffer.putBytes(read * stride, copies, read * (RESTORED + FRAME), bytes);
    }
}
