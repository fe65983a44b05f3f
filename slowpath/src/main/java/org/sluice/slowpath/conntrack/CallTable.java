package org.sluice.slowpath.conntrack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.conntrack.Call.Way;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.route.IpAddress;

/**
 * The calls of PPTP that control connections have opened. A call is not used up by its first packet: it keeps its call IDs and lets
 * GRE through until it is cleared or the control connection ends, which ends its flow too. Bounded for each control connection, for
 * each host that asks for calls, and in all. Conductor.
 */
public final class CallTable {
    /** Calls in all. */
    public static final int LIMIT = 1 << 14;
    /** Calls that one host may have asked for, on all of its control connections. */
    public static final int LIMIT_OF_HOST = LIMIT / 8;

    private final Map<Key, Way> arriving = new HashMap<>();
    private final Map<Key, Way> leaving = new HashMap<>();
    private final Set<Call> all = new LinkedHashSet<>();
    private final Int2ObjectHashMap<List<Call>> byParent = new Int2ObjectHashMap<>();
    private final Map<Integer, Integer> countByHost = new HashMap<>();
    private final MappingTable mappings;
    /** One writer; read by management too. */
    private final AtomicInteger awaited = new AtomicInteger();
    private BiConsumer<String, ExpectationOutcome> observer = (helper, outcome) -> {};
    private ExpectationTable.Witness witness = ExpectationTable.Witness.NOBODY;
    private long lastNumber;
    private FlowEnder flows = (addresses, ports) -> {};

    /** What names a packet of a call, on one side of the gateway. */
    private record Key(long addresses, long ports) {}

    /** Who can end flows. */
    @FunctionalInterface
    public interface FlowEnder {

        /** Ends the flow of that key, if there is one. */
        void end(long addresses, long ports);
    }

    CallTable(MappingTable mappings) {
        this.mappings = mappings;
    }

    /** @param observer told what became of each answered call: the helper's name, and how it ended as an expectation */
    public void observe(BiConsumer<String, ExpectationOutcome> observer) {
        this.observer = observer;
    }

    void witness(ExpectationTable.Witness witness) {
        this.witness = witness;
    }

    /**
     * Adds a call that an earlier run had.
     *
     * @param number that it had
     * @param side that opened it
     * @param answered null when nobody has
     * @param isFulfilled whether a packet of it had come
     */
    public void restore(long number, String helper, int parent, int side, Call.End opened, Call.End answered,
            long deadline,
            boolean isFulfilled) {
        if (all.size() >= LIMIT) {
            release(opened);
            if (answered != null) {
                release(answered);
            }
            return;
        }
        lastNumber = Math.max(lastNumber, number);
        Call call = new Call(number, helper, parent, side, opened, deadline);
        byParent.computeIfAbsent(parent, k -> new ArrayList<>()).add(call);
        all.add(call);
        countByHost.merge(call.opener(), 1, Integer::sum);
        if (answered == null) {
            return;
        }
        call.answer(side ^ 1, answered, deadline);
        for (int sender = 0; sender < 2; sender++) {
            Way way = new Way(call, sender);
            arriving.put(key(way.addresses(), way.ports()), way);
            leaving.put(key(way.newAddresses(), way.newPorts()), way);
        }
        if (isFulfilled) {
            call.fulfil();
        } else {
            awaited(1);
        }
    }

    /** @param flows ends flows of calls that are over */
    public void flows(FlowEnder flows) {
        this.flows = flows;
    }

    /**
     * Chooses the call ID that the other host is to be told: the same, or where the address is translated one that is unique there.
     *
     * @return an end that owns one use of its mapping; null when no call ID is free
     */
    public Call.End reserve(int realAddress, int seenAddress, int callId) {
        if (realAddress == seenAddress) {
            return new Call.End(realAddress, seenAddress, callId, callId, null);
        }
        Mapping mapping = mappings.use(Ipv4.PROTOCOL_GRE, IpAddress.v4(realAddress), callId,
                IpAddress.v4(seenAddress));
        return mapping == null
                ? null
                : new Call.End(realAddress, seenAddress, callId, mapping.outsidePort(), mapping);
    }

    /**
     * One side asks for a call. Nothing passes until it is answered. It takes the place of one that the side had opened under the
     * same ID.
     *
     * @param max bound for the control connection; at the bound, the oldest call that nobody has answered makes room
     * @param deadline System.nanoTime
     * @return false when there are too many calls; the end's mapping is given up
     */
    public boolean open(String helper, int parent, int side, Call.End end, int max, long deadline) {
        clear(parent, side, end.callId());
        List<Call> siblings = byParent.computeIfAbsent(parent, k -> new ArrayList<>());
        if (siblings.size() >= max || all.size() >= LIMIT
                || countByHost.getOrDefault(end.realAddress(), 0) >= LIMIT_OF_HOST) {
            Call oldest = siblings.stream().filter(c -> !c.isAnswered()).findFirst().orElse(null);
            if (oldest == null) {
                release(end);
                if (siblings.isEmpty()) {
                    byParent.remove(parent);
                }
                return false;
            }
            remove(oldest, ExpectationOutcome.REPLACED);
        }
        Call call = new Call(++lastNumber, helper, parent, side, end, deadline);
        byParent.computeIfAbsent(parent, k -> new ArrayList<>()).add(call);
        all.add(call);
        countByHost.merge(call.opener(), 1, Integer::sum);
        witness.called(call);
        return true;
    }

    /** @return the call that the side has opened or answered under its own ID, or null. */
    public Call find(int parent, int side, int callId) {
        for (Call call : byParent.getOrDefault(parent, List.of())) {
            if (call.end(side) != null && call.end(side).callId() == callId) {
                return call;
            }
        }
        return null;
    }

    /**
     * A side answers: from now on GRE passes between the two ends. What two hosts agree on takes the place of what the same two
     * had agreed on before under the same call IDs, on whichever control connection.
     *
     * @param deadline System.nanoTime until when the first packet has to come
     */
    public void answer(Call call, int side, Call.End end, long deadline) {
        call.answer(side, end, deadline);
        for (int sender = 0; sender < 2; sender++) {
            Way way = new Way(call, sender);
            Way before = arriving.get(key(way.addresses(), way.ports()));
            if (before != null) {
                remove(before.call(), ExpectationOutcome.REPLACED);
            }
            // a flow that began without a call knows only one of its call IDs
            flows.end(way.addresses(), FlowKey.lookup(way.ports()));
        }
        for (int sender = 0; sender < 2; sender++) {
            Way way = new Way(call, sender);
            arriving.put(key(way.addresses(), way.ports()), way);
            leaving.put(key(way.newAddresses(), way.newPorts()), way);
        }
        awaited(1);
        witness.called(call);
    }

    /** The side's call is over. @return false when there is none */
    public boolean clear(int parent, int side, int callId) {
        Call call = find(parent, side, callId);
        if (call != null) {
            remove(call, ExpectationOutcome.ENDED);
        }
        return call != null;
    }

    /** @return the call that a packet belongs to as it comes in, and its way; or null. */
    public Way find(long addresses, long ports) {
        // each new flow asks
        return arriving.isEmpty() ? null : arriving.get(key(addresses, ports));
    }

    /** @return the call that a packet belongs to as it goes out, and its way; or null. */
    public Way findLeaving(long addresses, long ports) {
        return leaving.get(key(addresses, ports));
    }

    /** A packet of the call has come. */
    public void fulfil(Call call) {
        if (!call.isFulfilled()) {
            call.fulfil();
            witness.called(call);
            awaited(-1);
            observer.accept(call.helper(), ExpectationOutcome.FULFILLED);
        }
    }

    /** The control connection has ended. */
    void removeAllOf(int parent) {
        List<Call> calls = byParent.get(parent);
        if (calls != null) {
            new ArrayList<>(calls).forEach(c -> remove(c, ExpectationOutcome.ENDED));
        }
    }

    /** Gives up those that nobody has answered or used in time. */
    void expire(long now) {
        List<Call> gone = new ArrayList<>();
        for (Call call : all) {
            if (!call.isFulfilled() && now - call.deadline() >= 0) {
                gone.add(call);
            }
        }
        gone.forEach(c -> remove(c, ExpectationOutcome.EXPIRED));
    }

    private void remove(Call call, ExpectationOutcome outcome) {
        if (!all.remove(call)) {
            return;
        }
        witness.callOver(call);
        countByHost.computeIfPresent(call.opener(), (host, count) -> count > 1 ? count - 1 : null);
        List<Call> siblings = byParent.get(call.parent());
        siblings.remove(call);
        if (siblings.isEmpty()) {
            byParent.remove(call.parent());
        }
        for (int sender = 0; sender < 2 && call.isAnswered(); sender++) {
            Way way = new Way(call, sender);
            arriving.remove(key(way.addresses(), way.ports()), way);
            leaving.remove(key(way.newAddresses(), way.newPorts()), way);
            flows.end(way.addresses(), FlowKey.lookup(way.ports()));
        }
        if (call.isAwaited()) {
            awaited(-1);
            observer.accept(call.helper(), outcome);
        }
        for (int side = 0; side < 2; side++) {
            if (call.end(side) != null) {
                release(call.end(side));
            }
        }
    }

    /** Gives up the call ID of an end that belongs to no call. */
    public void release(Call.End end) {
        if (end.mapping() != null) {
            mappings.release(end.mapping());
        }
    }

    private static Key key(long addresses, long ports) {
        return new Key(addresses, FlowKey.lookup(ports));
    }

    /** @return in the order in which they were opened. */
    public Collection<Call> all() {
        return all;
    }

    /** @return answered calls of which no packet has come. Any thread. */
    public int awaited() {
        return awaited.getAcquire();
    }

    private void awaited(int by) {
        awaited.setRelease(awaited.getPlain() + by);
    }
}
