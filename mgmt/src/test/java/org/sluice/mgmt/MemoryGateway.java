package org.sluice.mgmt;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.slowpath.conductor.SlowPath;
import org.sluice.slowpath.conductor.SlowPathContext;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.JournalSettings;
import org.sluice.slowpath.journal.JournalStore;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.view.GatewayView;

/**
 * A real gateway between ports in memory, run by a thread of its own: inside 10.77.0.1/24, outside 198.51.100.1/24, masquerade,
 * ftp. A client, 10.77.0.2, has logged in to an FTP server, 198.51.100.2, and announced the data port 4100.
 */
public final class MemoryGateway implements AutoCloseable {
    /** What it is configured with. */
    public static final String CONFIG = """
            interfaces:
              inside: {device: inside0, addresses: [10.77.0.1/24]}
              outside: {device: outside0, addresses: [198.51.100.1/24]}
            nat: [{kind: masquerade, out: outside}]
            policy: {rules: [{from: inside, to: outside, action: accept}]}
            helpers: [ftp]
            flows: {capacity: 1k}
            management: {listen: "127.0.0.1:0"}
            """;
    private static final int RING = 1 << 20;
    private static final long IDLE_NS = 200_000;
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_0AL;
    private static final long SERVER_MAC = 0x02_00_00_00_00_0BL;
    private static final String CLIENT = "10.77.0.2";
    private static final String SERVER = "198.51.100.2";
    private static final String OUTSIDE = "198.51.100.1";

    private final MemoryPort inside = new MemoryPort(0, "inside", 0x02_00_00_00_00_01L);
    private final MemoryPort outside = new MemoryPort(1, "outside", 0x02_00_00_00_00_02L);
    private final Config config;
    private final SlowPath slowPath;
    private final JournalStore journal;
    private final Thread thread;
    private volatile boolean stopped;

    /** Keeps no journal. */
    public MemoryGateway() {
        this(null);
    }

    /** @param state folder of the journal, of which nothing is written to the disk before the end; null for none */
    public MemoryGateway(Path state) {
        try {
            config = ConfigLoader.parse("memory.yaml", CONFIG).config();
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
        journal = state == null ? null : JournalStore.open(new JournalSettings(state));
        FlowTable flows = new FlowTable(config.gateway().capacity(), new Random(1));
        AdjacencyTable adjacencies = new AdjacencyTable(64);
        List<Port> ports = List.of(inside, outside);
        OneToOneRingBuffer puntRing = ring();
        OneToOneRingBuffer injectRing = ring();
        SingleWriterRecorder latency = new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, 2);
        Worker worker = new Worker(
                new WorkerContext(0, ports, flows, adjacencies, puntRing, injectRing, () -> {}, () -> 0, latency));
        slowPath = new SlowPath(new SlowPathContext(config.gateway(), ports, flows, adjacencies, worker, puntRing,
                injectRing, () -> {}, latency, new HelperRegistry(config.gateway().helpers()), new Random(2),
                journal == null ? null : journal.journal()));
        slowPath.ready(true);
        talk();
        thread = new Thread(() -> run(worker, slowPath.conductor()), "memory-gateway");
        thread.start();
        awaitExpectation();
    }

    private static OneToOneRingBuffer ring() {
        return new OneToOneRingBuffer(OffHeap.allocate(RING + RingBufferDescriptor.TRAILER_LENGTH));
    }

    private void run(Agent worker, Agent conductor) {
        try {
            while (!stopped) {
                if (worker.doWork() + conductor.doWork() == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void talk() {
        inside.offer(arp(CLIENT_MAC, CLIENT, "10.77.0.1"));
        outside.offer(arp(SERVER_MAC, SERVER, OUTSIDE));
    }

    /** Each side speaks when the gateway has passed on what the other said. */
    private void awaitExpectation() {
        client(Tcp.SYN, 100, 0, "");
        pass(outside, 1);
        server(Tcp.SYN | Tcp.ACK, 500, 101, "");
        pass(inside, 1);
        client(Tcp.ACK, 101, 501, "");
        server(Tcp.ACK | Tcp.PSH, 501, 101, "220 hello\r\n");
        pass(inside, 1);
        client(Tcp.ACK | Tcp.PSH, 101, 512, "USER me\r\n");
        client(Tcp.ACK | Tcp.PSH, 110, 512, "PORT 10,77,0,2,16,4\r\n");
        pass(outside, 3);
    }

    private static void pass(MemoryPort port, int frames) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        for (int seen = 0; seen < frames;) {
            byte[] frame = port.take();
            if (frame == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("the gateway passed " + seen + " frames of " + frames);
                }
                LockSupport.parkNanos(IDLE_NS);
            } else if (Ethernet.type(new UnsafeBuffer(frame), 0) == Ethernet.TYPE_IPV4) {
                seen++;
            }
        }
    }

    private void client(int flags, int sequence, int acknowledgement, String text) {
        inside.offer(tcp(inside.macAddress(), CLIENT_MAC, CLIENT, 5000, SERVER, 21, flags, sequence, acknowledgement,
                text));
    }

    private void server(int flags, int sequence, int acknowledgement, String text) {
        outside.offer(tcp(outside.macAddress(), SERVER_MAC, SERVER, 21, OUTSIDE, 5000, flags, sequence,
                acknowledgement, text));
    }

    private static byte[] arp(long mac, String sender, String target) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[60]);
        Ethernet.header(b, 0, Ethernet.BROADCAST, mac, Ethernet.TYPE_ARP);
        Arp.write(b, IP, Arp.REQUEST, mac, Ipv4Address.parse(sender), 0, Ipv4Address.parse(target));
        return b.byteArray();
    }

    private static byte[] tcp(long to, long from, String source, int sourcePort, String destination,
            int destinationPort, int flags, int sequence, int acknowledgement, String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        int length = Tcp.HEADER_LENGTH + payload.length;
        UnsafeBuffer b = new UnsafeBuffer(new byte[L4 + length]);
        Ethernet.header(b, 0, to, from, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(b, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, IP, Ipv4.HEADER_LENGTH + length);
        Ipv4.ttl(b, IP, 64);
        Ipv4.protocol(b, IP, Ipv4.PROTOCOL_TCP);
        Ipv4.source(b, IP, Ipv4Address.parse(source));
        Ipv4.destination(b, IP, Ipv4Address.parse(destination));
        Ipv4.updateChecksum(b, IP);
        Tcp.sourcePort(b, L4, sourcePort);
        Tcp.destinationPort(b, L4, destinationPort);
        Tcp.sequence(b, L4, sequence);
        Tcp.acknowledgement(b, L4, acknowledgement);
        Tcp.headerLength(b, L4, Tcp.HEADER_LENGTH);
        Tcp.flags(b, L4, flags);
        Tcp.window(b, L4, 65535);
        b.putBytes(L4 + Tcp.HEADER_LENGTH, payload);
        Tcp.checksum(b, L4, Checksum.transport(b, IP, L4, length, Ipv4.PROTOCOL_TCP));
        return b.byteArray();
    }

    public Config config() {
        return config;
    }

    public GatewayView view() {
        return slowPath.view();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (journal != null) {
            // or its ring would stay in shared memory for another run
            journal.writer().onClose();
        }
    }
}
