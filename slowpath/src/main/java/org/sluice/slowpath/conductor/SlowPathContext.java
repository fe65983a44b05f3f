package org.sluice.slowpath.conductor;

import java.util.List;
import java.util.random.RandomGenerator;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.worker.Worker;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.settings.GatewaySettings;

/**
 * What the slow path is given.
 *
 * @param settings what packets are treated by
 * @param ports each at the position of its index
 * @param flows shared with the worker
 * @param adjacencies shared with the worker
 * @param worker that forwards
 * @param puntRing from the worker
 * @param injectRing to the worker
 * @param workerWakeup wakes the worker when it sleeps
 * @param latency that the worker records
 * @param helpers that are active
 * @param random picks ports
 * @param journal takes what becomes of flows; null for none
 */
public record SlowPathContext(GatewaySettings settings, List<Port> ports, FlowTable flows, AdjacencyTable adjacencies,
        Worker worker, RingBuffer puntRing, RingBuffer injectRing, Runnable workerWakeup, SingleWriterRecorder latency,
        HelperRegistry helpers, RandomGenerator random, Journal journal) {

    /** Without a journal. */
    public SlowPathContext(GatewaySettings settings, List<Port> ports, FlowTable flows, AdjacencyTable adjacencies,
            Worker worker, RingBuffer puntRing, RingBuffer injectRing, Runnable workerWakeup,
            SingleWriterRecorder latency, HelperRegistry helpers, RandomGenerator random) {
        this(settings, ports, flows, adjacencies, worker, puntRing, injectRing, workerWakeup, latency, helpers, random,
                null);
    }
}
