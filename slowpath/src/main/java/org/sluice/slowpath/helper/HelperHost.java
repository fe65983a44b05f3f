package org.sluice.slowpath.helper;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.helpers.spi.Transport;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.packet.Packet;

/** Gives the control connections of active helpers their sessions, and the sessions their packets. Conductor. */
public final class HelperHost {
    private static final Logger LOG = LoggerFactory.getLogger(HelperHost.class);
    /** Largest packet made when text grew: fits every Ethernet. */
    private static final int MTU = 1500;

    private final List<ActiveHelper> active;
    private final Flows flows;
    private final ExpectationTable expectations;
    private final MappingTable mappings;
    private final Output output;
    private final Ledger ledger;
    private final Int2ObjectHashMap<ControlSession> sessions = new Int2ObjectHashMap<>();
    private long now;

    /** Where edited packets leave. */
    @FunctionalInterface
    public interface Output {

        /** Translates a packet by its flow and sends it on. @param cause that came in, or null */
        void forward(int flow, DirectBuffer packet, int ip, int length, Packet cause);
    }

    public HelperHost(HelperRegistry registry, Flows flows, ExpectationTable expectations, MappingTable mappings,
            Output output, Ledger ledger) {
        active = registry.active();
        this.flows = flows;
        this.expectations = expectations;
        this.mappings = mappings;
        this.output = output;
        this.ledger = ledger;
    }

    /** Gives a new flow to the helper that watches its destination port, if there is one. */
    public void attach(int flow) {
        if (flows.protocol(flow) != Ipv4.PROTOCOL_TCP) {
            return;
        }
        int port = flows.newDestinationPort(flow);
        for (ActiveHelper helper : active) {
            if (helper.spec().transport() == Transport.TCP && helper.ports().contains(port)) {
                try {
                    sessions.put(flow & ~1, new ControlSession(helper, flow & ~1, flows, expectations, mappings, MTU));
                    flows.helped(flow, true);
                    helper.count("session");
                } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
                    helper.count("failed");
                    LOG.warn("helper {} could not begin; its connection goes on unread", helper.name(), e);
                }
                return;
            }
        }
    }

    /** Takes a packet of a helped flow. @param flow direction it travels in */
    public void onPacket(int flow, Packet p) {
        ControlSession session = sessions.get(flow & ~1);
        if (session == null) {
            ledger.drop(DropReason.STREAM);
            return;
        }
        if (!p.isTransportChecksumRight()) {
            // what goes on gets a checksum of its own, which would make a damaged segment look whole
            ledger.drop(DropReason.TRANSPORT_CHECKSUM);
            return;
        }
        session.now(now);
        session.stream().onSegment(flow & 1, p.buffer(), p.ip(), now, (direction, packet, ip, length) -> output
                .forward(flow & ~1 | direction, packet, ip, length, p));
        release(session);
    }

    /** A connection that needs no correction any more goes back to the fast path. */
    private void release(ControlSession session) {
        if (session.stream().isTransparent()) {
            flows.helped(session.flow(), false);
            sessions.remove(session.flow());
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
        for (ControlSession session : new ArrayList<>(sessions.values())) {
            if (session.stream().deadline() != Long.MAX_VALUE && now - session.stream().deadline() >= 0) {
                session.now(now);
                session.stream().onTimer(now, (direction, packet, ip, length) -> output
                        .forward(session.flow() | direction, packet, ip, length, null));
            }
        }
        for (Expectation e : expectations.expire(now)) {
            count(e, "expired");
        }
    }

    /** The connection that was announced has come. */
    public void fulfilled(Expectation e) {
        count(e, "fulfilled");
    }

    private void count(Expectation e, String outcome) {
        active.stream().filter(h -> h.name().equals(e.helper())).forEach(h -> h.count(outcome));
    }

    /** @return the helper that reads the flow, or null. */
    public String helperOf(int flow) {
        ControlSession session = sessions.get(flow & ~1);
        return session == null ? null : session.helper().name();
    }

    /** @return control connections that the helper reads. */
    public int sessions(ActiveHelper helper) {
        return (int) sessions.values().stream().filter(s -> s.helper() == helper).count();
    }

    /** @return those of the configuration. */
    public List<ActiveHelper> active() {
        return active;
    }
}
