package org.sluice.fastpath.port;

import org.agrona.BitUtil;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.OffHeap;

/**
 * The same frames again and again, each time as they were at first, for benchmarks. They lie close together; a burst gets copies in a few
 * slots that are used in turn and so stay in the cache, as those of a device do. One thread.
 */
final class FrameReplay {
    private static final int SLOTS = 64;

    private final NativeBuffer originals;
    private final NativeBuffer window;
    private final int stride;
    private final int slotStride;
    private final int[] lengths;
    private int next;
    private int slot;

    /** Takes all frames out of a ring. */
    FrameReplay(FrameRing ring, int count, int longest) {
        stride = BitUtil.align(FrameRing.FRAME + longest, Long.BYTES);
        // an odd number of cache lines, so that the slots spread over all of the cache
        slotStride = BitUtil.align(stride, FrameRing.CACHE_LINE) | FrameRing.CACHE_LINE;
        originals = OffHeap.allocate((long) count * stride);
        window = OffHeap.allocate((long) SLOTS * slotStride);
        lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = ring.length();
            originals.putBytes(i * stride, ring.buffer(), ring.frame() - FrameRing.FRAME,
                    FrameRing.FRAME + lengths[i]);
            ring.take();
            ring.release();
        }
    }

    /** @return bytes of all frames that the burst got. */
    long receive(FrameBurst burst) {
        long bytes = 0;
        for (int i = 0; i < SLOTS && lengths.length > 0 && !burst.isFull(); i++) {
            int length = lengths[next];
            int from = next * stride;
            int to = slot * slotStride;
            for (int at = 0; at < FrameRing.FRAME + length; at += Long.BYTES) {
                window.putLong(to + at, originals.getLong(from + at));
            }
            burst.add(window, to + FrameRing.FRAME, length, 0);
            bytes += length;
            next = next + 1 == lengths.length ? 0 : next + 1;
            slot = slot + 1 & SLOTS - 1;
        }
        return bytes;
    }
}
