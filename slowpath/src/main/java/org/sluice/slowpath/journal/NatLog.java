package org.sluice.slowpath.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.route.IpAddress;

/**
 * Who had which outside address and port when (RFC 6888 REQ-12). A flow and a mapping each count from their begin to their end; what
 * a snapshot does not name any more has ended before it. One thread.
 */
public final class NatLog {
    private final Consumer<Holding> sink;
    private final Int2ObjectHashMap<Entry.Flow> flows = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<Entry.Mapping> mappings = new Int2ObjectHashMap<>();
    private final Map<Integer, Long> mappedSince = new HashMap<>();
    private Set<Integer> namedFlows;
    private Set<Integer> namedMappings;
    private long snapshot;

    private NatLog(Consumer<Holding> sink) {
        this.sink = sink;
    }

    /**
     * Reads a journal.
     *
     * @param state folder
     * @param seen gets the time of every record that was read, milliseconds of the epoch
     * @param sink gets every holding, in the order of their ends
     * @return places that could not be read
     * @throws IOException with a message that says what is wrong and what to do
     */
    public static int read(Path state, LongConsumer seen, Consumer<Holding> sink) throws IOException {
        NatLog log = new NatLog(sink);
        int damages = JournalLog.read(state, (entry, sequence, time) -> {
            seen.accept(time);
            log.take(entry, time);
        });
        log.flows.values().forEach(f -> log.tell(f, Holding.STILL, 0, 0));
        log.mappings.values().forEach(m -> log.tell(m, Holding.STILL));
        return damages;
    }

    private void take(Entry entry, long time) {
        switch (entry) {
            case Entry.Flow f -> begin(f, time);
            case Entry.FlowEnd f -> end(f, time);
            case Entry.Mapping m -> begin(m, time);
            case Entry.MappingEnd m -> endMapping(m.id(), time);
            case Entry.SnapshotBegin s -> {
                namedFlows = new HashSet<>();
                namedMappings = new HashSet<>();
                snapshot = time;
            }
            case Entry.SnapshotEnd s -> endUnnamed();
            default -> {
                // nobody's port
            }
        }
    }

    private void begin(Entry.Flow flow, long time) {
        Entry.Flow before = flows.put(flow.id(), flow);
        if (before != null && before.begun() != flow.begun()) {
            tell(before, time, 0, 0);
        }
        if (namedFlows != null) {
            namedFlows.add(flow.id());
        }
    }

    private void end(Entry.FlowEnd end, long time) {
        Entry.Flow flow = flows.remove(end.id());
        if (flow != null) {
            boolean isInsideFirst = isInsideFirst(flow);
            tell(flow, time, isInsideFirst ? end.packets() : end.replyPackets(),
                    isInsideFirst ? end.bytes() : end.replyBytes());
        }
    }

    private void begin(Entry.Mapping mapping, long time) {
        Entry.Mapping before = mappings.put(mapping.id(), mapping);
        if (before != null && !before.equals(mapping)) {
            tell(before, time);
            mappedSince.remove(mapping.id());
        }
        mappedSince.putIfAbsent(mapping.id(), time);
        if (namedMappings != null) {
            namedMappings.add(mapping.id());
        }
    }

    private void endMapping(int id, long time) {
        Entry.Mapping mapping = mappings.remove(id);
        if (mapping != null) {
            tell(mapping, time);
            mappedSince.remove(id);
        }
    }

    private void endUnnamed() {
        if (namedFlows == null) {
            return;
        }
        for (int id : flows.keySet().stream().filter(f -> !namedFlows.contains(f)).toList()) {
            tell(flows.remove(id), snapshot, 0, 0);
        }
        for (int id : mappings.keySet().stream().filter(m -> !namedMappings.contains(m)).toList()) {
            endMapping(id, snapshot);
        }
        namedFlows = null;
        namedMappings = null;
    }

    /** @return whether the side that is translated has begun; of an untranslated one, whoever has begun. */
    private static boolean isInsideFirst(Entry.Flow f) {
        return !f.newSource().equals(f.source()) || f.newDestination().equals(f.destination());
    }

    private void tell(Entry.Flow f, long until, long packets, long bytes) {
        boolean isInsideFirst = isInsideFirst(f);
        IpAddress outside = isInsideFirst ? f.newSource() : f.destination();
        int outsidePort = isInsideFirst ? FlowKey.sourcePort(f.newPorts()) : FlowKey.destinationPort(f.ports());
        IpAddress inside = isInsideFirst ? f.source() : f.newDestination();
        int insidePort = isInsideFirst ? FlowKey.sourcePort(f.ports()) : FlowKey.destinationPort(f.newPorts());
        IpAddress peer = isInsideFirst ? f.newDestination() : f.source();
        int peerPort = isInsideFirst ? FlowKey.destinationPort(f.newPorts()) : FlowKey.sourcePort(f.ports());
        sink.accept(new Holding(f.begun(), until, FlowKey.protocol(f.ports()), outside, outsidePort, inside, insidePort,
                peer, peerPort, packets, bytes));
    }

    private void tell(Entry.Mapping m, long until) {
        sink.accept(new Holding(mappedSince.getOrDefault(m.id(), 0L), until, m.protocol(),
                m.outsideAddress(), m.outsidePort(), m.insideAddress(), m.insidePort(),
                null, 0, 0, 0));
    }
}
