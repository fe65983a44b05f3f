package org.sluice.fastpath.linux;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Zeroed memory outside the heap, page aligned. */
public final class OffHeap {
    private OffHeap() {}

    public static UnsafeBuffer allocate(long bytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(Math.toIntExact(bytes)));
    }
}
