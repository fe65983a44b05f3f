package org.sluice.fastpath.port;

import org.sluice.fastpath.linux.NativeBuffer;

/**
 * Frames that a {@link Port} has handed over together, so that what each of them has to wait for in memory can be fetched for all at
 * once. They are the holder's, to be rewritten in place, until {@link Port#release}. Belongs to one thread.
 */
public final class FrameBurst {
    private final NativeBuffer[] buffers;
    private final int[] frames;
    private final int[] lengths;
    private final long[] timestamps;
    private int size;

    /** @param capacity frames that it takes at most */
    public FrameBurst(int capacity) {
        buffers = new NativeBuffer[capacity];
        frames = new int[capacity];
        lengths = new int[capacity];
        timestamps = new long[capacity];
    }

    /** For a port, at the beginning of {@link Port#receive}. */
    void clear() {
        size = 0;
    }

    /** For a port, while not {@link #isFull}. The meaning is that of the accessors. */
    @SuppressWarnings("ReferenceEquality")
    void add(NativeBuffer buffer, int frame, int length, long timestamp) {
        if (buffers[size] != buffer) {
            // it hardly ever changes, and to store a reference costs more than to compare it
            buffers[size] = buffer;
        }
        frames[size] = frame;
        lengths[size] = length;
        timestamps[size] = timestamp;
        size++;
    }

    boolean isFull() {
        return size == frames.length;
    }

    /** @return how many frames there are. */
    public int size() {
        return size;
    }

    /** @return holds frame {@code i}, from 0. */
    public NativeBuffer buffer(int i) {
        return buffers[i];
    }

    /** @return offset of the Ethernet header; the {@value VirtioNetHeader#LENGTH} bytes before it are the {@link VirtioNetHeader}. */
    public int frame(int i) {
        return frames[i];
    }

    /**
     * @return bytes of the frame, from the Ethernet header on, without frame check sequence; up to about 65,600 for a GSO
     *         super-frame
     */
    public int length(int i) {
        return lengths[i];
    }

    /** @return when the kernel saw it, nanoseconds of CLOCK_REALTIME; 0 when not known. */
    public long timestamp(int i) {
        return timestamps[i];
    }
}
