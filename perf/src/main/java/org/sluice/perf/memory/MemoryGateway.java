package org.sluice.perf.memory;

import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
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
 * A worker that forwards 60-byte frames of known flows from one port in memory to another: one frame a flow, in no order, again and
 * again. One thread.
 */
public final class MemoryGateway {
    /** Frames that the worker takes from a port at a time. */
    public static final int BURST = 64;

    private static final int FRAME_LENGTH = 60;
    private static final int RING = 1 << 16;
    private static final long INSIDE_MAC = 0x02_00_00_00_00_01L;
    private static final long OUTSIDE_MAC = 0x02_00_00_00_00_02L;
    private static final long HOST_MAC = 0x02_00_00_00_00_0AL;
    private static final long SERVER_MAC = 0x02_00_00_00_00_0BL;

    private final Worker worker;

    /** @param protocol of the flows, UDP or TCP */
    public MemoryGateway(EstablishedFlows established, int protocol) {
        AdjacencyTable adjacencies = new AdjacencyTable(4);
        adjacencies.set(EstablishedFlows.TO_SERVER, EstablishedFlows.OUTSIDE, SERVER_MAC);
        adjacencies.set(EstablishedFlows.TO_HOSTS, EstablishedFlows.INSIDE, HOST_MAC);
        int[] numbers = established.shuffledNumbers();
        MemoryPort inside = new MemoryPort(EstablishedFlows.INSIDE, "inside", INSIDE_MAC, 1_500, numbers.length,
                FRAME_LENGTH);
        MemoryPort outside = new MemoryPort(EstablishedFlows.OUTSIDE, "outside", OUTSIDE_MAC, 1_500, 1, FRAME_LENGTH);
        for (int number : numbers) {
            inside.offer(frame(number, protocol));
        }
        inside.replay();
        outside.countOnly();
        worker = new Worker(new WorkerContext(0, List.of(inside, outside), established.table(), adjacencies, ring(),
                ring(), () -> {}, () -> 0, new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, 2)));
    }

    private static OneToOneRingBuffer ring() {
        return new OneToOneRingBuffer(OffHeap.allocate(RING + RingBufferDescriptor.TRAILER_LENGTH));
    }

    /** @return a frame of a flow, on its way to the server. */
    public static byte[] frame(int number, int protocol) {
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

    /** One duty cycle of the worker, which forwards {@link #BURST} frames. @return the work that the worker says it did. */
    public int forward() {
        return worker.doWork();
    }

    /** @return frames forwarded by the fast path. */
    public long forwarded() {
        return worker.counters().get(WorkerCounter.FAST_FORWARDED);
    }

    /** @throws IllegalStateException when a frame had another fate than to be forwarded by the fast path */
    public void check() {
        long forwarded = forwarded();
        if (forwarded == 0 || forwarded % BURST != 0 || worker.counters().get(WorkerCounter.PUNTED) != 0
                || worker.drops().sum() != 0) {
            throw new IllegalStateException("not every frame was forwarded by the fast path");
        }
    }
}
