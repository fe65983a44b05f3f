package org.sluice.mgmt;

import java.security.SecureRandom;
import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.linux.RealTimeClock;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;
import org.sluice.slowpath.conductor.SlowPath;
import org.sluice.slowpath.conductor.SlowPathContext;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.settings.GatewaySettings;

/**
 * Worker and conductor with the tables and rings between them, not yet on threads.
 *
 * @param worker the fast path
 * @param slowPath the conductor and what it knows
 */
record Engine(Worker worker, SlowPath slowPath) {
    private static final int NEIGHBORS = 4096;
    private static final int LATENCY_DIGITS = 3;

    /**
     * @param ports in the order of the settings' interfaces
     * @param ringBytes of the ring each way between worker and conductor, a power of two; its eighth is the longest message
     * @param workerWakeup ends the worker's sleep
     * @param conductorWakeup ends the conductor's sleep
     * @param journal null for none
     */
    static Engine assemble(GatewaySettings settings, List<? extends Port> ports, HelperRegistry helpers, int ringBytes,
            Runnable workerWakeup, Runnable conductorWakeup, Journal journal) {
        SecureRandom random = new SecureRandom();
        FlowTable flows = new FlowTable(settings.capacity(), random);
        AdjacencyTable adjacencies = new AdjacencyTable(NEIGHBORS);
        RingBuffer puntRing = ring(ringBytes);
        RingBuffer injectRing = ring(ringBytes);
        SingleWriterRecorder latency = new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, LATENCY_DIGITS);
        List<Port> all = List.copyOf(ports);
        Worker worker = new Worker(new WorkerContext(0, all, flows, adjacencies, puntRing, injectRing, conductorWakeup,
                new RealTimeClock()::now, latency));
        SlowPath slowPath = new SlowPath(new SlowPathContext(settings, all, flows, adjacencies, worker, puntRing,
                injectRing, workerWakeup, latency, helpers, random, journal));
        slowPath.conductorWakeup(conductorWakeup);
        return new Engine(worker, slowPath);
    }

    private static RingBuffer ring(int bytes) {
        return new OneToOneRingBuffer(OffHeap.allocate(bytes + RingBufferDescriptor.TRAILER_LENGTH));
    }
}
