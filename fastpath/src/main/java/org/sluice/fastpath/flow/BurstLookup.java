package org.sluice.fastpath.flow;

/**
 * Finds the flows of a whole burst of packets. What a lookup waits for is memory, first the index, then the record; asked for one packet
 * after the other, the waits add up, asked for all of them at once they overlap. So {@link #fetch} first reads every packet's
 * place in the index, then every record's lines, and throws away what it read: from then on they are in the processor's cache. Between
 * two of these reads there is so little to do that the processor has some dozen of them under way.
 *
 * <p>Belongs to one worker, within one of its duty cycles.
 */
public final class BurstLookup {
    private final FlowTable table;
    private final long[] hashes;
    private final long[] entries;
    private int size;
    /** What was read goes somewhere, or the compiler would not read it. */
    private long read;

    /** @param capacity packets of a burst at most */
    public BurstLookup(FlowTable table, int capacity) {
        this.table = table;
        hashes = new long[capacity];
        entries = new long[capacity];
    }

    /** Begins with the next burst. */
    public void clear() {
        size = 0;
    }

    /** Adds a packet. @param hash of its key, {@link FlowTable#hash}. */
    public void add(long hash) {
        hashes[size++] = hash;
    }

    /** Has everything that is needed of the flows of all packets read at once. */
    public void fetch() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            entries[i] = table.home(hashes[i]);
        }
        for (int i = 0; i < size; i++) {
            sum += table.touch(hashes[i], entries[i]);
        }
        read = sum;
    }

    /** @return nothing of use. */
    @Override
    public String toString() {
        return "BurstLookup of " + size + ", " + read;
    }
}
