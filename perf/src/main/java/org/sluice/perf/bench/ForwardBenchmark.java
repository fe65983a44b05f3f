package org.sluice.perf.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sluice.fastpath.counter.WorkerCounter;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;

/**
 * A worker that forwards 60-byte UDP or TCP frames of known flows, one frame a flow in no order, from one port in memory to
 * another.
 * All that the worker does for a packet is in the figure; devices and the kernel are not.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardBenchmark {
    /** Frames that a worker takes from a port at a time. */
    private static final int BURST = 64;
    private static final int FRAME_LENGTH = 60;
    private static final int RING = 1 << 16;
    private static final long INSIDE_MAC = 0x02_00_00_00_00_01L;
    private static final long OUTSIDE_MAC = 0x02_00_00_00_00_02L;
    private static final long HOST_MAC = 0x02_00_00_00_00_0AL;
    private static final long SERVER_MAC = 0x02_00_00_00_00_0BL;

    /** Flows in the table, which is as large as they are many. */
    @Param({"1000", "60000", "1000000"})
    public int flows;

    @Param({"udp", "tcp"})
    public String transport;

    private Worker worker;

    @Setup
    public void establish() {
        EstablishedFlows established = new EstablishedFlows(flows, protocol());
        AdjacencyTable adjacencies = new AdjacencyTable(4);
        adjacencies.set(EstablishedFlows.TO_SERVER, EstablishedFlows.OUTSIDE, SERVER_MAC);
        adjacencies.set(EstablishedFlows.TO_HOSTS, EstablishedFlows.INSIDE, HOST_MAC);
        MemoryPort inside = new MemoryPort(EstablishedFlows.INSIDE, "inside", INSIDE_MAC, 1_500, flows, FRAME_LENGTH);
        MemoryPort outside = new MemoryPort(EstablishedFlows.OUTSIDE, "outside", OUTSIDE_MAC, 1_500, 1, FRAME_LENGTH);
        for (int number : established.shuffledNumbers()) {
            inside.offer(frame(number, protocol()));
        }
        inside.replay();
        outside.countOnly();
        worker = new Worker(new WorkerContext(0, List.of(inside, outside), established.table(), adjacencies, ring(),
                ring(), () -> {}, () -> 0, new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, 2)));
    }

    private static OneToOneRingBuffer ring() {
        return new OneToOneRingBuffer(OffHeap.allocate(RING + RingBufferDescriptor.TRAILER_LENGTH));
    }

    private int protocol() {
        return transport.equals("tcp") ? Ipv4.PROTOCOL_TCP : Ipv4.PROTOCOL_UDP;
    }

    private static byte[] frame(int number, int protocol) {
        int ip = Ethernet.HEADER_LENGTH;
        int l4 = ip + Ipv4.HEADER_LENGTH;
        byte[] frame = new byte[FRAME_LENGTH];
        UnsafeBuffer b = new UnsafeBuffer(frame);
        long addresses = EstablishedFlows.addresses(number);
        long ports = EstablishedFlows.ports(number, protocol);
        Ethernet.header(b, 0, INSIDE_MAC, HOST_MAC, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(b, ip, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, ip, FRAME_LENGTH - ip);
        Ipv4.ttl(b, ip, 64);
        Ipv4.protocol(b, ip, protocol);
        Ipv4.source(b, ip, FlowKey.source(addresses));
        Ipv4.destination(b, ip, FlowKey.destination(addresses));
        Ipv4.updateChecksum(b, ip);
        Udp.sourcePort(b, l4, FlowKey.sourcePort(ports));
        Udp.destinationPort(b, l4, FlowKey.destinationPort(ports));
        if (protocol == Ipv4.PROTOCOL_TCP) {
            Tcp.sequence(b, l4, EstablishedFlows.FIRST_BYTE);
            Tcp.acknowledgement(b, l4, EstablishedFlows.FIRST_BYTE);
            Tcp.headerLength(b, l4, Tcp.HEADER_LENGTH);
            Tcp.flags(b, l4, Tcp.ACK);
            Tcp.window(b, l4, 0xFFFF);
            Tcp.checksum(b, l4, Checksum.transport(b, ip, l4, FRAME_LENGTH - l4, protocol));
        } else {
            Udp.length(b, l4, FRAME_LENGTH - l4);
            Udp.checksum(b, l4, Checksum.transport(b, ip, l4, FRAME_LENGTH - l4, protocol));
        }
        return frame;
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public int forward() {
        return worker.doWork();
    }

    /** A figure about anything else than forwarding is none. */
    @TearDown
    public void check() {
        long forwarded = worker.counters().get(WorkerCounter.FAST_FORWARDED);
        if (forwarded == 0 || forwarded % BURST != 0 || worker.counters().get(WorkerCounter.PUNTED) != 0
                || worker.drops().sum() != 0) {
            throw new IllegalStateException("not every frame was forwarded by the fast path");
        }
    }
}
