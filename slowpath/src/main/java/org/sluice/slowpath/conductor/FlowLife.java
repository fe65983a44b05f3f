package org.sluice.slowpath.conductor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.CachedNanoClock;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.worker.DutyCycles;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.FlowTimers;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.HalfOpen;
import org.sluice.slowpath.conntrack.SctpTracker;
import org.sluice.slowpath.conntrack.Status;
import org.sluice.slowpath.conntrack.TcpState;
import org.sluice.slowpath.conntrack.TcpTracker;
import org.sluice.slowpath.icmp.Problem;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.policy.Sources;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.TcpSettings;
import org.sluice.slowpath.settings.Timeout;

/** Birth, idleness and end of flows. Conductor; the counts may be read by any thread. */
final class FlowLife {
    /** How long a removed record rests at least, so that the stores which removed it have been seen everywhere. */
    private static final long REST_NS = 10_000_000;
    /** After a state that the fast path may have moved on from, look again this soon. */
    private static final long LOOK_AGAIN_NS = 1_000_000_000;
    private static final int RECLAIM_LIMIT = 64;
    /** Records that are kept free as long as flows can give way, and the share of the table that they may be at most. */
    private static final int RESERVE = 1_024;
    private static final int RESERVE_SHARE = 16;
    /** How long a side has to have sent alone to be sending again what was lost: three times, from 200 ms doubling (RFC 6298 5). */
    private static final long RETRANSMITTING_NS = 1_400_000_000;

    private final Tables tables;
    private final Flows flows;
    private final NeighborTable neighbors;
    private final DutyCycles workerCycles;
    private final CachedNanoClock clock;
    private final FlowTimers timers;
    private final TcpTracker tracker;
    private final SctpTracker sctp;
    private final HalfOpen halfOpen;
    private final HostQuota quota;
    private TcpSettings tcp;
    private Problem noRoom;
    private final long[] timeouts = new long[Timeout.values().length];
    private final Deque<Resting> resting = new ArrayDeque<>();
    /** Those of this duty cycle. */
    private Resting ending = new Resting();
    private final CounterSet<EndReason> ended = new CounterSet<>(EndReason.class);
    private final FlowCensus census = new FlowCensus();
    private final IntConsumer onEnd;
    private Recorder recorder;

    /** Records whose flows ended in the same duty cycle of the conductor. */
    private static final class Resting {
        private final IntArrayList flows = new IntArrayList();
        /** Noted after the last of them was taken out. */
        private DutyCycles.Moment noted;
        private long until;
    }

    /**
     * @param sources tells hosts apart
     * @param onEnd told of each flow that ends, while its record can still be read
     */
    FlowLife(GatewaySettings settings, Tables tables, Sources sources, NeighborTable neighbors, DutyCycles workerCycles,
            CachedNanoClock clock, IntConsumer onEnd) {
        this.tables = tables;
        flows = tables.flows();
        this.neighbors = neighbors;
        this.workerCycles = workerCycles;
        this.clock = clock;
        this.onEnd = onEnd;
        tables.expectations().calls().flows(this::endCleared);
        timers = new FlowTimers(flows.table().timers(), clock.nanoTime(), this::onTimer);
        tracker = new TcpTracker(flows);
        sctp = new SctpTracker(flows);
        halfOpen = new HalfOpen(flows);
        quota = new HostQuota(flows, sources);
        tcp = settings.tcp();
        settings(settings);
    }

    /** Is told of flows from now on. */
    void recorder(Recorder recorder) {
        this.recorder = recorder;
    }

    /** From now on these apply, to flows that are there when they are looked at next. */
    final void settings(GatewaySettings settings) {
        tcp = settings.tcp();
        quota.limit(settings.host().flows());
        tables.mappings().portsPerHost(settings.host().ports());
        noRoom = switch (settings.host().answer()) {
            case PROHIBITED -> Problem.PROHIBITED;
            case HOST_UNREACHABLE -> Problem.NO_NEIGHBOR;
            case SILENT -> null;
        };
        for (Timeout timeout : Timeout.values()) {
            timeouts[timeout.ordinal()] = settings.timeoutNs(timeout);
        }
        tables.mappings().rest(timeouts[Timeout.NAT_PORT.ordinal()]);
    }

    /**
     * Makes a filled record a flow.
     *
     * @param length of its first packet
     * @return false when the table has no place for it; the record is given back
     */
    boolean begin(int flow, int length) {
        flows.begin(flow, 1, length, clock.nanoTime());
        boolean began = publish(flow);
        if (began) {
            schedule(flow);
        }
        return began;
    }

    /** The same for one that an earlier run had, and counted. */
    boolean restore(int flow) {
        if (!publish(flow)) {
            return false;
        }
        if (flows.protocol(flow) == Ipv4.PROTOCOL_TCP) {
            halfOpen.update(flow);
        }
        schedule(flow);
        return true;
    }

    private boolean publish(int flow) {
        if (!flows.table().publish(flow)) {
            // a worker may have seen one direction of it
            rest(flow);
            return false;
        }
        flows.mark(flow, Status.LIVE);
        quota.begin(flow);
        census.add(flows.protocol(flow), flows.state(flow));
        if (flows.protocol(flow) == Ipv4.PROTOCOL_TCP) {
            halfOpen.begin(flow);
        }
        return true;
    }

    /** Everything about a new flow is known. @return the flow */
    int begun(int flow) {
        if (flow != FlowTable.NONE) {
            recorder.begun(flow);
        }
        return flow;
    }

    /** @return what a host is told for which there is no room; null for nothing */
    Problem noRoom() {
        return noRoom;
    }

    /** @return whether a TCP connection may be picked up in its middle. */
    boolean mayPickUp() {
        return tcp.loose();
    }

    /**
     * Ends a TCP flow that nobody has answered when a new flow needs its place. Its record rests first, so some are kept free.
     *
     * @return why the flow can't begin, or null
     */
    DropReason makeRoom(Packet p) {
        if (!quota.hasRoom(p.source())) {
            return DropReason.HOST_QUOTA;
        }
        if (p.protocol() == Ipv4.PROTOCOL_TCP && halfOpen.count(p.port()) >= tcp.halfOpen()
                && !giveWay(halfOpen.oldestUnanswered(p.port()))) {
            return DropReason.HALF_OPEN;
        }
        FlowTable table = flows.table();
        if (table.size() >= table.capacity() - Math.min(RESERVE, table.capacity() / RESERVE_SHARE)) {
            giveWay(halfOpen.oldestUnansweredAnywhere(p.port()));
        }
        return null;
    }

    private boolean giveWay(int flow) {
        if (flow == FlowTable.NONE) {
            return false;
        }
        end(flow, EndReason.EARLY_DROP);
        return true;
    }

    /** Takes the packet that began a flow into account, which is counted already. The parameters are those of {@link #onPacket}. */
    void onFirstPacket(int flow, Packet p, int acknowledgement) {
        track(flow, p, acknowledgement, /* isCounted= */ true);
    }

    /**
     * Takes a packet of a flow into account.
     *
     * @param acknowledgement TCP: in the numbers of the side that is acknowledged
     * @return why it must go no further, or null
     */
    DropReason onPacket(int flow, Packet p, int acknowledgement) {
        return track(flow, p, acknowledgement, /* isCounted= */ false);
    }

    private DropReason track(int flow, Packet p, int acknowledgement, boolean isCounted) {
        boolean isOpening = flows.table().isOpening(flow);
        if (!isCounted && isOpening) {
            // nothing is refused as long, and afterwards the record is the workers' to count in
            flows.seeSlow(flow, p.end() - p.ip(), clock.nanoTime());
        }
        boolean isTcp = p.protocol() == Ipv4.PROTOCOL_TCP;
        TcpState before = flows.state(flow);
        DropReason refused = isTcp
                ? tracker.onSegment(flow, p.buffer(), p.l4(), p.end(), acknowledgement)
                : null;
        if (refused != null) {
            return refused;
        }
        if (!isCounted && !isOpening) {
            flows.seeSlow(flow, p.end() - p.ip(), clock.nanoTime());
        }
        if (isTcp) {
            noteState(flow, before);
            halfOpen.update(flow);
        } else if (p.protocol() == Ipv4.PROTOCOL_SCTP && sctp.onPacket(flow, p.buffer(), p.l4(), p.end())) {
            schedule(flow);
            recorder.moved(flow);
        }
        return null;
    }

    private void noteState(int flow, TcpState before) {
        TcpState after = flows.state(flow);
        if (after != before) {
            census.move(flows.protocol(flow), before, after);
            halfOpen.update(flow);
            schedule(flow);
            recorder.moved(flow);
        }
    }

    /** Brings a TCP flow's state up to what the fast path has seen. */
    void catchUp(int flow) {
        if (flows.protocol(flow) == Ipv4.PROTOCOL_TCP) {
            TcpState before = flows.state(flow);
            tracker.catchUp(flow);
            noteState(flow, before);
        }
    }

    /** @return whether a SYN of that sequence number, from the side that opened, begins another connection. */
    boolean mayReopen(int flow, int sequence) {
        TcpState before = flows.state(flow);
        boolean may = tracker.mayReopen(flow, sequence);
        noteState(flow, before);
        return may;
    }

    /** @return when the flow ends if nothing more is seen, System.nanoTime. */
    long deadline(int flow) {
        return tables.expectations().keptUntil(flow, flows.lastSeen(flow, clock.nanoTime()) + timeoutNs(flow));
    }

    private long timeoutNs(int flow) {
        long byState = timeouts[timeout(flow).ordinal()];
        if (flows.protocol(flow) != Ipv4.PROTOCOL_TCP) {
            return byState;
        }
        boolean unanswered = flows.state(flow) == TcpState.ESTABLISHED && flows.packets(flow | 1) == 0;
        long shorter = unanswered ? timeouts[Timeout.TCP_UNACKNOWLEDGED.ordinal()] : Long.MAX_VALUE;
        for (int direction = 0; direction < 2; direction++) {
            if (tracker.isUnacknowledged(flow ^ direction)) {
                boolean again = flows.aloneFor(flow ^ direction, clock.nanoTime()) >= RETRANSMITTING_NS;
                Timeout unacknowledged = again ? Timeout.TCP_MAX_RETRANS : Timeout.TCP_UNACKNOWLEDGED;
                shorter = Math.min(shorter, timeouts[unacknowledged.ordinal()]);
            }
        }
        return Math.min(byState, shorter);
    }

    private Timeout timeout(int flow) {
        return switch (flows.protocol(flow)) {
            case Ipv4.PROTOCOL_TCP -> flows.state(flow).timeout();
            case Ipv4.PROTOCOL_UDP -> flows.packets(flow | 1) > 0 ? Timeout.UDP_STREAM : Timeout.UDP;
            case Ipv4.PROTOCOL_ICMP -> FlowKey.isEcho(flows.ports(flow)) ? Timeout.ICMP : Timeout.GENERIC;
            case Ipv6.PROTOCOL_ICMP -> FlowKey.isEcho(flows.ports(flow)) ? Timeout.ICMPV6 : Timeout.GENERIC;
            case Ipv4.PROTOCOL_GRE -> greTimeout(flow);
            case Ipv4.PROTOCOL_SCTP -> SctpTracker.state(flows, flow).timeout();
            default -> Timeout.GENERIC;
        };
    }

    private Timeout greTimeout(int flow) {
        if (!FlowKey.isCall(flows.ports(flow))) {
            return Timeout.GENERIC;
        }
        return flows.packets(flow & ~1) > 0 && flows.packets(flow | 1) > 0 ? Timeout.GRE_STREAM : Timeout.GRE;
    }

    private void schedule(int flow) {
        boolean mayMoveOn = flows.protocol(flow) == Ipv4.PROTOCOL_TCP && switch (flows.state(flow)) {
            case SYN_RECV, FIN_WAIT, CLOSE_WAIT, LAST_ACK -> true;
            default -> false;
        };
        long deadline = Math.min(deadline(flow), clock.nanoTime() + lookAfter(flow));
        timers.set(flow, mayMoveOn ? Math.min(deadline, clock.nanoTime() + LOOK_AGAIN_NS) : deadline);
    }

    /** @return after how long the flow's deadline may have come nearer without the conductor's being told, in ns. */
    private long lookAfter(int flow) {
        long byState = timeouts[timeout(flow).ordinal()];
        return flows.protocol(flow) == Ipv4.PROTOCOL_TCP
                ? Math.min(byState, Math.min(timeouts[Timeout.TCP_MAX_RETRANS.ordinal()],
                        timeouts[Timeout.TCP_UNACKNOWLEDGED.ordinal()]))
                : byState;
    }

    private void onTimer(int flow) {
        catchUp(flow);
        long deadline = deadline(flow);
        if (deadline - clock.nanoTime() <= 0) {
            end(flow, EndReason.TIMEOUT);
        } else {
            // what keeps a control connection may end without its being told
            timers.set(flow, Math.min(deadline, clock.nanoTime() + lookAfter(flow)));
        }
    }

    /** Ends a flow. Its record rests before it is used again. */
    void end(int flow, EndReason reason) {
        int original = flow & ~1;
        catchUp(original);
        recorder.ended(original, reason);
        onEnd.accept(original);
        timers.cancel(original);
        flows.table().unpublish(original);
        census.remove(flows.protocol(original), flows.state(original));
        if (flows.protocol(original) == Ipv4.PROTOCOL_TCP) {
            halfOpen.end(original);
        }
        ended.increment(reason);
        flows.mark(original, Status.ENDED);
        countHosts(original, -1);
        tables.policy().end(original);
        quota.end(original);
        tables.mappings().release(flows.mapping(original));
        tables.mappings().releaseDestination(original);
        neighbors.release(flows.adjacency(original));
        neighbors.release(flows.adjacency(original | 1));
        tables.expectations().removeAllOf(original);
        rest(original);
    }

    private void rest(int flow) {
        ending.flows.addInt(flow);
    }

    /** Counts the flow with its outside host to the mappings it uses, or takes it off. @param change 1 or -1 */
    void countHosts(int flow, int change) {
        int mapping = flows.mapping(flow);
        int destinationMapping = tables.mappings().destinationOf(flow & ~1);
        if (tables.mappings().countsHosts(mapping) || tables.mappings().countsHosts(destinationMapping)) {
            IpAddress source = flows.source(flow & ~1);
            IpAddress destination = flows.newDestination(flow & ~1);
            tables.mappings().count(mapping, source, destination, change);
            tables.mappings().count(destinationMapping, source, destination, change);
        }
    }

    private void endCleared(long addresses, long ports) {
        int flow = flows.table().find(addresses, ports);
        if (flow != FlowTable.NONE) {
            end(flow, EndReason.CLEARED);
        }
    }

    /** @return whether the record is a flow that has not ended. */
    boolean isLive(int flow) {
        return flow >= 2 && flow >>> 1 < flows.table().recordLimit() && flows.is(flow, Status.LIVE)
                && !flows.is(flow, Status.ENDED);
    }

    /** Expires flows and frees records that have rested. @return how much was done */
    int doWork() {
        int work = timers.poll(clock.nanoTime());
        if (!ending.flows.isEmpty()) {
            ending.noted = workerCycles.note();
            ending.until = clock.nanoTime() + REST_NS;
            resting.addLast(ending);
            ending = new Resting();
        }
        return work + reclaim();
    }

    private int reclaim() {
        int reclaimed = 0;
        while (reclaimed < RECLAIM_LIMIT && !resting.isEmpty()) {
            Resting first = resting.getFirst();
            if (clock.nanoTime() - first.until < 0 || !workerCycles.havePassed(first.noted)) {
                break;
            }
            for (; reclaimed < RECLAIM_LIMIT && !first.flows.isEmpty(); reclaimed++) {
                clear(first.flows.popInt());
            }
            if (first.flows.isEmpty()) {
                resting.removeFirst();
            }
        }
        return reclaimed;
    }

    private void clear(int flow) {
        flows.clear(flow);
        flows.table().reclaim(flow);
    }

    FlowCensus census() {
        return census;
    }

    CounterSet<EndReason> ended() {
        return ended;
    }
}
