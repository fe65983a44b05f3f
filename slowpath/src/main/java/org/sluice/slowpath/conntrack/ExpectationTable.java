package org.sluice.slowpath.conntrack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.route.IpAddress;

/**
 * Expectations by the endpoint that the peer was told, and at a daemon's well-known port by the peer too: nobody chooses another port
 * there, so whose daemon is meant depends on who asks. Bounded for each parent, for each announcing host and in all, so that
 * no host keeps the others from being helped; a parent's new expectation takes the place of its own oldest, never of another's; what
 * a listener announces to the same peer once more, on whichever control connection, takes the place of what it announced before.
 * Conductor.
 */
public final class ExpectationTable {
    /** As many as nf_conntrack_expect_max is by default here. */
    public static final int LIMIT = 4096;
    /** As many lead to one host, whatever the number of its control connections. */
    public static final int LIMIT_OF_HOST = LIMIT / 8;

    private static final int FIRST_CHOSEN_PORT = 1024;

    /** @param peer at a well-known port; null elsewhere */
    private record Seen(int protocol, IpAddress address, int port, IpAddress peer) {}

    private final Map<Seen, Expectation> bySeen = new HashMap<>();
    private final Int2ObjectHashMap<Deque<Expectation>> byParent = new Int2ObjectHashMap<>();
    private final Map<IpAddress, Integer> countByHost = new HashMap<>();
    private final MappingTable mappings;
    private final CallTable calls;
    private Witness witness = Witness.NOBODY;
    private Consumer<Expectation> announced = e -> {};
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
        /** It takes the place of what stood there for the same group. */
        RENEWED,
        /** Another connection is expected at the same endpoint. */
        TAKEN,
        /** The table is full. */
        FULL,
        /** The host has as many as one host may have. */
        HOST_FULL
    }

    /** Is told of each expectation and call. */
    public interface Witness {
        /** Nobody wants to know. */
        Witness NOBODY = new Witness() {
        };

        /** There is a new one, or it is another by now. */
        default void expected(Expectation e) {}

        /** It is gone. */
        default void expectedNoMore(Expectation e) {}

        /** There is a new one, or it is another by now. */
        default void called(Call call) {}

        /** It is over. */
        default void callOver(Call call) {}
    }

    public void witness(Witness witness) {
        this.witness = witness;
        calls.witness(witness);
    }

    /** Adds one that an earlier run had; it owns one use of its mapping from now on. @return false when another stands there */
    public boolean restore(Expectation e) {
        if (bySeen.containsKey(seen(e)) || bySeen.size() >= LIMIT) {
            return false;
        }
        link(e);
        return true;
    }

    /** @param observer told of each expectation that a helper adds */
    public void announced(Consumer<Expectation> observer) {
        announced = observer;
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
        if (same != null && e.renews(same)) {
            unlink(same);
            release(same);
            link(same.isFulfilled() ? e.fulfilled(e.deadline()) : e);
            return Answer.RENEWED;
        }
        if (same != null && same.parent() != e.parent() && !e.repeats(same) && !e.supersedes(same)) {
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
        link(e);
        announced.accept(e);
        return Answer.ADDED;
    }

    private void link(Expectation e) {
        // asked for each time: removing the last sibling dropped the parent's list
        byParent.computeIfAbsent(e.parent(), k -> new ArrayDeque<>()).addLast(e);
        bySeen.put(seen(e), e);
        witness.expected(e);
        countByHost.merge(e.realAddress(), 1, Integer::sum);
    }

    private int countOf(IpAddress host) {
        return countByHost.getOrDefault(host, 0);
    }

    /**
     * @param source of the first packet of a connection
     * @return what it fulfils, or null
     */
    public Expectation find(int protocol, IpAddress source, IpAddress destination, int destinationPort) {
        if (bySeen.isEmpty()) {
            // each new flow asks
            return null;
        }
        Expectation ofPeer = bySeen.get(seen(protocol, destination, destinationPort, source));
        Expectation e = ofPeer != null ? ofPeer : bySeen.get(seen(protocol, destination, destinationPort, null));
        return e != null && e.admits(source) ? e : null;
    }

    /** @return those of a control connection. */
    public Collection<Expectation> of(int parent) {
        Deque<Expectation> siblings = byParent.get(parent & ~1);
        return siblings == null ? List.of() : siblings;
    }

    /**
     * A connection has come. One use of the mapping passes to its flow; the expectation is taken out unless it lasts.
     *
     * @param now System.nanoTime
     */
    public void fulfil(Expectation e, long now) {
        unlink(e);
        if (e.lasting() != null) {
            link(e.fulfilled(now + e.lasting().limit()));
            if (e.mapping() != null) {
                mappings.use(e.mapping());
            }
        }
        tell(e, ExpectationOutcome.FULFILLED);
    }

    private void tell(Expectation e, ExpectationOutcome outcome) {
        if (!e.isFulfilled()) {
            observer.accept(e, outcome);
        }
    }

    /** Takes one out and gives up its port. */
    private void remove(Expectation e, ExpectationOutcome outcome) {
        unlink(e);
        release(e);
        tell(e, outcome);
    }

    /** Gives up all of a control connection that has ended. */
    public void removeAllOf(int parent) {
        Deque<Expectation> expected = byParent.get(parent & ~1);
        if (expected != null) {
            new ArrayList<>(expected).forEach(e -> remove(e, ExpectationOutcome.ENDED));
        }
        calls.removeAllOf(parent & ~1);
    }

    /** Gives up those of a group of a control connection. */
    public void removeGroup(int parent, String group) {
        for (Expectation e : new ArrayList<>(of(parent))) {
            if (e.lasting() != null && e.lasting().group().equals(group)) {
                remove(e, ExpectationOutcome.ENDED);
            }
        }
    }

    /** @return until when a control connection is not to be given up as idle, or {@code otherwise} when that is later. */
    public long keptUntil(int parent, long otherwise) {
        long until = otherwise;
        for (Expectation e : of(parent)) {
            until = e.lasting() != null && e.deadline() - until > 0 ? e.deadline() : until;
        }
        return until;
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
        witness.expectedNoMore(e);
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
        return seen(e.protocol(), e.seenAddress(), e.seenPort(), e.peer());
    }

    private static Seen seen(int protocol, IpAddress address, int port, IpAddress peer) {
        return new Seen(protocol, address, port, port < FIRST_CHOSEN_PORT ? peer : null);
    }
}
