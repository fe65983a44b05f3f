package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.counter.WorkerCounter;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Udp;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.view.Meter;

/**
 * Two workers and the conductor, each on a thread of its own, and many masqueraded flows whose directions are dealt out among the
 * workers at random, as a hash of packets that are translated on the way would do it. Nothing is lost, doubled or overtaken.
 */
@Timeout(60)
class TwoWorkersTest {
    private static final int WORKERS = 2;
    private static final int FLOWS = 64;
    private static final int PACKETS = 300;
    /** Fewer than a port holds. */
    private static final int ON_THEIR_WAY = 256;
    private static final int RING = 1 << 20;
    private static final int FIRST_PORT = 20_000;
    private static final int SERVER_PORT = 9;
    private static final int PAYLOAD = Frames.IP + Ipv4.HEADER_LENGTH + Udp.HEADER_LENGTH;

    private final List<MemoryPort> inside = new ArrayList<>();
    private final List<MemoryPort> outside = new ArrayList<>();
    private final List<WorkerLink> links = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final int[] sent = new int[FLOWS];
    private final int[] arrived = new int[FLOWS];
    private final int[] answered = new int[FLOWS];
    private SlowPath slowPath;
    private volatile boolean isOver;

    @BeforeEach
    void start() {
        GatewaySettings settings = new GatewaySettings(
                List.of(iface("inside", "10.77.0.1/24"), iface("outside", "198.51.100.1/24")), List.of(),
                List.of(new NatSettings.Masquerade("outside")),
                new PolicySettings(Action.DROP,
                        List.of(new Rule("inside", "outside", Set.of(), List.of(), Action.ACCEPT))),
                List.of(), 1_000, Map.of());
        FlowTable flows = new FlowTable(1_000, new Random(1));
        AdjacencyTable adjacencies = new AdjacencyTable(64);
        for (int i = 0; i < WORKERS; i++) {
            inside.add(new MemoryPort(0, "inside", GATEWAY_INSIDE));
            outside.add(new MemoryPort(1, "outside", GATEWAY_OUTSIDE));
            List<Port> ports = List.of(inside.get(i), outside.get(i));
            OneToOneRingBuffer punts = ring();
            OneToOneRingBuffer injects = ring();
            SingleWriterRecorder latency = new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, 2);
            Worker worker = new Worker(
                    new WorkerContext(i, ports, flows, adjacencies, punts, injects, () -> {}, () -> 0, latency));
            links.add(new WorkerLink(worker, ports, punts, injects, () -> {}, latency));
        }
        slowPath = new SlowPath(new SlowPathContext(settings, flows, adjacencies, links,
                new HelperRegistry(List.of()), new Random(2), null));
        links.forEach(link -> run(link.worker()));
        run(slowPath.conductor());
    }

    private static InterfaceSettings iface(String name, String prefix) {
        return new InterfaceSettings(name, name + "0", InterfaceSettings.Driver.AF_PACKET,
                List.of(IpPrefix.parse(prefix)), name, 0);
    }

    private static OneToOneRingBuffer ring() {
        return new OneToOneRingBuffer(OffHeap.allocate(RING + RingBufferDescriptor.TRAILER_LENGTH));
    }

    private void run(Agent agent) {
        Thread thread = new Thread(() -> {
            try {
                while (!isOver) {
                    if (agent.doWork() == 0) {
                        Thread.yield();
                    }
                }
            } catch (Exception | AssertionError e) {
                failure.compareAndSet(null, e);
            }
        }, agent.roleName());
        thread.start();
        threads.add(thread);
    }

    @AfterEach
    void stop() throws InterruptedException {
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldNeitherLoseNorDoubleNorReorderWhatDifferentWorkersDealWith(long seed) {
        Random random = new Random(seed);
        int[] workerOut = random.ints(FLOWS, 0, WORKERS).toArray();
        int[] workerBack = random.ints(FLOWS, 0, WORKERS).toArray();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        int done = 0;
        while (done < FLOWS * PACKETS) {
            assertThat(System.nanoTime() - deadline).as("%d of %d answers have come", done, FLOWS * PACKETS)
                    .isNegative();
            send(random.nextInt(FLOWS), done, workerOut);
            for (int worker = 0; worker < WORKERS; worker++) {
                serve(outside.get(worker), workerBack);
                done += receive(inside.get(worker));
            }
        }

        assertThat(links).allSatisfy(link -> assertThat(link.worker().counters().get(WorkerCounter.FAST_FORWARDED))
                .as(link.worker().roleName()).isPositive());
        awaitSums(deadline);
    }

    /** The second packet of a flow goes when the first one was answered: until then the conductor decides about all of them. */
    private void send(int flow, int done, int[] worker) {
        int all = 0;
        for (int count : sent) {
            all += count;
        }
        boolean mayGo = sent[flow] == 0 || answered[flow] > 0 && sent[flow] < PACKETS;
        if (mayGo && all - done < ON_THEIR_WAY) {
            assertThat(inside.get(worker[flow]).offer(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.2",
                    FIRST_PORT + flow, SERVER, SERVER_PORT, payload(flow, sent[flow])))).isTrue();
            sent[flow]++;
        }
    }

    private static String payload(int flow, int number) {
        return "%04d%06d".formatted(flow, number);
    }

    /** The server's answer is what it was asked. */
    private void serve(MemoryPort port, int[] worker) {
        for (byte[] frame = port.take(); frame != null; frame = port.take()) {
            UnsafeBuffer b = new UnsafeBuffer(frame);
            if (!answeredArp(port, b, SERVER_MAC)) {
                int flow = flow(b);
                assertThat(number(b)).as("flow %d on its way out", flow).isEqualTo(arrived[flow]++);
                assertThat(outside.get(worker[flow]).offer(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, SERVER_PORT,
                        Ipv4Address.format(Ipv4.source(b, Frames.IP)), Udp.sourcePort(b, Frames.l4(b)),
                        payload(flow, number(b))))).isTrue();
            }
        }
    }

    private int receive(MemoryPort port) {
        int count = 0;
        for (byte[] frame = port.take(); frame != null; frame = port.take()) {
            UnsafeBuffer b = new UnsafeBuffer(frame);
            if (!answeredArp(port, b, CLIENT_MAC)) {
                int flow = flow(b);
                assertThat(number(b)).as("flow %d on its way back", flow).isEqualTo(answered[flow]++);
                assertThat(Udp.destinationPort(b, Frames.l4(b))).isEqualTo(FIRST_PORT + flow);
                count++;
            }
        }
        return count;
    }

    private static boolean answeredArp(MemoryPort port, UnsafeBuffer b, long host) {
        if (Ethernet.type(b, 0) != Ethernet.TYPE_ARP) {
            return false;
        }
        if (Arp.operation(b, Frames.IP) == Arp.REQUEST
                && Arp.targetIp(b, Frames.IP) != Arp.senderIp(b, Frames.IP)) {
            assertThat(port.offer(Frames.arp(port.macAddress(), host, Arp.REPLY,
                    Ipv4Address.format(Arp.targetIp(b, Frames.IP)),
                    Ipv4Address.format(Arp.senderIp(b, Frames.IP))))).isTrue();
        }
        return true;
    }

    private static int flow(UnsafeBuffer b) {
        return b.parseNaturalIntAscii(PAYLOAD, 4);
    }

    private static int number(UnsafeBuffer b) {
        return b.parseNaturalIntAscii(PAYLOAD + 4, 6);
    }

    private long meter(String name) {
        return slowPath.view().meters().stream().filter(m -> m.name().equals(name)).map(Meter::value)
                .mapToLong(v -> (long) v.getAsDouble()).sum();
    }

    /** The last packet has come, and may not have been counted everywhere yet. */
    private void awaitSums(long deadline) {
        while (meter("sluice_rx_packets") != meter("sluice_forwarded_packets") + meter("sluice_delivered_packets")
                + meter("sluice_drops") || meter("sluice_held_packets") != 0
                || meter("sluice_forwarded_packets") != 2L * FLOWS * PACKETS) {
            assertThat(System.nanoTime() - deadline)
                    .withFailMessage(
                            () -> "the sums differ: received %d, forwarded %d, delivered %d, held %d, dropped %d"
                                    .formatted(meter("sluice_rx_packets"), meter("sluice_forwarded_packets"),
                                            meter("sluice_delivered_packets"), meter("sluice_held_packets"),
                                            meter("sluice_drops")))
                    .isNegative();
            Thread.yield();
        }
        assertThat(meter("sluice_fastpath_packets")).isGreaterThan(2L * FLOWS * (PACKETS - 2));
        assertThat(meter("sluice_drops")).isZero();
    }
}
