package org.sluice.fastpath.port;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.NativeBuffer;

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
    static final int CACHE_LINE = 64;
    private static final int LENGTH = 0;
    static final int FRAME = 16;
    private static final int HEADER = FRAME - VirtioNetHeader.LENGTH;
    private static final int FREE = 0;

    private final int slots;
    private final int stride;
    private final int longest;
    private final NativeBuffer buffer;
    private int write;
    private int read;
    private int oldest;
    private int held;

    FrameRing(int slots, int longest) {
        this.slots = slots;
        this.longest = longest;
        // an odd number of cache lines, so that the slots spread over all of the cache
        stride = BitUtil.align(longest + FRAME, CACHE_LINE) | CACHE_LINE;
        buffer = allocate(Math.multiplyExact(slots, stride));
    }

    private static NativeBuffer allocate(int size) {
        return new NativeBuffer(
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
        write = after(write);
    }

    /** @return whether a frame is there that was not taken; the accessors below are about it. */
    boolean isReady() {
        return buffer.getIntAcquire(read * stride + LENGTH) != FREE && held < slots;
    }

    /** @return frames that can be taken. */
    int waiting() {
        int count = 0;
        while (count < slots && buffer.getIntAcquire((read + count) % slots * stride + LENGTH) != FREE) {
            count++;
        }
        return count;
    }

    NativeBuffer buffer() {
        return buffer;
    }

    int frame() {
        return read * stride + FRAME;
    }

    int length() {
        return buffer.getInt(read * stride + LENGTH);
    }

    /** Keeps the slot and goes to the next. */
    void take() {
        read = after(read);
        held++;
    }

    /** Frees all slots that were taken. */
    void release() {
        for (; held > 0; held--) {
            buffer.putIntRelease(oldest * stride + LENGTH, FREE);
            oldest = after(oldest);
        }
    }

    private int after(int slot) {
        return slot + 1 == slots ? 0 : slot + 1;
    }

    /** @return a copy of the next frame with so many bytes before it, and frees the slot; null when there is none. */
    byte[] copy(int before) {
        if (!isReady()) {
            return null;
        }
        byte[] frame = new byte[length() + before];
        buffer.getBytes(frame() - before, frame);
        take();
        release();
        return frame;
    }
}
