package org.sluice.slowpath.journal;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What was alive at the end of what was read. Records are taken in the order in which they were written. While a snapshot is under way
 * among them, a second image is filled from nothing; it takes the first one's place when the snapshot is whole, so that what was
 * lost before does no harm. One thread.
 */
public final class Image {
    /** Tables that hold 100,000 without growing. */
    private static final int MANY = 1 << 18;
    private static final float LOAD_FACTOR = 0.65f;

    private Living living = new Living();
    private Living next;
    private long nextNumber;
    private long lastSequence;
    private long lastTime;
    private boolean isStopped;

    private static final class Living {
        private final Int2ObjectHashMap<String> interfaces = new Int2ObjectHashMap<>();
        private final Int2ObjectHashMap<Entry.Mapping> mappings = new Int2ObjectHashMap<>(MANY, LOAD_FACTOR);
        private final Int2ObjectHashMap<Entry.Flow> flows = new Int2ObjectHashMap<>(MANY, LOAD_FACTOR);
        private final Int2ObjectHashMap<Entry.Session> sessions = new Int2ObjectHashMap<>();
        private final Map<Entry.Expected, Entry.Expectation> expectations = new LinkedHashMap<>();
        private final Map<Long, Entry.Call> calls = new LinkedHashMap<>();

        boolean isEmpty() {
            return interfaces.isEmpty() && mappings.isEmpty() && flows.isEmpty() && sessions.isEmpty()
                    && expectations.isEmpty() && calls.isEmpty();
        }

        void take(Entry entry) {
            switch (entry) {
                case Entry.Interface i -> interfaces.put(i.index(), i.name());
                case Entry.Mapping m -> mappings.put(m.id(), m);
                case Entry.MappingEnd m -> mappings.remove(m.id());
                case Entry.Flow f -> {
                    Entry.Flow before = flows.put(f.id(), f);
                    if (before != null && before.begun() != f.begun()) {
                        sessions.remove(f.id());
                    }
                }
                case Entry.FlowState s -> flows.computeIfPresent(s.id(), (id, flow) -> flow.in(s));
                case Entry.FlowEnd f -> {
                    flows.remove(f.id());
                    sessions.remove(f.id());
                }
                case Entry.Expectation e -> expectations.put(e.key(), e);
                case Entry.ExpectationEnd e -> expectations.remove(e.key());
                case Entry.Session s -> sessions.put(s.flow(), s);
                case Entry.SessionEnd s -> sessions.remove(s.flow());
                case Entry.Call c -> calls.put(c.number(), c);
                case Entry.CallGone c -> calls.remove(c.number());
                case Entry.SnapshotBegin _,Entry.SnapshotEnd _,Entry.Alive _,Entry.Stop _ -> {
                    // they say nothing of what lives
                }
            }
        }
    }

    /** @return false when it was taken before */
    boolean take(Entry entry, long sequence, long time) {
        if (sequence <= lastSequence) {
            return false;
        }
        lastSequence = sequence;
        lastTime = Math.max(lastTime, time);
        isStopped = entry instanceof Entry.Stop;
        if (entry instanceof Entry.SnapshotBegin begin) {
            // from nothing on both would be the same
            next = living.isEmpty() ? null : new Living();
            nextNumber = begin.number();
        }
        living.take(entry);
        if (next != null) {
            next.take(entry);
            if (entry instanceof Entry.SnapshotEnd end && end.number() == nextNumber) {
                living = next;
                next = null;
            }
        }
        return true;
    }

    /** @return name of an interface by the number that flows have of it; null when it was not written. */
    public String interfaceName(int index) {
        return living.interfaces.get(index);
    }

    public Collection<Entry.Mapping> mappings() {
        return living.mappings.values();
    }

    public Collection<Entry.Flow> flows() {
        return living.flows.values();
    }

    /** @return in ascending order. */
    public int[] flowIds() {
        int[] ids = new int[living.flows.size()];
        Int2ObjectHashMap<Entry.Flow>.KeyIterator keys = living.flows.keySet().iterator();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = keys.nextInt();
        }
        Arrays.sort(ids);
        return ids;
    }

    public Entry.Flow flow(int id) {
        return living.flows.get(id);
    }

    /** @return by flow. */
    public Map<Integer, Entry.Session> sessions() {
        return new HashMap<>(living.sessions);
    }

    public Collection<Entry.Expectation> expectations() {
        return living.expectations.values();
    }

    public Collection<Entry.Call> calls() {
        return living.calls.values();
    }

    /** @return of the last record. */
    public long lastSequence() {
        return lastSequence;
    }

    /** @return milliseconds of the epoch when the last record was made, 0 when there is none. */
    public long lastTime() {
        return lastTime;
    }

    /** @return whether the run that wrote it ended in order. */
    public boolean isStopped() {
        return isStopped;
    }
}
