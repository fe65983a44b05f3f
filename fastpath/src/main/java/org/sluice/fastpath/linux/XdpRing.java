package org.sluice.fastpath.linux;

/**
 * One of the four rings of an AF_XDP socket, shared with the kernel: one side produces entries, the other consumes them. Positions count
 * on and on, modulo 2^32. Whoever produces fills entries first and stores its position with release after; whoever consumes loads
 * it with acquire. Belongs to one thread.
 * <pre>
 *  entry of fill and completion ring:     0 address of a frame in the area (8)
 *  entry of receive and transmit ring:    0 address (8)   8 length (4)   12 options (4)
 * </pre>
 */
public final class XdpRing {
    private static final int LENGTH = 8;
    private static final int OPTIONS = 12;
    private static final int NEED_WAKEUP = 1;

    private final NativeBuffer memory;
    private final int producer;
    private final int consumer;
    private final int flags;
    private final int entries;
    private final int entryLength;
    private final int mask;

    /** Offsets are those that the kernel tells (XDP_MMAP_OFFSETS). @param size entries, a power of two */
    XdpRing(NativeBuffer memory, long producer, long consumer, long entries, long flags, int entryLength, int size) {
        this.memory = memory;
        this.producer = (int) producer;
        this.consumer = (int) consumer;
        this.entries = (int) entries;
        this.flags = (int) flags;
        this.entryLength = entryLength;
        mask = size - 1;
    }

    /** @return entries it holds. */
    public int size() {
        return mask + 1;
    }

    /** @return position behind the last entry produced. */
    public int produced() {
        return memory.getIntAcquire(producer);
    }

    /** @return position behind the last entry consumed. */
    public int consumed() {
        return memory.getIntAcquire(consumer);
    }

    /** Hands over all entries before a position. */
    public void produced(int position) {
        memory.putIntRelease(producer, position);
    }

    /** Gives back all entries before a position. */
    public void consumed(int position) {
        memory.putIntRelease(consumer, position);
    }

    /** @return whether the kernel has to be told that there is something new. */
    public boolean needsWakeup() {
        return (memory.getIntVolatile(flags) & NEED_WAKEUP) != 0;
    }

    private int at(int position) {
        return entries + (position & mask) * entryLength;
    }

    /** @return offset in the frames' area. */
    public long address(int position) {
        return memory.getLong(at(position));
    }

    /** Receive ring. @return bytes of the frame. */
    public int length(int position) {
        return memory.getInt(at(position) + LENGTH);
    }

    /** Fill ring: a frame to be written. */
    public void put(int position, long address) {
        memory.putLong(at(position), address);
    }

    /** Transmit ring: a frame to be sent. */
    public void put(int position, long address, int length) {
        int entry = at(position);
        memory.putLong(entry, address);
        memory.putInt(entry + LENGTH, length);
        memory.putInt(entry + OPTIONS, 0);
    }
}
