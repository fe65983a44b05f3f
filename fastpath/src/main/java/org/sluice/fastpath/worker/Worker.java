package org.sluice.fastpath.worker;

import java.security.SecureRandom;
import java.util.Arrays;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.counter.WorkerCounter;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.BurstLookup;
import org.sluice.fastpath.flow.FlowLayout;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.Rewriter;
import org.sluice.fastpath.flow.SeenTime;
import org.sluice.fastpath.flow.TcpWindow;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.port.FrameBurst;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.trace.FrameTracer;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;

/**
 * The fast path: forwards packets of known flows and gives everything else to the conductor. One thread; nothing it does for
 * a packet allocates, locks, logs or enters the kernel.
 */
public final class Worker implements Agent {
    private static final int BURST = 64;
    private static final int NO_PORT = -1;
    private static final long MAINTENANCE_INTERVAL_NS = 100_000_000;

    private final String roleName;
    private final Port[] ports;
    private final FlowTable flows;
    private final AdjacencyTable adjacencies;
    private final RingBuffer injectRing;
    private final PuntProxy puntProxy;
    private final PuntQuota puntQuota = new PuntQuota(new SecureRandom().nextLong(), System.nanoTime());
    private final Runnable conductorWakeup;
    private final RealTime realTime;
    private final DutyCycle dutyCycle = new DutyCycle();
    private final CounterSet<WorkerCounter> counters = new CounterSet<>(WorkerCounter.class);
    private final CounterSet<DropReason> drops = new CounterSet<>(DropReason.class);
    private final CounterSet<PuntReason> punts = new CounterSet<>(PuntReason.class);
    private final SingleWriterRecorder latency;
    private final MessageHandler injectHandler = this::onInject;
    private final FrameBurst burst = new FrameBurst(BURST);
    private final BurstLookup lookup;
    private final IpParser[] parsers = new IpParser[BURST];
    private final DropReason[] verdicts = new DropReason[BURST];

    /** Armed by management; null when nobody traces. */
    private volatile FrameTracer tracer;
    /** The same, looked at once a burst. */
    private FrameTracer tracing;
    private long now;
    private int seenTime;
    private long nextMaintenance;
    private long firstTimestamp;
    private boolean punted;

    /** @param context with everything filled in */
    public Worker(WorkerContext context) {
        roleName = "worker-" + context.index();
        ports = context.ports().toArray(new Port[0]);
        flows = context.flows();
        adjacencies = context.adjacencies();
        injectRing = context.injectRing();
        puntProxy = new PuntProxy(context.puntRing());
        conductorWakeup = context.conductorWakeup();
        realTime = context.realTime();
        latency = context.latency();
        lookup = new BurstLookup(flows, BURST);
        Arrays.setAll(parsers, i -> new IpParser());
    }

    @Override
    public int doWork() {
        dutyCycle.begin();
        now = System.nanoTime();
        seenTime = SeenTime.of(now);
        tracing = tracer;
        int work = injectRing.read(injectHandler, BURST);
        for (Port port : ports) {
            work += forward(port);
        }
        if (work > 0) {
            finishBurst();
        }
        if (now - nextMaintenance >= 0) {
            nextMaintenance = now + MAINTENANCE_INTERVAL_NS;
            for (Port port : ports) {
                port.maintain();
            }
        }
        dutyCycle.end();
        return work;
    }

    private void finishBurst() {
        for (Port port : ports) {
            port.flush();
        }
        if (punted) {
            punted = false;
            conductorWakeup.run();
        }
        if (firstTimestamp != 0) {
            // one sample a burst: its oldest frame, from the kernel's time stamp until the kernel has it back
            latency.recordValue(Math.clamp(realTime.now() - firstTimestamp, 0, WorkerContext.MAX_LATENCY_NS));
            firstTimestamp = 0;
        }
    }

    /** Every frame's headers are read before the first flow is looked up, and all flows are fetched before the first frame is changed. */
    private int forward(Port port) {
        int count = port.receive(burst);
        if (count == 0) {
            return 0;
        }
        try {
            for (int i = 0; i < count; i++) {
                DropReason verdict = read(port, i);
                if (verdicts[i] != verdict) {
                    // seldom, and to store a reference costs more than to compare it
                    verdicts[i] = verdict;
                }
            }
            lookup.fetch(count);
            int forwarded = 0;
            for (int i = 0; i < count; i++) {
                forwarded += settle(port, i) ? 1 : 0;
            }
            counters.add(WorkerCounter.FORWARDED, forwarded);
            counters.add(WorkerCounter.FAST_FORWARDED, forwarded);
        } finally {
            port.release();
        }
        return count;
    }

    /** @return why frame {@code i} must be dropped, or null */
    private DropReason read(Port port, int i) {
        NativeBuffer b = burst.buffer(i);
        int frame = burst.frame(i);
        int length = burst.length(i);
        if (length < Ethernet.HEADER_LENGTH) {
            return DropReason.TRUNCATED;
        }
        long mac = Ethernet.destination(b, frame);
        if (mac != port.macAddress() && !Ethernet.isGroup(mac)) {
            return DropReason.NOT_FOR_US;
        }
        if (Ethernet.source(b, frame) == port.macAddress()) {
            return DropReason.OWN_MAC;
        }
        int ip = frame + Ethernet.HEADER_LENGTH;
        int available = length - Ethernet.HEADER_LENGTH;
        DropReason malformed;
        switch (Ethernet.type(b, frame)) {
            case Ethernet.TYPE_IPV4 -> malformed = parsers[i].parse(b, ip, available);
            case Ethernet.TYPE_IPV6 -> malformed = parsers[i].parse6(b, ip, available);
            case Ethernet.TYPE_ARP -> {
                parsers[i].arp();
                return null;
            }
            default -> malformed = DropReason.ETHERTYPE;
        }
        if (malformed == null) {
            lookup.hash(i, parsers[i].hash(flows), parsers[i].isIpv6());
        }
        return malformed;
    }

    /** @return whether frame {@code i} is on its way out, for the counters */
    private boolean settle(Port port, int i) {
        DropReason verdict = verdicts[i];
        if (tracing != null) {
            tracing.begin(port.index(), burst.buffer(i), burst.frame(i), burst.length(i), burst.timestamp(i));
        }
        if (verdict != null) {
            drop(verdict);
            return false;
        }
        IpParser parser = parsers[i];
        NativeBuffer b = burst.buffer(i);
        int frame = burst.frame(i);
        if (parser.special() == PuntReason.ARP) {
            punt(PuntReason.ARP, port, parser, FlowTable.NONE, b, frame, burst.length(i), burst.timestamp(i));
            return false;
        }
        return onPacket(port, parser, parser.find(flows, lookup.hash(i), lookup.candidate(i)), b, frame,
                burst.length(i), burst.timestamp(i));
    }

    private boolean onPacket(Port port, IpParser parser, int flow, NativeBuffer b, int frame, int length,
            long timestamp) {
        int ip = frame + Ethernet.HEADER_LENGTH;
        if (tracing != null) {
            tracing.packet(parser.l4() - frame, parser.protocol());
        }
        if (flow == FlowTable.NONE) {
            PuntReason special = parser.special();
            boolean isOrdinary = special == null || special == PuntReason.TCP_STATE || special == PuntReason.SCTP_STATE;
            PuntReason reason = isOrdinary ? PuntReason.NO_FLOW : special;
            punt(reason, port, parser, flow, b, frame, length, timestamp);
            return false;
        }
        long adjacency = adjacencies.get(flows.buffer(flow).getInt(flows.adjacency(flow)));
        PuntReason reason = whyNotFast(port, parser, flow, adjacency, b, frame);
        if (reason != null) {
            punt(reason, port, parser, flow, b, frame, length, timestamp);
            return false;
        }
        Port egress = ports[AdjacencyTable.port(adjacency)];
        if (parser.isIpv6()) {
            Rewriter.rewrite6(b, ip, parser.l4(), VirtioNetHeader.needsChecksum(b, frame), flows, flow);
        } else {
            Rewriter.rewrite(b, ip, parser.l4(), VirtioNetHeader.needsChecksum(b, frame), flows, flow);
        }
        Ethernet.addresses(b, frame, AdjacencyTable.mac(adjacency), egress.macAddress());
        see(flow, parser, b, ip);
        // without Ethernet padding: the next link may need none
        return forward(egress, flow, b, frame, parser.end() - frame, timestamp);
    }

    private PuntReason whyNotFast(Port port, IpParser parser, int flow, long adjacency, NativeBuffer b, int frame) {
        NativeBuffer record = flows.buffer(flow);
        if ((record.getByte(flows.ingress(flow)) & 0xFF) != port.index()) {
            return PuntReason.WRONG_INTERFACE;
        }
        int flags = record.getShortVolatile(flows.flags(flow));
        if ((flags & FlowLayout.HELPED) != 0) {
            return PuntReason.HELPED;
        }
        if (parser.special() != null) {
            return parser.special();
        }
        if ((flags & FlowLayout.OPENING) != 0) {
            return PuntReason.TCP_STATE;
        }
        int ip = frame + Ethernet.HEADER_LENGTH;
        if ((parser.isIpv6() ? Ipv6.hopLimit(b, ip) : Ipv4.ttl(b, ip)) <= 1) {
            return PuntReason.TTL;
        }
        if (!AdjacencyTable.isValid(adjacency)) {
            return PuntReason.NEIGHBOR;
        }
        Port egress = ports[AdjacencyTable.port(adjacency)];
        if (!egress.isUp()) {
            return PuntReason.NEIGHBOR;
        }
        return PacketSize.onLink(b, frame, ip, parser.l4(), parser.end(),
                parser.protocol()) > egress.mtu() ? PuntReason.TOO_BIG : null;
    }

    private void see(int flow, IpParser parser, NativeBuffer b, int ip) {
        NativeBuffer record = flows.buffer(flow);
        int seen = flows.seen(flow);
        long packets = record.getLong(seen + FlowLayout.PACKETS);
        record.putLongRelease(seen + FlowLayout.BYTES, record.getLong(seen + FlowLayout.BYTES) + parser.end() - ip);
        record.putIntRelease(seen + FlowLayout.LAST_SEEN, seenTime);
        if (parser.protocol() == Ipv4.PROTOCOL_TCP) {
            TcpWindow.see(flows, flow, b, parser.l4(), parser.end());
        }
        // last: a reader that sees the first packet counted sees the rest
        record.putLongRelease(seen + FlowLayout.PACKETS, packets + 1);
    }

    private boolean forward(Port egress, int flow, NativeBuffer b, int frame, int length, long timestamp) {
        if (!egress.transmit(b, frame, length)) {
            drop(refusal(egress), flow, egress.index());
            return false;
        }
        if (tracing != null) {
            tracing.forwarded(flow, egress.index(), b, frame, length);
        }
        if (firstTimestamp == 0) {
            firstTimestamp = timestamp;
        }
        return true;
    }

    private void punt(PuntReason reason, Port port, IpParser parser, int flow, NativeBuffer b, int frame, int length,
            long timestamp) {
        if (!reason.isOwed() && !puntQuota.admits(parser.source(), now)) {
            drop(DropReason.PUNT_QUOTA, flow, NO_PORT);
        } else if (puntProxy.punt(reason, port.index(), flow, timestamp, b, frame, length)) {
            punts.increment(reason);
            counters.increment(WorkerCounter.PUNTED);
            punted = true;
        } else {
            drop(DropReason.PUNT_FULL, flow, NO_PORT);
        }
    }

    private static DropReason refusal(Port egress) {
        return egress.isUp() ? DropReason.TX_FULL : DropReason.LINK_DOWN;
    }

    private void drop(DropReason reason) {
        drop(reason, FlowTable.NONE, NO_PORT);
    }

    private void drop(DropReason reason, int flow, int egress) {
        drops.increment(reason);
        if (tracing != null) {
            tracing.dropped(reason, flow, egress);
        }
    }

    private void dropInjected(Port egress, MutableDirectBuffer b, int frame, int length) {
        if (tracing != null) {
            tracing.begin(NO_PORT, b, frame, length, realTime.now());
            int ip = frame + Ethernet.HEADER_LENGTH;
            int available = length - Ethernet.HEADER_LENGTH;
            IpParser injected = parsers[0];
            DropReason malformed = Ethernet.type(b, frame) == Ethernet.TYPE_IPV6
                    ? injected.parse6(b, ip, available)
                    : injected.parse(b, ip, available);
            if (malformed == null) {
                tracing.packet(injected.l4() - frame, injected.protocol());
            }
        }
        drop(refusal(egress), FlowTable.NONE, egress.index());
    }

    private void onInject(int type, MutableDirectBuffer message, int index, int length) {
        Port egress = ports[message.getInt(index + InjectMessage.PORT)];
        int frame = index + InjectMessage.FRAME;
        int frameLength = length - InjectMessage.FRAME;
        if (type == InjectMessage.FORWARD) {
            boolean sent = egress.transmit(message, frame, frameLength);
            counters.increment(WorkerCounter.RESUMED);
            if (sent) {
                counters.increment(WorkerCounter.FORWARDED);
            } else {
                dropInjected(egress, message, frame, frameLength);
            }
        } else {
            boolean sent = egress.originate(message, frame, frameLength);
            counters.increment(sent ? WorkerCounter.ORIGINATED : WorkerCounter.ORIGINATED_LOST);
        }
    }

    @Override
    public void onClose() {
        for (Port port : ports) {
            port.flush();
        }
    }

    @Override
    public String roleName() {
        return roleName;
    }

    /** @param perSecond of one host's packets that may go the slow way; 0 for no limit. Any thread. */
    public void puntsPerHost(int perSecond) {
        puntQuota.limit(perSecond);
    }

    /** @param next writes down what becomes of frames from now on; null for nobody. Any thread. */
    public void trace(FrameTracer next) {
        tracer = next;
    }

    /** @return tells the conductor when a freed record has rested. */
    public DutyCycle dutyCycle() {
        return dutyCycle;
    }

    /** Any thread may read. */
    public CounterSet<WorkerCounter> counters() {
        return counters;
    }

    /** Any thread may read. */
    public CounterSet<DropReason> drops() {
        return drops;
    }

    /** Any thread may read. */
    public CounterSet<PuntReason> punts() {
        return punts;
    }
}
