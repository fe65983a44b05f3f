package org.sluice.fastpath.linux;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * Zeroed memory outside the heap, page aligned, for as long as the process lives. A page costs nothing until it is touched; of large areas it
 * is a huge one where the kernel has those.
 */
public final class OffHeap {
    /** Bytes of each buffer but the last of an area that is larger than a buffer can be, which is addressed by int. */
    public static final int CHUNK = 1 << 29;

    private static final long HUGE_PAGE = 2 << 20;

    private OffHeap() {}

    /**
     * @param bytes up to 2 GiB
     * @throws LinuxException when there is no address space left
     */
    public static NativeBuffer allocate(long bytes) {
        return new NativeBuffer(map(new Libc(), bytes), Math.toIntExact(bytes));
    }

    /**
     * The same for memory that is given back some day.
     *
     * @param bytes of what is given back with {@link Libc#unmap}: of a large area whole huge pages, or the rest of the last stays behind
     * @return its address
     */
    static long map(Libc libc, long bytes) {
        if (bytes < HUGE_PAGE / 2) {
            return libc.mapAnonymous(bytes);
        }
        // what is looked up all over a large table then misses the cache, but not the translation of addresses too
        long whole = BitUtil.align(bytes, HUGE_PAGE);
        long mapped = libc.mapAnonymous(whole + HUGE_PAGE);
        long address = BitUtil.align(mapped, HUGE_PAGE);
        if (address > mapped) {
            libc.unmap(mapped, address - mapped);
        }
        libc.unmap(address + whole, mapped + HUGE_PAGE - address);
        libc.adviseHugePages(address, whole);
        return address;
    }

    /** @param bytes any number of them. @return buffers of {@link #CHUNK}, the last of what remains */
    public static NativeBuffer[] chunks(long bytes) {
        NativeBuffer[] chunks = new NativeBuffer[(int) ((bytes + CHUNK - 1) / CHUNK)];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = allocate(Math.min(CHUNK, bytes - (long) i * CHUNK));
        }
        return chunks;
    }

    /**
     * Has the kernel find the memory now, rather than when it is first touched; what is in it stays. Any thread, also while others use it.
     *
     * @param buffer of {@link #allocate}, or a part of one
     * @param from offset in bytes, at a page of the buffer
     * @param bytes from there on; what is beyond the buffer is left out
     */
    public static void populate(DirectBuffer buffer, int from, int bytes) {
        new Libc().populate(buffer.addressOffset() + from, Math.min(bytes, buffer.capacity() - from));
    }
}
