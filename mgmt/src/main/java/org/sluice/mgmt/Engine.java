package org.sluice.mgmt;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.TableMemory;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.linux.RealTimeClock;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;
import org.sluice.slowpath.conductor.SlowPath;
import org.sluice.slowpath.conductor.SlowPathContext;
import org.sluice.slowpath.conductor.WorkerLink;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.settings.GatewaySettings;

/**
 * Workers and conductor with the tables and rings between them, not yet on threads.
 *
 * @param workers the fast path
 * @param slowPath the conductor and what it knows
 * @param memory to run on a thread of its own
 */
record Engine(List<Worker> workers, SlowPath slowPath, TableMemory memory) {
    private static final int NEIGHBORS = 4096;
    private static final int LATENCY_DIGITS = 3;

    /**
     * @param ports of each worker, in the order of the settings' interfaces
     * @param ringBytes of the ring each way between a worker and the conductor, a power of two; its eighth is the longest message
     * @param workerWakeups each ends a worker's sleep
     * @param conductorWakeup ends the conductor's sleep
     * @param journal null for none
     */
    static Engine assemble(GatewaySettings settings, List<? extends List<? extends Port>> ports,
            HelperRegistry helpers, int ringBytes, List<Runnable> workerWakeups, Runnable conductorWakeup,
            Journal journal) {
        SecureRandom random = new SecureRandom();
        FlowTable flows = new FlowTable(settings.capacity(), random);
        AdjacencyTable adjacencies = new AdjacencyTable(NEIGHBORS);
        List<WorkerLink> links = new ArrayList<>();
        List<DirectBuffer> rings = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            List<Port> own = List.copyOf(ports.get(i));
            RingBuffer puntRing = ring(ringBytes);
            RingBuffer injectRing = ring(ringBytes);
            rings.addAll(List.of(puntRing.buffer(), injectRing.buffer()));
            SingleWriterRecorder latency = new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, LATENCY_DIGITS);
            Worker worker = new Worker(new WorkerContext(i, own, flows, adjacencies, puntRing, injectRing,
                    conductorWakeup, new RealTimeClock()::now, latency));
            links.add(new WorkerLink(worker, own, puntRing, injectRing, workerWakeups.get(i), latency));
        }
        SlowPath slowPath = new SlowPath(
                new SlowPathContext(settings, flows, adjacencies, List.copyOf(links), helpers, random, journal));
        slowPath.conductorWakeup(conductorWakeup);
        return new Engine(links.stream().map(WorkerLink::worker).toList(), slowPath,
                new TableMemory(flows, rings));
    }

    private static RingBuffer ring(int bytes) {
        return new OneToOneRingBuffer(OffHeap.allocate(bytes + RingBufferDescriptor.TRAILER_LENGTH));
    }
}
