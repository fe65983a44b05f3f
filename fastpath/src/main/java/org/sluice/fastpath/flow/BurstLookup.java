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
    private final int[] flows;
    private boolean hasIpv6;
    /** What was read goes somewhere, or the compiler would not read it. */
    private long read;

    /** @param capacity packets of a burst at most */
    public BurstLookup(FlowTable table, int capacity) {
        this.table = table;
        hashes = new long[capacity];
        entries = new long[capacity];
        flows = new int[capacity];
    }

    /**
     * @param i number of a packet, from 0
     * @param hash of its key, {@link FlowTable#hash}
     * @param isIpv6 whether its flow has a line of addresses, which is needed too
     */
    public void hash(int i, long hash, boolean isIpv6) {
        hashes[i] = hash;
        hasIpv6 |= isIpv6;
    }

    /**
     * Has everything that is needed of the flows of all packets read at once. One that has no key is looked up all the same, by whatever
     * hash was there before, to no effect.
     *
     * @param count of packets
     */
    public void fetch(int count) {
        table.entries(hashes, entries, count);
        for (int i = 0; i < count; i++) {
            flows[i] = table.candidate(hashes[i], entries[i]);
        }
        read = table.touch(flows, count);
        // apart: to ask each record what it is would stop the reads from overlapping
        if (hasIpv6) {
            read += table.touchAddresses(flows, count);
            hasIpv6 = false;
        }
    }

    /** @return hash of packet {@code i}. */
    public long hash(int i) {
        return hashes[i];
    }

    /**
     * @return after {@link #fetch}: the flow whose key packet {@code i} most likely has, for {@link FlowTable#is}; or
     *         {@link FlowTable#NONE}, and then it has none
     */
    public int candidate(int i) {
        return flows[i];
    }

    /** @return nothing of use. */
    @Override
    public String toString() {
        return "BurstLookup, " + read;
    }
}
