package org.sluice.slowpath.conductor;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.TcpEvidence;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.helper.SavedSession;
import org.sluice.slowpath.journal.Entry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.route.Interfaces.Iface;

/** Tells the journal what becomes of flows, mappings, expectations and control connections. Does nothing without one. Conductor. */
final class Recorder implements MappingTable.Witness, ExpectationTable.Witness, HelperHost.Witness {
    private static final int INITIAL = 1 << 10;

    private final Journal journal;
    private final Tables tables;
    private final Flows flows;
    private final HelperHost helpers;
    private final CachedNanoClock clock;
    private final TcpEvidence evidence;
    /** By record: milliseconds of the epoch. */
    private long[] begun = new long[INITIAL];

    /** @param journal null for none */
    Recorder(Journal journal, Tables tables, HelperHost helpers, CachedNanoClock clock) {
        this.journal = journal;
        this.tables = tables;
        flows = tables.flows();
        this.helpers = helpers;
        this.clock = clock;
        evidence = new TcpEvidence(flows.table());
    }

    /** From now on everything is told. */
    void listen() {
        if (journal != null) {
            tables.mappings().witness(this);
            tables.expectations().witness(this);
            helpers.witness(this);
        }
    }

    /** Each interface by the number that flows have of it. */
    void interfaces() {
        for (Iface iface : tables.interfaces().all()) {
            journal.log(new Entry.Interface(iface.port(), iface.name()));
        }
    }

    // --- flows

    /** A flow has begun, and all is known of it. */
    void begun(int flow) {
        if (journal != null) {
            begun(flow, System.currentTimeMillis());
            flow(flow);
        }
    }

    /** @param time milliseconds of the epoch when the flow began, maybe in an earlier run */
    void begun(int flow, long time) {
        int index = flow >>> 1;
        if (index >= begun.length) {
            begun = Arrays.copyOf(begun, Math.max(2 * begun.length, index + 1));
        }
        begun[index] = time;
    }

    /** Tells all of a flow, as it is now. */
    void flow(int flow) {
        int original = flow & ~1;
        long ports = ports(original);
        long newPorts = NewFlows.newPorts(ports, flows.newSourcePort(original), flows.newDestinationPort(original));
        journal.log(new Entry.Flow(original, begun[original >>> 1], flows.source(original),
                flows.destination(original), flows.newSource(original), flows.newDestination(original), ports,
                newPorts, flows.ingress(original), flows.ingress(original | 1), flows.mapping(original),
                tables.mappings().destinationOf(original), flows.parent(original), state(original)));
    }

    /** The record's key names one end of a call only. */
    private long ports(int original) {
        long ports = flows.ports(original);
        return FlowKey.isCall(ports)
                ? FlowKey.call(flows.newDestinationPort(original | 1), FlowKey.destinationPort(ports))
                : ports;
    }

    private Entry.FlowState state(int original) {
        return new Entry.FlowState(original, flows.state(original).ordinal(), flows.status(original), way(original),
                way(original | 1));
    }

    private Entry.Way way(int flow) {
        return new Entry.Way(flows.packets(flow), flows.bytes(flow), evidence.scale(flow), evidence.isKnown(flow),
                evidence.sequenceEnd(flow), evidence.acknowledgement(flow), evidence.windowEnd(flow));
    }

    /** A flow's state has changed. */
    void moved(int flow) {
        if (journal != null) {
            journal.log(state(flow & ~1));
        }
    }

    /** A flow ends; its record can still be read. */
    void ended(int flow, EndReason reason) {
        if (journal != null) {
            int original = flow & ~1;
            journal.log(new Entry.FlowEnd(original, reason.ordinal(), flows.packets(original), flows.bytes(original),
                    flows.packets(original | 1), flows.bytes(original | 1)));
        }
    }

    // --- mappings

    @Override
    public void made(Mapping m) {
        journal.log(new Entry.Mapping(m.id(), m.protocol(), m.insideAddress(), m.insidePort(), m.outsideAddress(),
                m.outsidePort(), m.filtering().ordinal(), m.isShared()));
    }

    @Override
    public void gone(Mapping m) {
        journal.log(new Entry.MappingEnd(m.id()));
    }

    // --- expectations and calls

    @Override
    public void expected(Expectation e) {
        Expectation.Lasting lasting = e.lasting();
        journal.log(new Entry.Expectation(key(e), e.helper(), e.realAddress(), e.realPort(), id(e.mapping()),
                epoch(e.deadline()), lasting == null ? "" : lasting.group(), lasting == null ? 0 : lasting.limit(),
                lasting != null && lasting.isFulfilled()));
    }

    @Override
    public void expectedNoMore(Expectation e) {
        journal.log(new Entry.ExpectationEnd(key(e)));
    }

    private static Entry.Expected key(Expectation e) {
        return new Entry.Expected(e.parent(), e.protocol(), e.seenAddress(), e.seenPort(), e.peer());
    }

    @Override
    public void called(Call call) {
        int side = call.end(0) != null && call.end(0).realAddress() == call.opener() ? 0 : 1;
        journal.log(new Entry.Call(call.number(), call.helper(), call.parent(), side, end(call.end(side)),
                end(call.end(side ^ 1)), epoch(call.deadline()), call.isFulfilled()));
    }

    @Override
    public void callOver(Call call) {
        journal.log(new Entry.CallGone(call.number()));
    }

    private static Entry.CallEnd end(Call.End end) {
        return end == null
                ? null
                : new Entry.CallEnd(end.realAddress(), end.seenAddress(), end.callId(), end.seenCallId(),
                        id(end.mapping()));
    }

    private static int id(Mapping mapping) {
        return mapping == null ? 0 : mapping.id();
    }

    private long epoch(long nanoTime) {
        return System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(nanoTime - clock.nanoTime());
    }

    // --- control connections

    @Override
    public void changed(int flow) {
        SavedSession saved = helpers.save(flow);
        if (saved != null) {
            journal.log(new Entry.Session(flow & ~1, saved.helper(), saved.stream(), saved.memory(),
                    saved.canResume()));
        }
    }

    @Override
    public void released(int flow) {
        journal.log(new Entry.SessionEnd(flow & ~1));
    }
}
