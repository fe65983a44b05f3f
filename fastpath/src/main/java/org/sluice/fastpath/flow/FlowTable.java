package org.sluice.fastpath.flow;

import static org.sluice.fastpath.flow.FlowLayout.ADDRESSES;
import static org.sluice.fastpath.flow.FlowLayout.ADDRESSES6_LENGTH;
import static org.sluice.fastpath.flow.FlowLayout.DESTINATION_HIGH;
import static org.sluice.fastpath.flow.FlowLayout.DESTINATION_LOW;
import static org.sluice.fastpath.flow.FlowLayout.KEY_LENGTH;
import static org.sluice.fastpath.flow.FlowLayout.LENGTH;
import static org.sluice.fastpath.flow.FlowLayout.MAPPING;
import static org.sluice.fastpath.flow.FlowLayout.MORE;
import static org.sluice.fastpath.flow.FlowLayout.PORTS;
import static org.sluice.fastpath.flow.FlowLayout.SOURCE_HIGH;
import static org.sluice.fastpath.flow.FlowLayout.SOURCE_LOW;

import java.lang.invoke.VarHandle;
import java.util.random.RandomGenerator;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.OffHeap;

/**
 * All flows of the gateway, off heap: records of {@link FlowLayout}, the lines that some of them have besides, and an index over both
 * directions. One thread, the conductor, adds and removes; any number of workers look up without waiting.
 *
 * <p>A flow id names a direction: record number, then one bit, 0 for the original direction. Its partner is {@code id ^ 1}; 0
 * names nothing.
 *
 * <p>The index is open addressing with linear probing over 8-byte slots: one cache line is touched for most misses, two for
 * most hits. There are four slots a flow, whatever the capacity.
 * <pre>
 *   63        46 45      39 38   32 31             0
 *  +------------+----------+-------+----------------+
 *  |    tag     | distance | reach |    flow id     |
 *  +------------+----------+-------+----------------+
 * </pre>
 * Distance says how far the entry is from its home, the slot that its hash names. Reach belongs to the slot itself: how far
 * the farthest entry is whose home it is. A lookup ends there, not at a free slot, so that removing leaves no tombstones
 * behind and entries never move. Memory ordering: a record is filled first, then its slots are stored with release; readers
 * load slots with acquire. An entry that stays is always within the reach of its home, so a reader misses nothing that stays.
 * A freed record rests ({@link #reclaim}) until no worker can still be reading it.
 *
 * <p>The hash is keyed by a secret made at start, so that nobody outside can choose flows that collide.
 */
public final class FlowTable {
    public static final int NONE = 0;
    /** What the index can hold, which is addressed by int. */
    public static final int MAX_CAPACITY = 1 << 25;

    /** Slots from its home on where an entry can be; a flow that finds no place within it is refused as if the table were full. */
    private static final int MAX_PROBE = 128;

    private static final int TAG_SHIFT = 46;
    private static final int DISTANCE_SHIFT = 39;
    private static final int REACH_SHIFT = 32;
    private static final int DISTANCE_MASK = MAX_PROBE - 1;
    private static final long REACH_BITS = (long) DISTANCE_MASK << REACH_SHIFT;
    private static final int SLOT = Long.BYTES;
    private static final int SLOTS_A_FLOW = 4;
    /** Records in a chunk. */
    private static final int CHUNK_BITS = Integer.numberOfTrailingZeros(OffHeap.CHUNK / LENGTH);
    private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;
    /** Addresses of IPv6, and what the conductor knows besides. */
    private static final int LINES_A_FLOW = 2;

    private final int capacity;
    private final NativeBuffer[] chunks;
    private final LineStore lines;
    private final NativeBuffer index;
    private final NativeBuffer timers;
    /** Slots that can be a home; as many as a probe is long follow, so that none has to go round. */
    private final int homes;
    private final long secret0;
    private final long secret1;
    private final long secret2;
    /** The first record of those that were given back, 0 for none; each holds the number of the next in the place of its mapping. */
    private int free;
    /** The first record that never was a flow's. Written by the conductor only. */
    private volatile int untouched = 1;
    private int size;

    /**
     * @param capacity flows it holds, both directions counted once, up to {@link #MAX_CAPACITY}; memory for records is only taken as flows come
     * @param random makes the secret
     */
    public FlowTable(int capacity, RandomGenerator random) {
        this.capacity = capacity;
        chunks = OffHeap.chunks((capacity + 1L) * LENGTH);
        lines = new LineStore(LINES_A_FLOW * capacity);
        timers = OffHeap.allocate((capacity + 1L) * FlowLayout.TIMER_LENGTH);
        // at most half full: linear probing then finds a place within MAX_PROBE, but for one in some 10^10
        homes = SLOTS_A_FLOW * capacity;
        index = OffHeap.allocate((long) (homes + MAX_PROBE) * SLOT);
        secret0 = random.nextLong();
        secret1 = random.nextLong();
        secret2 = random.nextLong() | 1;
    }

    /** @return flow id of an IPv4 key, or {@link #NONE}. Any thread. */
    public int find(long addresses, long ports) {
        return find(hash(addresses, ports), addresses, ports);
    }

    /** The same where the hash is known. */
    public int find(long hash, long addresses, long ports) {
        long tag = hash >>> TAG_SHIFT;
        int home = home(hash);
        long entry = index.getLongVolatile(home * SLOT);
        int reach = reach(entry);
        int distance = 0;
        while (true) {
            if (entry >>> DISTANCE_SHIFT == (tag << TAG_SHIFT - DISTANCE_SHIFT | distance)) {
                int flow = (int) entry;
                if (is(flow, addresses, ports)) {
                    return flow;
                }
            }
            if (distance == reach) {
                return NONE;
            }
            distance++;
            entry = index.getLongVolatile((home + distance) * SLOT);
        }
    }

    /** The same for IPv6; the ports say so. Any thread. */
    public int find(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, long ports) {
        return find(hash(sourceHigh, sourceLow, destinationHigh, destinationLow, ports), sourceHigh, sourceLow,
                destinationHigh, destinationLow, ports);
    }

    /** The same where the hash is known. */
    public int find(long hash, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
            long ports) {
        long tag = hash >>> TAG_SHIFT;
        int home = home(hash);
        long entry = index.getLongVolatile(home * SLOT);
        int reach = reach(entry);
        int distance = 0;
        while (true) {
            if (entry >>> DISTANCE_SHIFT == (tag << TAG_SHIFT - DISTANCE_SHIFT | distance)) {
                int flow = (int) entry;
                if (is(flow, sourceHigh, sourceLow, destinationHigh, destinationLow, ports)) {
                    return flow;
                }
            }
            if (distance == reach) {
                return NONE;
            }
            distance++;
            entry = index.getLongVolatile((home + distance) * SLOT);
        }
    }

    /**
     * Reads what stands in the slots of the index that hashes name, for {@link #candidate}. In so few instructions that the processor has a
     * dozen under way: one fence stands for the acquire of each.
     */
    void entries(long[] hashes, long[] entries, int count) {
        for (int i = 0; i < count; i++) {
            entries[i] = index.getLong(home(hashes[i]) * SLOT);
        }
        VarHandle.acquireFence();
    }

    /**
     * @param first of {@link #entries}
     * @return the first flow with the same tag, whose key is likely the same; or {@link #NONE} when no key can be
     */
    int candidate(long hash, long first) {
        long tag = hash >>> TAG_SHIFT;
        long entry = first;
        int home = home(hash);
        int reach = reach(first);
        int distance = 0;
        while (entry >>> DISTANCE_SHIFT != (tag << TAG_SHIFT - DISTANCE_SHIFT | distance)) {
            if (distance == reach) {
                return NONE;
            }
            distance++;
            entry = index.getLongVolatile((home + distance) * SLOT);
        }
        return (int) entry;
    }

    /** Reads the lines of records that a worker needs; record 0 is there for those who need none. @return nothing of use */
    long touch(int[] wanted, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            NativeBuffer buffer = buffer(wanted[i]);
            sum += buffer.getLong(offset(wanted[i])) + buffer.getLong(seen(wanted[i]));
        }
        return sum;
    }

    /** The same for the addresses of those that are of IPv6. */
    long touchAddresses(int[] wanted, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int flow = wanted[i];
            if (FlowKey.isIpv6(buffer(flow).getLong(key(flow) + PORTS))) {
                sum += addressBuffer(flow).getLong(addresses(flow));
            }
        }
        return sum;
    }

    /** @return whether a flow has that key. Workers and conductor. */
    public boolean is(int flow, long addresses, long ports) {
        NativeBuffer buffer = buffer(flow);
        int key = key(flow);
        return buffer.getLong(key + ADDRESSES) == addresses && buffer.getLong(key + PORTS) == ports;
    }

    /** The same for IPv6. */
    public boolean is(int flow, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
            long ports) {
        if (buffer(flow).getLong(key(flow) + PORTS) != ports) {
            return false;
        }
        NativeBuffer b = addressBuffer(flow);
        int line = addresses(flow);
        return b.getLong(line + SOURCE_LOW) == sourceLow && b.getLong(line + DESTINATION_LOW) == destinationLow
                && b.getLong(line + SOURCE_HIGH) == sourceHigh
                && b.getLong(line + DESTINATION_HIGH) == destinationHigh;
    }

    private static int reach(long entry) {
        return (int) (entry >>> REACH_SHIFT) & DISTANCE_MASK;
    }

    private static int distance(long entry) {
        return (int) (entry >>> DISTANCE_SHIFT) & DISTANCE_MASK;
    }

    /** @return buffer that holds the flow's record. Any thread. */
    public NativeBuffer buffer(int flow) {
        return chunks[flow >>> CHUNK_BITS + 1];
    }

    /** @return offset of the record in its buffer, the same for both directions. Any thread. */
    public int offset(int flow) {
        return (flow >>> 1 & CHUNK_MASK) * LENGTH;
    }

    /** @return offset of the direction's key. Any thread. */
    public int key(int flow) {
        return offset(flow) + (flow & 1) * KEY_LENGTH;
    }

    /** @return offset of the direction's differences. Workers and conductor. */
    public int deltas(int flow) {
        return offset(flow) + (flow & 1) * FlowLayout.DELTAS_LENGTH;
    }

    /** @return offset of the direction's flags. Workers and conductor. */
    public int flags(int flow) {
        return offset(flow) + FlowLayout.FLAGS + (flow & 1) * Short.BYTES;
    }

    /**
     * @return whether workers punt everything of the flow because its connection is opening, and the conductor writes the record in their
     *         place. Conductor
     */
    public boolean isOpening(int flow) {
        return (buffer(flow).getShort(flags(flow)) & FlowLayout.OPENING) != 0;
    }

    /** @return offset of the port that the direction comes in through. Workers and conductor. */
    public int ingress(int flow) {
        return offset(flow) + FlowLayout.INGRESS + (flow & 1);
    }

    /** @return offset of the direction's adjacency. Workers and conductor. */
    public int adjacency(int flow) {
        return offset(flow) + FlowLayout.ADJACENCY + (flow & 1) * Integer.BYTES;
    }

    /** @return offset of what was seen of the direction. Any thread. */
    public int seen(int flow) {
        return offset(flow) + FlowLayout.SEEN + (flow & 1) * FlowLayout.SEEN_LENGTH;
    }

    /** @return buffer that holds the addresses of a flow of IPv6. Workers and conductor. */
    public NativeBuffer addressBuffer(int flow) {
        return lines.buffer(addressLine(flow));
    }

    /** @return offset of the direction's addresses there. Workers and conductor. */
    public int addresses(int flow) {
        return lines.offset(addressLine(flow)) + (flow & 1) * ADDRESSES6_LENGTH;
    }

    private int addressLine(int flow) {
        return (int) buffer(flow).getLong(key(flow) + ADDRESSES);
    }

    /** Gives an allocated record a line for addresses of IPv6. Conductor, before it is published. */
    public void takeAddresses(int flow) {
        int line = lines.take();
        NativeBuffer buffer = buffer(flow);
        buffer.putLong(key(flow) + ADDRESSES, line);
        buffer.putLong(key(flow ^ 1) + ADDRESSES, line);
    }

    /** @return whether the record has a line for more. Conductor, and of TCP the workers. */
    public boolean hasMore(int flow) {
        return moreLine(flow) != LineStore.NONE;
    }

    /** Gives the record a line for more unless it has one, with what the record says by then. Conductor. */
    public void takeMore(int flow) {
        if (hasMore(flow)) {
            return;
        }
        int line = lines.take();
        copyEvidence(flow, line);
        lines.buffer(line).putInt(lines.offset(line) + FlowLayout.SLOW_LAST_SEEN,
                buffer(flow).getInt(seen(flow & ~1) + FlowLayout.LAST_SEEN));
        // after what a worker may look for there
        buffer(flow).putIntRelease(offset(flow) + MORE, line);
    }

    /** Has the evidence of both directions in the line, if there is one, as it is in the record. Conductor. */
    public void copyEvidence(int flow) {
        if (hasMore(flow)) {
            copyEvidence(flow, moreLine(flow));
        }
    }

    /** A worker may be moving it on: each number is one that was true. */
    private void copyEvidence(int flow, int line) {
        NativeBuffer record = buffer(flow);
        NativeBuffer more = lines.buffer(line);
        for (int direction = 0; direction < 2; direction++) {
            int seen = seen(flow & ~1 | direction);
            int slow = lines.offset(line) + direction * FlowLayout.SLOW_EVIDENCE_LENGTH;
            more.putInt(slow + FlowLayout.SLOW_SEQUENCE_END, record.getInt(seen + FlowLayout.SEQUENCE_END));
            more.putInt(slow + FlowLayout.SLOW_ACKNOWLEDGEMENT, record.getInt(seen + FlowLayout.ACKNOWLEDGEMENT));
            more.putInt(slow + FlowLayout.SLOW_WINDOW_END, record.getInt(seen + FlowLayout.WINDOW_END));
        }
    }

    /**
     * Conductor, and of TCP the workers.
     *
     * @return buffer that holds the flow's line for more; without one what is there reads as zeros and must not be written
     */
    public NativeBuffer moreBuffer(int flow) {
        return lines.buffer(moreLine(flow));
    }

    /** The same threads. @return offset of the line there, the same for both directions */
    public int more(int flow) {
        return lines.offset(moreLine(flow));
    }

    /** The same threads. @return offset of the conductor's evidence of the direction there */
    public int slowEvidence(int flow) {
        return more(flow) + (flow & 1) * FlowLayout.SLOW_EVIDENCE_LENGTH;
    }

    private int moreLine(int flow) {
        return buffer(flow).getIntAcquire(offset(flow) + MORE);
    }

    /** Takes an empty record. Conductor. @return the id of its original direction, or {@link #NONE} when full. */
    public int allocate() {
        int record = free;
        if (record != 0) {
            free = buffer(record << 1).getInt(offset(record << 1) + MAPPING);
        } else if (untouched <= capacity) {
            record = untouched;
            untouched = record + 1;
        } else {
            return NONE;
        }
        int flow = record << 1;
        buffer(flow).setMemory(offset(flow), LENGTH, (byte) 0);
        size++;
        return flow;
    }

    /**
     * Takes a certain record, as a restart does, in ascending order and before all others; those that are left out are free. Conductor.
     *
     * @param flow id of its original direction
     * @return the same, or {@link #NONE} when there is no such record or it is taken
     */
    public int allocate(int flow) {
        int record = flow >>> 1;
        if (record < untouched || record > capacity) {
            return NONE;
        }
        for (int skipped = untouched; skipped < record; skipped++) {
            giveBack(skipped << 1);
        }
        untouched = record + 1;
        buffer(flow).setMemory(offset(flow & ~1), LENGTH, (byte) 0);
        size++;
        return flow & ~1;
    }

    /**
     * Makes an allocated and filled record visible to workers in both directions. Conductor.
     *
     * @return false when the index has no place; the record is still allocated and not visible
     */
    public boolean publish(int flow) {
        int original = flow & ~1;
        if (!insert(original)) {
            return false;
        }
        if (!insert(original | 1)) {
            erase(original);
            return false;
        }
        return true;
    }

    /** Takes both directions out of the index. Conductor. The record is to be given to {@link #reclaim} after its rest. */
    public void unpublish(int flow) {
        erase(flow & ~1);
        erase(flow | 1);
    }

    /** Frees a record, and its lines, that no worker can be reading any more. Conductor. */
    public void reclaim(int flow) {
        NativeBuffer buffer = buffer(flow);
        lines.giveBack(moreLine(flow));
        buffer.putInt(offset(flow) + MORE, LineStore.NONE);
        if (FlowKey.isIpv6(buffer.getLong(key(flow) + PORTS))) {
            lines.giveBack(addressLine(flow));
            buffer.setMemory(offset(flow), 2 * KEY_LENGTH, (byte) 0);
        }
        giveBack(flow);
        size--;
    }

    private void giveBack(int flow) {
        buffer(flow).putInt(offset(flow) + MAPPING, free);
        free = flow >>> 1;
    }

    /** @return records in use, resting ones included. Conductor. */
    public int size() {
        return size;
    }

    /** @return flows it holds. Any thread. */
    public int capacity() {
        return capacity;
    }

    /** @return one more than the highest record ever used; where a walk over all records ends. Any thread. */
    public int recordLimit() {
        return untouched;
    }

    /** @return what is used all over as soon as there are flows, for {@link TableMemory}. */
    NativeBuffer index() {
        return index;
    }

    NativeBuffer[] records() {
        return chunks;
    }

    LineStore lines() {
        return lines;
    }

    /** @return {@link FlowLayout#TIMER_LENGTH} bytes for each record, for the one who expires flows. Conductor. */
    public NativeBuffer timers() {
        return timers;
    }

    private boolean insert(int flow) {
        long hash = hash(flow);
        int home = home(hash);
        for (int distance = 0; distance < MAX_PROBE; distance++) {
            int slot = home + distance;
            long entry = index.getLong(slot * SLOT);
            if ((int) entry == NONE) {
                index.putLongRelease(slot * SLOT, hash >>> TAG_SHIFT << TAG_SHIFT | (long) distance << DISTANCE_SHIFT
                        | entry & REACH_BITS | flow);
                if (distance > reach(index.getLong(home * SLOT))) {
                    setReach(home, distance);
                }
                return true;
            }
        }
        return false;
    }

    private void erase(int flow) {
        int home = home(hash(flow));
        int reach = reach(index.getLong(home * SLOT));
        for (int distance = 0; distance <= reach; distance++) {
            int slot = home + distance;
            long entry = index.getLong(slot * SLOT);
            if ((int) entry == flow) {
                index.putLongRelease(slot * SLOT, entry & REACH_BITS);
                if (distance == reach) {
                    setReach(home, farthestBefore(home, distance));
                }
                return;
            }
        }
    }

    private int farthestBefore(int home, int end) {
        for (int distance = end - 1; distance > 0; distance--) {
            long entry = index.getLong((home + distance) * SLOT);
            if ((int) entry != NONE && distance(entry) == distance) {
                return distance;
            }
        }
        return 0;
    }

    private void setReach(int home, int reach) {
        long entry = index.getLong(home * SLOT);
        index.putLongRelease(home * SLOT, entry & ~REACH_BITS | (long) reach << REACH_SHIFT);
    }

    private long hash(int flow) {
        long addresses = buffer(flow).getLong(key(flow) + ADDRESSES);
        long ports = buffer(flow).getLong(key(flow) + PORTS);
        if (!FlowKey.isIpv6(ports)) {
            return hash(addresses, ports);
        }
        NativeBuffer b = addressBuffer(flow);
        int line = addresses(flow);
        return hash(b.getLong(line + SOURCE_HIGH), b.getLong(line + SOURCE_LOW), b.getLong(line + DESTINATION_HIGH),
                b.getLong(line + DESTINATION_LOW), ports);
    }

    /** The low half of the hash, scaled to the number of homes: it need be no power of two. */
    private int home(long hash) {
        return (int) ((hash & 0xFFFF_FFFFL) * homes >>> 32);
    }

    private long mix(long high, long low) {
        long a = high ^ secret2;
        long b = low ^ secret0;
        return Math.multiplyHigh(a, b) ^ a * b;
    }

    /** @return hash of an IPv6 key, for one lookup. Any thread. */
    public long hash(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, long ports) {
        long source = mix(sourceHigh, sourceLow);
        long destination = mix(destinationHigh, destinationLow);
        return hash(source + Long.rotateLeft(destination, 32), ports);
    }

    /** @return hash of an IPv4 key, for one lookup. Any thread. */
    public long hash(long addresses, long ports) {
        long a = addresses ^ secret0;
        long b = ports ^ secret1;
        long mixed = Math.multiplyHigh(a, b) ^ a * b;
        return Math.multiplyHigh(mixed ^ secret1, secret2) ^ mixed * secret2;
    }
}
