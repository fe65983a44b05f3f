package org.sluice.slowpath.conntrack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.route.IpAddress;

/**
 * Expectations by the endpoint that the peer was told. Bounded for each parent and in all; a parent's new expectation takes the
 * place of its own oldest, never of another's; what a listener announces to the same peer once more, on whichever control
 * connection, takes the place of what it announced before. Conductor.
 */
public final class ExpectationTable {
    /** As many as nf_conntrack_expect_max is by default here. */
    public static final int LIMIT = 4096;

    private record Seen(int protocol, IpAddress address, int port) {}

    private final Map<Seen, Expectation> bySeen = new HashMap<>();
    private final Int2ObjectHashMap<Deque<Expectation>> byParent = new Int2ObjectHashMap<>();
    private final MappingTable mappings;
    private BiConsumer<Expectation, ExpectationOutcome> observer = (e, outcome) -> {};

    public ExpectationTable(MappingTable mappings) {
        this.mappings = mappings;
    }

    /** @param observer told of each expectation that goes */
    public void observe(BiConsumer<Expectation, ExpectationOutcome> observer) {
        this.observer = observer;
    }

    /**
     * Adds one; it owns one use of its mapping from now on.
     *
     * @param maxOfParent bound for its parent
     * @return false when the table is full or another connection is expected at the same endpoint; the mapping's use is given up
     */
    public boolean add(Expectation e, int maxOfParent) {
        Expectation same = bySeen.get(seen(e));
        if (same != null && (same.parent() == e.parent() || e.repeats(same))) {
            remove(same, ExpectationOutcome.REPLACED);
        } else if (same != null || bySeen.size() >= LIMIT) {
            release(e);
            return false;
        }
        Deque<Expectation> siblings = byParent.get(e.parent());
        while (siblings != null && siblings.size() >= maxOfParent) {
            remove(siblings.getFirst(), ExpectationOutcome.REPLACED);
        }
        // asked for again: removing the last sibling dropped the parent's list
        byParent.computeIfAbsent(e.parent(), k -> new ArrayDeque<>()).addLast(e);
        bySeen.put(seen(e), e);
        return true;
    }

    /**
     * @param source of the first packet of a connection
     * @return what it fulfils, or null
     */
    public Expectation find(int protocol, IpAddress source, IpAddress destination, int destinationPort) {
        Expectation e = bySeen.get(new Seen(protocol, destination, destinationPort));
        return e != null && (e.peer() == null || e.peer().equals(source)) ? e : null;
    }

    /** Takes one out that is fulfilled; the use of its mapping passes to the new flow. */
    public void fulfil(Expectation e) {
        unlink(e);
        observer.accept(e, ExpectationOutcome.FULFILLED);
    }

    /** Takes one out and gives up its port. */
    private void remove(Expectation e, ExpectationOutcome outcome) {
        unlink(e);
        release(e);
        observer.accept(e, outcome);
    }

    /** Gives up all of a control connection that has ended. */
    public void removeAllOf(int parent) {
        Deque<Expectation> siblings = byParent.get(parent & ~1);
        List<Expectation> gone = siblings == null ? List.of() : new ArrayList<>(siblings);
        gone.forEach(e -> remove(e, ExpectationOutcome.ENDED));
    }

    /** Takes out those whose time is up. */
    public void expire(long now) {
        List<Expectation> gone = new ArrayList<>();
        for (Expectation e : bySeen.values()) {
            if (now - e.deadline() >= 0) {
                gone.add(e);
            }
        }
        gone.forEach(e -> remove(e, ExpectationOutcome.EXPIRED));
    }

    public Collection<Expectation> all() {
        return bySeen.values();
    }

    public int size() {
        return bySeen.size();
    }

    private void unlink(Expectation e) {
        bySeen.remove(seen(e));
        Deque<Expectation> siblings = byParent.get(e.parent());
        if (siblings != null) {
            siblings.remove(e);
            if (siblings.isEmpty()) {
                byParent.remove(e.parent());
            }
        }
    }

    private void release(Expectation e) {
        if (e.mapping() != null) {
            mappings.release(e.mapping());
        }
    }

    private static Seen seen(Expectation e) {
        return new Seen(e.protocol(), e.seenAddress(), e.seenPort());
    }
}
