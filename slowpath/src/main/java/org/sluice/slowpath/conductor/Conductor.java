package org.sluice.slowpath.conductor;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.worker.PuntMessage;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.fragment.Reassembler;
import org.sluice.slowpath.helper.HeapWatch;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.icmp.IcmpTranslator;
import org.sluice.slowpath.icmp.Problem;
import org.sluice.slowpath.journal.Entry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.trace.Tracer;

/**
 * The slow path: decides about everything that a worker can't decide from a flow's record alone. One thread, and the only writer
 * of every table, so it needs no locks. This class is the dispatcher; the tables own their rules.
 */
public final class Conductor implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    private static final int PUNT_LIMIT = 64;
    private static final long TICK_NS = 100_000_000;
    private static final long MAX_HEAP = Runtime.getRuntime().maxMemory();
    private static final PuntReason[] REASONS = PuntReason.values();
    private static final long LOG_INTERVAL_NS = 10_000_000_000L;

    private final Workers workers;
    private final Tables tables;
    private final Transmitter transmitter;
    private final FlowLife life;
    private final NewFlows newFlows;
    private final IcmpTranslator icmpTranslator;
    private final HelperHost helpers;
    private final Reassembler reassembler = new Reassembler();
    private final CommandQueue commands;
    private final Ledger ledger;
    private final CachedNanoClock clock;
    private final NextHops hops;
    private final Journal journal;
    private final Snapshot snapshot;
    private final Tracer tracer;
    private final FlowStory story;
    private final Packet packet = new Packet();
    private final MessageHandler puntHandler = this::onPunt;
    private long nextTick;
    private long nextErrorLog;

    Conductor(ConductorParts parts) {
        workers = parts.workers();
        tables = parts.tables();
        transmitter = parts.transmitter();
        life = parts.life();
        newFlows = parts.newFlows();
        helpers = parts.helpers();
        commands = parts.commands();
        ledger = parts.ledger();
        clock = parts.clock();
        hops = parts.hops();
        journal = parts.journal();
        tracer = parts.tracer();
        story = parts.story();
        snapshot = journal == null ? null : new Snapshot(journal, tables, parts.recorder(), life::isLive);
        icmpTranslator = new IcmpTranslator(tables.flows(), tables.expectations().calls());
        nextErrorLog = System.nanoTime();
    }

    @Override
    public int doWork() {
        clock.update(System.nanoTime());
        helpers.now(clock.nanoTime());
        int work = workers.poll(puntHandler, PUNT_LIMIT);
        work += commands.drain();
        work += life.doWork();
        if (snapshot != null) {
            work += snapshot.doWork();
        }
        if (clock.nanoTime() - nextTick >= 0) {
            nextTick = clock.nanoTime() + TICK_NS;
            tick();
        }
        workers.flush();
        return work;
    }

    private void tick() {
        long now = clock.nanoTime();
        transmitter.neighbors().tick(now);
        transmitter.discovery().tick(now);
        hops.tick();
        reassembler.expire(now, frames -> ledger.dropHeld(frames, DropReason.FRAGMENT));
        helpers.tick(now);
        helpers.onHeap(HeapWatch.PROCESS.last(), MAX_HEAP);
        if (journal != null) {
            journal.tick();
        }
    }

    /** A packet that makes us fail must not stop the others: it is dropped, counted, and now and then logged. */
    private void onPunt(int type, MutableDirectBuffer b, int index, int length) {
        PuntReason reason = REASONS[type - 1];
        ledger.take();
        tracer.begin(reason, b.getInt(index + PuntMessage.PORT), b, index + PuntMessage.FRAME,
                length - PuntMessage.FRAME, b.getLong(index + PuntMessage.TIMESTAMP));
        try {
            dispatch(reason, b, b.getInt(index + PuntMessage.PORT), index + PuntMessage.FRAME,
                    length - PuntMessage.FRAME);
        } catch (RuntimeException e) {
            ledger.drop(DropReason.INTERNAL);
            logFailure(e);
        }
        ledger.settle();
    }

    private void logFailure(RuntimeException e) {
        if (clock.nanoTime() - nextErrorLog >= 0) {
            nextErrorLog = clock.nanoTime() + LOG_INTERVAL_NS;
            LOG.error("the conductor failed on a packet, which was dropped (reason internal); please report this", e);
        }
    }

    private void dispatch(PuntReason reason, MutableDirectBuffer b, int port, int frame, int length) {
        if (reason == PuntReason.ARP) {
            if (transmitter.neighbors().isSane(port, b, frame, length)) {
                ledger.deliver();
                transmitter.neighbors().onArp(port, b, frame, clock.nanoTime());
            } else {
                ledger.drop(DropReason.ARP_MALFORMED);
            }
        } else if (reason == PuntReason.FRAGMENT) {
            onFragment(b, port, frame, length);
        } else {
            onIp(b, port, frame, length);
        }
    }

    private void onFragment(MutableDirectBuffer b, int port, int frame, int length) {
        DropReason reason = packet.wrap(b, port, frame, length);
        if (reason != null) {
            ledger.drop(reason);
            return;
        }
        switch (reassembler.add(packet, clock.nanoTime())) {
            case Reassembler.Result.Held held -> ledger.hold();
            case Reassembler.Result.Refused refused -> {
                ledger.drop(DropReason.FRAGMENT);
                ledger.dropHeld(refused.waited(), DropReason.FRAGMENT);
            }
            case Reassembler.Result.Whole whole -> {
                ledger.join(whole.waited());
                onIp(whole.buffer(), port, whole.frame(), whole.length());
            }
            case Reassembler.Result.Whole6 whole -> {
                ledger.join(whole.waited());
                reason = packet.wrap(whole.buffer(), port, whole.frame(), whole.length());
                packet.cameIn(whole.pieces());
                onIp(reason);
            }
        }
    }

    private void onIp(MutableDirectBuffer b, int port, int frame, int length) {
        onIp(packet.wrap(b, port, frame, length));
    }

    private void onIp(DropReason malformed) {
        DropReason reason = malformed == null && isDiscovery(packet) ? DropReason.NDP_MALFORMED : malformed;
        if (malformed == null && reason != null && transmitter.discovery().isSane(packet)) {
            ledger.deliver();
            transmitter.discovery().onPacket(packet, clock.nanoTime());
            return;
        }
        if (reason == null) {
            reason = packet.isIpv6() ? whyNotRouted6(packet) : whyNotRouted(packet);
        }
        if (reason != null) {
            ledger.drop(reason);
            return;
        }
        if (packet.isIcmp() && isError(packet)) {
            onIcmpError(packet);
            return;
        }
        int flow = packet.find(tables.flows().table());
        if (flow == FlowTable.NONE) {
            onNewFlow(packet);
        } else {
            onFlow(packet, flow);
        }
    }

    private static boolean isDiscovery(Packet p) {
        return p.isIpv6() && p.isIcmp() && Icmpv6.isDiscovery(Icmp.type(p.buffer(), p.l4()));
    }

    private static boolean isError(Packet p) {
        int type = Icmp.type(p.buffer(), p.l4());
        return p.isIpv6() ? Icmpv6.isError(type) : Icmp.isError(type);
    }

    /** RFC 1812 5.2.2, 5.3.4, 5.3.7, 5.2.4.1: what no router passes on, whatever its rules say. */
    private DropReason whyNotRouted(Packet p) {
        int source = FlowKey.source(p.addresses());
        int destination = FlowKey.destination(p.addresses());
        if (source == destination) {
            return DropReason.LAND;
        }
        int link = tables.interfaces().linkOf(source);
        if (Ipv4Address.isMartianSource(source) || Ipv4Address.isMartianDestination(destination)
                || tables.interfaces().isOwn(source) || tables.interfaces().isLinkBroadcast(source)
                || link >= 0 && link != p.port()) {
            return DropReason.MARTIAN;
        }
        if (p.isLinkGroup() || Ipv4Address.isGroup(destination) || tables.interfaces().isLinkBroadcast(destination)) {
            return DropReason.BROADCAST;
        }
        if (Ipv4Options.hasSourceRoute(p.buffer(), p.ip())) {
            return DropReason.SOURCE_ROUTE;
        }
        return p.protocol() == Ipv4.PROTOCOL_TCP && isBogus(p.tcpFlags()) ? DropReason.TCP_FLAGS : null;
    }

    /** RFC 4291 2.5, 2.7, RFC 5095: the same for IPv6. Link-local addresses are for the gateway itself or stay where they are. */
    private DropReason whyNotRouted6(Packet p) {
        IpAddress source = p.source();
        IpAddress destination = p.destination();
        if (source.equals(destination)) {
            return DropReason.LAND;
        }
        int link = tables.interfaces().linkOf(source);
        if (source.isMartianSource() || destination.isMartianDestination() || tables.interfaces().isOwn(source)
                || link >= 0 && link != p.port()) {
            return DropReason.MARTIAN;
        }
        if (p.isLinkGroup() || destination.isGroup()) {
            return DropReason.BROADCAST;
        }
        if ((source.isLinkLocal() || destination.isLinkLocal()) && !tables.interfaces().isOwn(destination)) {
            return DropReason.MARTIAN;
        }
        if (Ipv6Extensions.hasSourceRoute(p.buffer(), p.ip(), p.l4())) {
            return DropReason.ROUTING_HEADER;
        }
        return p.protocol() == Ipv4.PROTOCOL_TCP && isBogus(p.tcpFlags()) ? DropReason.TCP_FLAGS : null;
    }

    private static boolean isBogus(int flags) {
        int kind = flags & (Tcp.SYN | Tcp.FIN | Tcp.RST);
        return Integer.bitCount(kind) > 1 || kind == 0 && (flags & Tcp.ACK) == 0
                || kind == Tcp.FIN && (flags & Tcp.ACK) == 0;
    }

    private void onNewFlow(Packet p) {
        int flow = newFlows.onPacket(p);
        if (flow != FlowTable.NONE) {
            life.onFirstPacket(flow, p, acknowledgement(flow, p));
            if (p.protocol() != Ipv4.PROTOCOL_TCP || (p.tcpFlags() & Tcp.SYN) != 0) {
                // a helper reads a connection from its first byte on
                helpers.attach(flow);
            }
            forward(p, flow);
        }
    }

    private void onFlow(Packet p, int flow) {
        story.known(flow);
        if (p.port() != tables.flows().ingress(flow)) {
            ledger.drop(DropReason.WRONG_INTERFACE);
            return;
        }
        if (p.protocol() == Ipv4.PROTOCOL_TCP && (p.tcpFlags() & (Tcp.SYN | Tcp.FIN | Tcp.RST)) != 0) {
            if (!p.isTransportChecksumRight()) {
                ledger.drop(DropReason.TRANSPORT_CHECKSUM);
                return;
            }
            if (reopens(p, flow)) {
                life.end(flow, EndReason.REOPENED);
                onNewFlow(p);
                return;
            }
        }
        if (p.ttl() <= 1) {
            ledger.drop(DropReason.TTL);
            transmitter.icmpErrors().send(Problem.HOP_LIMIT, 0, p);
            return;
        }
        DropReason refused = life.onPacket(flow, p, acknowledgement(flow, p));
        if (refused == null) {
            forward(p, flow);
        } else {
            ledger.drop(refused);
        }
    }

    /** RFC 9293 3.6.1: a SYN from the side that opened may reuse the ports of a connection that is over. */
    private boolean reopens(Packet p, int flow) {
        return (flow & 1) == 0 && (p.tcpFlags() & (Tcp.SYN | Tcp.ACK)) == Tcp.SYN
                && life.mayReopen(flow, Tcp.sequence(p.buffer(), p.l4()));
    }

    private int acknowledgement(int flow, Packet p) {
        return p.protocol() == Ipv4.PROTOCOL_TCP ? helpers.acknowledgement(flow, p) : 0;
    }

    private void forward(Packet p, int flow) {
        if (transmitter.refuses(p, flow)) {
            return;
        }
        if (tables.flows().isHelped(flow)) {
            workers.settle(flow);
            if (!helpers.onPacket(flow, p)) {
                return;
            }
        }
        transmitter.forward(p, flow);
    }

    private void onIcmpError(Packet p) {
        if (p.ttl() <= 1) {
            ledger.drop(DropReason.TTL);
            return;
        }
        DropReason reason = icmpTranslator.translate(p);
        if (reason == null) {
            story.quoted(icmpTranslator.flow());
            transmitter.forwardAsIs(icmpTranslator.flow(), icmpTranslator.packet(), 0, icmpTranslator.length());
        } else if (reason == DropReason.NOT_A_FLOW && tables.interfaces().isOwn(p.destination())) {
            // about something the gateway itself sent; nothing to do
            ledger.deliver();
        } else {
            ledger.drop(reason);
        }
    }

    /** Held frames go no further, so that at the end every frame has its fate. */
    @Override
    public void onClose() {
        reassembler.expire(clock.nanoTime() + Long.MAX_VALUE / 2,
                frames -> ledger.dropHeld(frames, DropReason.STOPPING));
        if (journal != null) {
            journal.log(new Entry.Stop());
        }
    }

    @Override
    public String roleName() {
        return "conductor";
    }
}
