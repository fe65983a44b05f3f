package org.sluice.slowpath.conductor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.CachedNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowLayout;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.SeenTime;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.Status;
import org.sluice.slowpath.conntrack.TcpEvidence;
import org.sluice.slowpath.conntrack.TcpState;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.helper.SavedSession;
import org.sluice.slowpath.journal.Entry;
import org.sluice.slowpath.journal.Image;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.packet.ConductorCounter;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.NatSettings.Filtering;

/**
 * Fills the tables with what an earlier run has left, before the conductor runs. Everything keeps its number, so that what is written
 * from now on goes with what was written before. A flow that can't come back, because its interface, address or route is gone, is left out. Flows count as
 * last seen when the earlier run ended, so that what had its time meanwhile ends at once.
 */
final class Restorer {
    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    private static final int KEPT = Status.EXPECTED | Status.FIN_ORIGINAL | Status.FIN_REPLY | Status.RESET_ORIGINAL
            | Status.RESET_REPLY;

    /** Interfaces that a flow's record can name. */
    private static final int PORTS = 256;
    /** Longer than any timeout, and what a record can say of it. */
    private static final long LONGEST_AWAY_MS = TimeUnit.NANOSECONDS.toMillis(SeenTime.OLDEST_NS)
            - TimeUnit.DAYS.toMillis(1);
    private static final float LOAD_FACTOR = 0.65f;
    private static final int LEAST_ROOM = 8;
    private static final Filtering[] FILTERINGS = Filtering.values();
    private static final int TCP_STATES = TcpState.values().length;

    private final Tables tables;
    private final FlowLife life;
    private final NeighborTable neighbors;
    private final HelperHost helpers;
    private final Recorder recorder;
    private final Ledger ledger;
    private final CachedNanoClock clock;
    private final Flows flows;
    private final MappingTable mappings;
    private final TcpEvidence evidence;

    private Int2IntHashMap flowByOld;
    private Int2ObjectHashMap<Mapping> mappingByOld;
    private final int[] portByOld = new int[PORTS];
    private int refused;

    Restorer(Tables tables, FlowLife life, NeighborTable neighbors, HelperHost helpers, Recorder recorder,
            Ledger ledger, CachedNanoClock clock) {
        this.tables = tables;
        this.life = life;
        this.neighbors = neighbors;
        this.helpers = helpers;
        this.recorder = recorder;
        this.ledger = ledger;
        this.clock = clock;
        flows = tables.flows();
        mappings = tables.mappings();
        evidence = new TcpEvidence(flows.table());
    }

    /** @return how many flows came back */
    int restore(Image image) {
        clock.update(System.nanoTime());
        long away = Math.clamp(System.currentTimeMillis() - image.lastTime(), 0, LONGEST_AWAY_MS);
        long lastSeen = clock.nanoTime() - TimeUnit.MILLISECONDS.toNanos(away);
        flowByOld = new Int2IntHashMap(room(image.flows()), LOAD_FACTOR, FlowTable.NONE);
        mappingByOld = new Int2ObjectHashMap<>(room(image.mappings()), LOAD_FACTOR);
        ports(image);
        image.mappings().forEach(this::mapping);
        List<Entry.Flow> displaced = new ArrayList<>();
        for (int id : image.flowIds()) {
            Entry.Flow flow = image.flow(id);
            int same = flows.table().allocate(id);
            if (same == FlowTable.NONE) {
                // the table has become smaller
                displaced.add(flow);
            } else {
                place(flow, same, lastSeen);
            }
        }
        displaced.forEach(f -> place(f, flows.table().allocate(), lastSeen));
        image.flows().forEach(this::parent);
        image.expectations().forEach(this::expectation);
        image.calls().forEach(this::call);
        image.sessions().values().forEach(this::session);
        mappings.dropUnused();
        int count = image.flows().size() - refused;
        if (refused > 0) {
            LOG.warn(
                    "{} of {} flows could not come back: their interface, address, route or port is not there any more",
                    refused,
                    image.flows().size());
        }
        return count;
    }

    /** @return of a table that is not to grow while it is filled. */
    private static int room(Collection<?> things) {
        return Math.max(LEAST_ROOM, (int) (things.size() / LOAD_FACTOR) + 1);
    }

    private void mapping(Entry.Mapping m) {
        Mapping made = mappings.restore(m.id(), m.protocol(), m.insideAddress(), m.insidePort(), m.outsideAddress(),
                m.outsidePort(), FILTERINGS[Math.min(m.filtering(), FILTERINGS.length - 1)], m.isShared());
        if (made != null) {
            mappingByOld.put(m.id(), made);
        }
    }

    /** @return -1 when there is no such interface any more */
    private int port(int old) {
        return old < PORTS ? portByOld[old] : -1;
    }

    private void ports(Image image) {
        for (int old = 0; old < PORTS; old++) {
            String name = image.interfaceName(old);
            Iface iface = name == null ? null : tables.interfaces().byName(name);
            portByOld[old] = iface == null ? -1 : iface.port();
        }
    }

    private void place(Entry.Flow f, int flow, long lastSeen) {
        if (flow == FlowTable.NONE || !restore(f, flow, lastSeen)) {
            refused++;
        }
    }

    private boolean restore(Entry.Flow f, int flow, long lastSeen) {
        int ingress = port(f.ingress());
        Route route = tables.routes().find(f.newDestination(), f.source());
        Route back = ingress < 0 ? null : tables.routes().back(f.source(), f.newDestination(), ingress);
        Mapping mapping = mappingByOld.get(f.mapping());
        boolean lacksPort = f.mapping() != 0 && mapping == null;
        if (route == null || back == null || lacksPort || isStranded(f) || isThere(f)) {
            flows.table().reclaim(flow);
            return false;
        }
        fill(flow, f);
        state(flow, f.state(), lastSeen);
        long now = clock.nanoTime();
        flows.path(flow, ingress, neighbors.use(route.port(), route.nextHop(f.newDestination()), now));
        flows.path(flow | 1, route.port(), neighbors.use(back.port(), back.nextHop(f.source()), now));
        if (!life.restore(flow)) {
            neighbors.release(flows.adjacency(flow));
            neighbors.release(flows.adjacency(flow | 1));
            return false;
        }
        if (mapping != null) {
            mappings.use(mapping);
            flows.mapping(flow, mapping.id());
        }
        Mapping destination = mappingByOld.get(f.destinationMapping());
        if (destination != null) {
            mappings.useAsDestination(flow, destination);
        }
        life.countHosts(flow, 1);
        ledger.counters().increment(ConductorCounter.FLOWS_CREATED);
        recorder.begun(flow, f.begun());
        flowByOld.put(f.id(), flow);
        return true;
    }

    /** @return whether it was translated to an address that is not the gateway's any more. */
    private boolean isStranded(Entry.Flow f) {
        // what a prefix of IPv6 is translated to is routed to the gateway, and nobody's address
        return !f.newSource().equals(f.source()) && (f.newSource().isV4() || f.mapping() != 0)
                && tables.interfaces().answering(f.newSource()) == null;
    }

    private boolean isThere(Entry.Flow f) {
        FlowTable table = flows.table();
        IpAddress source = f.source();
        IpAddress destination = f.destination();
        if (FlowKey.isIpv6(f.ports())) {
            IpAddress seen = f.newSource();
            IpAddress real = f.newDestination();
            return table.find(source.high(), source.low(), destination.high(), destination.low(),
                    f.ports()) != FlowTable.NONE
                    || table.find(real.high(), real.low(), seen.high(), seen.low(),
                            Flows.swapPorts(f.newPorts())) != FlowTable.NONE;
        }
        long answer = FlowKey.addresses(f.newDestination().v4(), f.newSource().v4());
        return table.find(FlowKey.addresses(source.v4(), destination.v4()),
                FlowKey.lookup(f.ports())) != FlowTable.NONE
                || table.find(answer, FlowKey.lookup(Flows.swapPorts(f.newPorts()))) != FlowTable.NONE;
    }

    private void fill(int flow, Entry.Flow f) {
        if (FlowKey.isIpv6(f.ports())) {
            flows.fill6(flow, f.source(), f.destination(), f.newSource(), f.newDestination(), f.ports(),
                    f.newPorts());
        } else {
            flows.fill(flow, FlowKey.addresses(f.source().v4(), f.destination().v4()), f.ports(),
                    FlowKey.addresses(f.newSource().v4(), f.newDestination().v4()), f.newPorts());
        }
    }

    private void state(int flow, Entry.FlowState s, long lastSeen) {
        TcpState state = s.tcp() < TCP_STATES ? TcpState.of(s.tcp()) : TcpState.ESTABLISHED;
        flows.state(flow, state);
        flows.mark(flow, s.status() & KEPT);
        flows.begin(flow, s.original().packets(), s.original().bytes(), lastSeen);
        flows.begin(flow | 1, s.reply().packets(), s.reply().bytes(), lastSeen);
        if (flows.protocol(flow) == Ipv4.PROTOCOL_TCP || flows.table().hasMore(flow)) {
            // the tags of SCTP stand where TCP's numbers do
            way(flow, s.original());
            way(flow | 1, s.reply());
        }
        if (flows.protocol(flow) != Ipv4.PROTOCOL_TCP) {
            return;
        }
        if (s.original().isKnown()) {
            evidence.begin(flow);
        }
        if (state != TcpState.SYN_SENT && state != TcpState.NONE) {
            // what went by the fast path since was not written down
            flows.mark(flow, Status.RESTORED | Status.PUNTED);
            flows.helped(flow, true);
        }
    }

    private void way(int flow, Entry.Way way) {
        evidence.scale(flow, way.scale() & FlowLayout.SCALE_MASK);
        evidence.set(flow, way.sequenceEnd(), way.acknowledgement(), way.windowEnd());
    }

    private void parent(Entry.Flow f) {
        if (f.parent() == 0) {
            return;
        }
        int flow = flowByOld.get(f.id());
        if (flow != FlowTable.NONE) {
            flows.parent(flow, flowByOld.get(f.parent()));
        }
    }

    private long deadline(long epoch) {
        return clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(epoch - System.currentTimeMillis());
    }

    private void expectation(Entry.Expectation e) {
        int parent = flowByOld.get(e.key().parent());
        Mapping mapping = mappingByOld.get(e.mapping());
        if (parent == FlowTable.NONE || e.mapping() != 0 && mapping == null
                || deadline(e.deadline()) - clock.nanoTime() <= 0) {
            return;
        }
        Expectation.Lasting lasting = e.group().isEmpty()
                ? null
                : new Expectation.Lasting(e.group(), e.limitNs(), e.isFulfilled());
        boolean isAdded = tables.expectations()
                .restore(new Expectation(e.helper(), parent, e.key().protocol(), e.key().peer(), e.key().seenAddress(),
                        e.key().seenPort(), e.realAddress(), e.realPort(), mapping, deadline(e.deadline()), lasting,
                        null));
        if (isAdded && mapping != null) {
            mappings.use(mapping);
        }
    }

    private void call(Entry.Call c) {
        int parent = flowByOld.get(c.parent());
        if (parent != FlowTable.NONE) {
            tables.expectations().calls().restore(c.number(), c.helper(), parent, c.side() & 1, end(c.opened()),
                    c.answered() == null ? null : end(c.answered()), deadline(c.deadline()), c.isFulfilled());
        }
    }

    private Call.End end(Entry.CallEnd end) {
        Mapping mapping = mappingByOld.get(end.mapping());
        if (mapping != null) {
            mappings.use(mapping);
        }
        return new Call.End(end.realAddress(), end.seenAddress(), end.callId(), end.seenCallId(), mapping);
    }

    private void session(Entry.Session s) {
        int flow = flowByOld.get(s.flow());
        if (flow != FlowTable.NONE) {
            helpers.restore(flow, new SavedSession(s.helper(), s.stream(), s.memory(), s.canResume()),
                    clock.nanoTime());
        }
    }
}
