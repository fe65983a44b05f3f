package org.sluice.slowpath.helper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Transport;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.ExpectationOutcome;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.Status;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.trace.Tracer;
import org.sluice.slowpath.view.Protocols;

/** Gives the control connections of active helpers their sessions, and the sessions their packets. Conductor. */
public final class HelperHost {
    private static final Logger LOG = LoggerFactory.getLogger(HelperHost.class);
    private static final int MAX_PACKET = 0xFFFF;
    /** Of the heap; more than this after {@link #PATIENCE} collections on end, and it soon is too late. */
    private static final double FULL = 0.85;
    private static final int PATIENCE = 3;
    private static final String STEP = "helper";

    /** Read by management too. */
    private volatile List<ActiveHelper> active;
    /** By the helper's name, also of those that are gone: who watches a counter expects it to go on when one comes back. */
    private final Map<String, Map<String, AtomicLong>> counts = new HashMap<>();
    private final Flows flows;
    private final ExpectationTable expectations;
    private final MappingTable mappings;
    private final Output output;
    private final Ledger ledger;
    private final IntUnaryOperator mtu;
    private final UnsafeBuffer edited = new UnsafeBuffer(new byte[MAX_PACKET]);
    private final ControlFlows announced = new ControlFlows();
    private final Int2ObjectHashMap<ControlSession> sessions = new Int2ObjectHashMap<>();
    private final Set<ActiveHelper> switchedOff = new HashSet<>();
    private Witness witness = Witness.NOBODY;
    private Tracer tracer = new Tracer();
    private long now;
    private long collection;
    private int full;

    /** Where edited packets leave. */
    @FunctionalInterface
    public interface Output {

        /** Translates a packet by its flow and sends it on. @param cause that came in, or null */
        void forward(int flow, DirectBuffer packet, int ip, int length, Packet cause);
    }

    /** Is told of what has changed of control connections, before anybody outside can know. */
    public interface Witness {
        /** Nobody wants to know. */
        Witness NOBODY = new Witness() {
        };

        /** It is read from now on, or is to be corrected in another way. */
        default void changed(int flow) {}

        /** It is a flow like any other from now on. */
        default void released(int flow) {}
    }

    /** @param tracer is told what helpers see and announce */
    public void tracer(Tracer tracer) {
        this.tracer = tracer;
        expectations.announced(this::announced);
    }

    private void announced(Expectation e) {
        if (tracer.isOn()) {
            tracer.hop(STEP, e.helper() + " announces " + Protocols.name(e.protocol()) + " from "
                    + (e.peer() == null ? "anywhere" : e.peer()) + " to " + e.seenAddress() + " port " + e.seenPort()
                    + ", which leads to " + e.realAddress() + " port " + e.realPort());
        }
    }

    public void witness(Witness witness) {
        this.witness = witness;
    }

    /** @return the control connection as another run needs it, or null when it is none. */
    public SavedSession save(int flow) {
        ControlSession session = sessions.get(flow & ~1);
        return session == null ? null : session.save();
    }

    /**
     * Goes on with a control connection of an earlier run. One that its helper can't read any more is still corrected.
     *
     * @return false when it can't go on
     */
    public boolean restore(int flow, SavedSession saved, long now) {
        if (flows.protocol(flow) == Ipv4.PROTOCOL_UDP) {
            attach(flow);
            return true;
        }
        ActiveHelper helper = active.stream().filter(h -> h.name().equals(saved.helper()) && h.problem() == null)
                .findFirst().orElse(null);
        if (helper == null || flows.protocol(flow) != Ipv4.PROTOCOL_TCP) {
            return false;
        }
        try {
            StreamSession session = new StreamSession(helper, flow & ~1, flows, expectations, mappings, announced,
                    helper.helper()::newSession, mtu.applyAsInt(flow));
            session.restore(saved.stream(), saved.memory(), saved.canResume(), now);
            if (!session.stream().isTransparent()) {
                sessions.put(flow & ~1, session);
                flows.helped(flow, true);
                helper.count("restored");
            }
            return true;
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            helper.count("failed");
            LOG.warn("a control connection of helper {} can't go on where it was", helper.name(), e);
            return false;
        }
    }

    /** @param mtu tells the largest packet that fits both ways of a flow */
    public HelperHost(HelperRegistry registry, Flows flows, ExpectationTable expectations, MappingTable mappings,
            Output output, IntUnaryOperator mtu, Ledger ledger) {
        active = registry.active().stream().map(this::countingOn).toList();
        this.flows = flows;
        this.expectations = expectations;
        this.mappings = mappings;
        this.output = output;
        this.mtu = mtu;
        this.ledger = ledger;
        expectations.observe((e, outcome) -> count(e.helper(), outcome));
        expectations.calls().observe(this::count);
    }

    /** Gives a new flow to the helper that has announced it, or to the one that watches its destination port. */
    public void attach(int flow) {
        int protocol = flows.protocol(flow);
        if (protocol != Ipv4.PROTOCOL_TCP && protocol != Ipv4.PROTOCOL_UDP) {
            return;
        }
        Transport transport = protocol == Ipv4.PROTOCOL_TCP ? Transport.TCP : Transport.UDP;
        ControlFlows.Announced child = announced.take(flow);
        if (child != null && child.helper().problem() == null
                && active.stream().anyMatch(h -> h.helper().equals(child.helper().helper()))) {
            attach(flow & ~1, transport, child.helper(), child.helper().fenced(child.reader()));
            return;
        }
        int port = flows.newDestinationPort(flow);
        for (ActiveHelper helper : active) {
            if (helper.problem() == null && helper.reads(transport) && helper.ports().contains(port)) {
                attach(flow & ~1, transport, helper, helper.helper()::newSession);
                return;
            }
        }
    }

    private void attach(int flow, Transport transport, ActiveHelper helper,
            Function<Control, HelperSession> reader) {
        try {
            sessions.put(flow, transport == Transport.TCP
                    ? new StreamSession(helper, flow, flows, expectations, mappings, announced, reader,
                            mtu.applyAsInt(flow))
                    : new DatagramSession(helper, flow, flows, expectations, mappings, announced, reader, edited));
            flows.helped(flow, true);
            helper.count("session");
            if (tracer.isOn()) {
                tracer.hop(STEP, helper.name() + " reads this flow from now on");
            }
            witness.changed(flow);
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            helper.count("failed");
            LOG.warn("helper {} could not begin; its connection goes on unread", helper.name(), e);
            switchOffBroken(helper);
        }
    }

    /**
     * From now on these read new connections. Those that are being read go on with the helper they have, unless it came in a jar:
     * then they go on unread.
     */
    public void replace(List<ActiveHelper> next) {
        List<ActiveHelper> before = active;
        active = next.stream().map(this::countingOn).toList();
        before.stream().filter(ActiveHelper::isFromJar).forEach(this::retire);
        switchedOff.retainAll(active);
    }

    /** @throws IllegalArgumentException when one of that name is active */
    public void add(ActiveHelper helper) {
        if (active.stream().anyMatch(h -> h.name().equals(helper.name()))) {
            throw new IllegalArgumentException(
                    "a helper \"" + helper.name() + "\" is active already; unload it first");
        }
        List<ActiveHelper> more = new ArrayList<>(active);
        more.add(countingOn(helper));
        active = List.copyOf(more);
    }

    private ActiveHelper countingOn(ActiveHelper helper) {
        return helper.countingOn(counts.computeIfAbsent(helper.name(), name -> helper.events()));
    }

    /** Takes one out; its live connections go on as plain flows. @return false when none of that name is active */
    public boolean remove(String name) {
        List<ActiveHelper> gone = active.stream().filter(h -> h.name().equals(name)).toList();
        active = active.stream().filter(h -> !h.name().equals(name)).toList();
        gone.forEach(this::retire);
        switchedOff.retainAll(active);
        return !gone.isEmpty();
    }

    private void retire(ActiveHelper helper) {
        for (ControlSession session : new ArrayList<>(sessions.values())) {
            if (session.helper() == helper) {
                session.detach();
                release(session, switch (session) {
                    case StreamSession s -> s.stream().isTransparent();
                    case DatagramSession d -> d.isDetached();
                });
            }
        }
    }

    /**
     * Takes a packet of a helped flow.
     *
     * @param flow direction it travels in
     * @return whether the caller is to forward the packet itself, as it is
     */
    public boolean onPacket(int flow, Packet p) {
        ControlSession session = sessions.get(flow & ~1);
        if (session == null && flows.is(flow & ~1, Status.PUNTED)) {
            onPunted(flow & ~1);
            return true;
        }
        if (session == null) {
            ledger.drop(DropReason.STREAM);
            return false;
        }
        if (!p.isTransportChecksumRight()) {
            // what goes on gets a checksum of its own, which would make a damaged packet look whole
            ledger.drop(DropReason.TRANSPORT_CHECKSUM);
            return false;
        }
        session.now(now);
        if (tracer.isOn()) {
            tracer.hop(STEP, session.helper().name() + " reads it");
        }
        boolean forwardsItself = show(session, flow, p);
        switchOffBroken(session.helper());
        return forwardsItself;
    }

    /** Nobody reads it: it was shown to the conductor so that its tracker could see where it is. */
    private void onPunted(int flow) {
        if (!flows.is(flow, Status.RESTORED)) {
            flows.unmark(flow, Status.PUNTED);
            flows.helped(flow, false);
        }
    }

    private boolean show(ControlSession session, int flow, Packet p) {
        return switch (session) {
            case StreamSession s -> {
                s.stream().onSegment(flow & 1, p.buffer(), p.ip(), p.l4(), p.end(), now,
                        (direction, packet, ip, length) -> {
                            note(s);
                            output.forward(flow & ~1 | direction, packet, ip, length, p);
                        });
                release(s, s.stream().isTransparent());
                yield false;
            }
            case DatagramSession s -> {
                int length = s.onDatagram(flow & 1, p);
                if (length > 0) {
                    output.forward(flow, edited, 0, length, p);
                }
                release(s, s.isDetached());
                yield length == 0;
            }
        };
    }

    /** What was sent on is never unknown to a later run, so it is said before. */
    private void note(StreamSession s) {
        if (s.hasProgressed()) {
            witness.changed(s.flow());
        }
    }

    /** A helper that has used up its budget reads nothing any more. */
    private void switchOffBroken(ActiveHelper helper) {
        if (helper.problem() != null && !switchedOff.contains(helper)) {
            switchedOff.add(helper);
            helper.count("switched_off");
            LOG.error(
                    "helper {} was switched off: {}; its connections go on unread. Mend it, then: sluice helper unload {}"
                            + " and sluice helper load JAR",
                    helper.name(), helper.problem(), helper.name());
            retire(helper);
        }
    }

    /** @return what a segment acknowledges, in the numbers of the side that is acknowledged: editing may have changed them. */
    public int acknowledgement(int flow, Packet p) {
        int acknowledgement = Tcp.acknowledgement(p.buffer(), p.l4());
        return sessions.get(flow & ~1) instanceof StreamSession s
                ? s.stream().acknowledgement(flow & 1, acknowledgement)
                : acknowledgement;
    }

    /** A connection that needs nobody any more goes back to the fast path. */
    private void release(ControlSession session, boolean isDone) {
        if (isDone) {
            flows.helped(session.flow(), flows.is(session.flow(), Status.PUNTED));
            sessions.remove(session.flow());
            witness.released(session.flow());
        }
    }

    /** The flow has ended. */
    public void detach(int flow) {
        sessions.remove(flow & ~1);
    }

    /** Time of what follows, System.nanoTime. */
    public void now(long now) {
        this.now = now;
    }

    /** To be called several times a second. */
    public void tick(long now) {
        this.now = now;
        for (ControlSession any : new ArrayList<>(sessions.values())) {
            if (any instanceof StreamSession session && session.stream().deadline() != Long.MAX_VALUE
                    && now - session.stream().deadline() >= 0) {
                session.now(now);
                session.stream().onTimer(now, (direction, packet, ip, length) -> {
                    note(session);
                    output.forward(session.flow() | direction, packet, ip, length, null);
                });
                switchOffBroken(session.helper());
            }
        }
        expectations.expire(now);
    }

    /**
     * When the heap stays full, the helper from a jar that has made most objects is switched off, and what it keeps goes.
     *
     * @param max bytes of the heap
     */
    public void onHeap(HeapWatch.Reading heap, long max) {
        if (heap.collection() == collection) {
            return;
        }
        collection = heap.collection();
        full = heap.inUse() > FULL * max ? full + 1 : 0;
        if (full < PATIENCE) {
            return;
        }
        full = 0;
        active.stream().filter(h -> h.problem() == null && h.helper() instanceof FencedHelper)
                .max(Comparator.comparingLong(h -> ((FencedHelper) h.helper()).taken())).ifPresent(greediest -> {
                    FencedHelper fenced = (FencedHelper) greediest.helper();
                    fenced.switchOff(
                            "the gateway's memory is used up, and of all helpers in jars it has made most objects: "
                                    + "%,d MiB since it was loaded".formatted(fenced.taken() >> 20));
                    switchOffBroken(greediest);
                });
    }

    private void count(String helper, ExpectationOutcome outcome) {
        active.stream().filter(h -> h.name().equals(helper)).forEach(h -> h.count(outcome.label()));
    }

    /** @return the helper that reads the flow, or null. */
    public String helperOf(int flow) {
        ControlSession session = sessions.get(flow & ~1);
        return session == null ? null : session.helper().name();
    }

    /** @return control connections that the helper reads. */
    public int sessions(ActiveHelper helper) {
        return (int) sessions.values().stream().filter(s -> s.helper().name().equals(helper.name())).count();
    }

    /** @return those of the configuration. */
    public List<ActiveHelper> active() {
        return active;
    }
}
