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
 * Expectations by the endpoint that the peer was told. Bounded for each parent, for each announcing host and in all, so that
 * no host keeps the others from being helped; a parent's new expectation takes the place of its own oldest, never of another's; what
 * a listener announces to the same peer once more, on whichever control connection, takes the place of what it announced before.
 * Conductor.
 */
public final class ExpectationTable {
    /** As many as nf_conntrack_expect_max is by default here. */
    public static final int LIMIT = 4096;
    /** As many lead to one host, whatever the number of its control connections. */
    public static final int LIMIT_OF_HOST = LIMIT / 8;

    private record Seen(int protocol, IpAddress address, int port) {}

    private final Map<Seen, Expectation> bySeen = new HashMap<>();
    private final Int2ObjectHashMap<Deque<Expectation>> byParent = new Int2ObjectHashMap<>();
    private final Map<IpAddress, Integer> countByHost = new HashMap<>();
    private final MappingTable mappings;
    private final CallTable calls;
    private BiConsumer<Expectation, ExpectationOutcome> observer = (e, outcome) -> {};

    public ExpectationTable(MappingTable mappings) {
        this.mappings = mappings;
        calls = new CallTable(mappings);
    }

    /** @return what is expected to and fro between two hosts that have agreed on it, rather than at an endpoint. */
    public CallTable calls() {
        return calls;
    }

    /** What became of a wish to add an expectation. */
    public enum Answer {
        ADDED,
        /** Another connection is expected at the same endpoint. */
        TAKEN,
        /** The table is full. */
        FULL,
        /** The host has as many as one host may have. */
        HOST_FULL
    }

    /** @param observer told of each expectation that goes */
    public void observe(BiConsumer<Expectation, ExpectationOutcome> observer) {
        this.observer = observer;
    }

    /**
     * Adds one; it owns one use of its mapping from now on. When it is not added, the mapping's use is given up.
     *
     * @param maxOfParent bound for its parent
     */
    public Answer add(Expectation e, int maxOfParent) {
        Expectation same = bySeen.get(seen(e));
        if (same != null && same.parent() != e.parent() && !e.repeats(same)) {
            release(e);
            return Answer.TAKEN;
        }
        if (same != null) {
            remove(same, ExpectationOutcome.REPLACED);
        }
        Deque<Expectation> siblings = byParent.get(e.parent());
        while (siblings != null && siblings.size() >= maxOfParent) {
            remove(siblings.getFirst(), ExpectationOutcome.REPLACED);
        }
        if (bySeen.size() >= LIMIT || countOf(e.realAddress()) >= LIMIT_OF_HOST) {
            release(e);
            return bySeen.size() >= LIMIT ? Answer.FULL : Answer.HOST_FULL;
        }
        // asked for again: removing the last sibling dropped the parent's list
        byParent.computeIfAbsent(e.parent(), k -> new ArrayDeque<>()).addLast(e);
        bySeen.put(seen(e), e);
        countByHost.merge(e.realAddress(), 1, Integer::sum);
        return Answer.ADDED;
    }

    private int countOf(IpAddress host) {
        return countByHost.getOrDefault(host, 0);
    }

    /**
     * @param source of the first packet of a connection
     * @return what it fulfils, or null
     */
    public Expectation find(int protocol, IpAddress source, IpAddress destination, int destinationPort) {
        Expectation e = bySeen.get(new Seen(protocol, destination, destinationPort));
        return e != null && (e.peer() == null || e.peer().equals(source)) ? e : null;
    }

    /** @return those of a control connection. */
    public Collection<Expectation> of(int parent) {
        Deque<Expectation> siblings = byParent.get(parent & ~1);
        return siblings == null ? List.of() : siblings;
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
        new ArrayList<>(of(parent)).forEach(e -> remove(e, ExpectationOutcome.ENDED));
        calls.removeAllOf(parent & ~1);
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
        calls.expire(now);
    }

    public Collection<Expectation> all() {
        return bySeen.values();
    }

    public int size() {
        return bySeen.size();
    }

    private void unlink(Expectation e) {
        bySeen.remove(seen(e));
        countByHost.computeIfPresent(e.realAddress(), (host, count) -> count == 1 ? null : count - 1);
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
