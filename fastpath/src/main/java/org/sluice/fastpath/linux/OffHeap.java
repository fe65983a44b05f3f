package org.sluice.fastpath.linux;

import org.agrona.concurrent.UnsafeBuffer;

/** Zeroed memory outside the heap, page aligned, for as long as the process lives. A page costs nothing until it is touched. */
public final class OffHeap {
    private OffHeap() {}

    /**
     * @param bytes up to 2 GiB
     * @throws LinuxException when there is no address space left
     */
    public static UnsafeBuffer allocate(long bytes) {
        return new UnsafeBuffer(new Libc().mapAnonymous(bytes), Math.toIntExact(bytes));
    }
}
