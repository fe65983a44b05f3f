package org.sluice.fastpath.flow;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.sluice.fastpath.linux.NativeBuffer;

/**
 * Next hops, ready for the Ethernet header: a flow names one by number, so that a neighbour's new address reaches all its
 * flows with one store. The conductor writes, workers read; an entry is one long and always whole.
 * <pre>
 *   63      56 55   48 47                        0
 *  +----------+-------+--------------------------+
 *  | 1: valid | port  |     Ethernet address     |
 *  +----------+-------+--------------------------+
 * </pre>
 */
public final class AdjacencyTable {
    private static final int CACHE_LINE = 64;
    private static final long VALID = 1L << 56;
    private final NativeBuffer entries;
    private final int capacity;

    /** @param capacity entries it holds; entry 0 is never valid */
    public AdjacencyTable(int capacity) {
        this.capacity = capacity;
        entries = new NativeBuffer(BufferUtil.allocateDirectAligned(capacity * Long.BYTES, CACHE_LINE)
                .order(ByteOrder.nativeOrder()));
    }

    /** @return the entry; ask the static methods what it says. Any thread. */
    public long get(int adjacency) {
        return entries.getLongVolatile(adjacency * Long.BYTES);
    }

    /** Conductor. The port is the index of the one it is reached through, 0 to 255. */
    public void set(int adjacency, int port, long mac) {
        entries.putLongRelease(adjacency * Long.BYTES, VALID | (long) port << 48 | mac);
    }

    /** Packets for it go to the conductor from now on. Conductor. */
    public void clear(int adjacency) {
        entries.putLongRelease(adjacency * Long.BYTES, 0);
    }

    public int capacity() {
        return capacity;
    }

    public static boolean isValid(long entry) {
        return entry >= VALID;
    }

    public static int port(long entry) {
        return (int) (entry >>> 48) & 0xFF;
    }

    public static long mac(long entry) {
        return entry & 0xFFFF_FFFF_FFFFL;
    }
}
