package org.sluice.slowpath.conductor;

import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.worker.Worker;

/**
 * A worker, and what is between it and the conductor.
 *
 * @param worker that forwards
 * @param ports of its own, one for each interface, each at the position of its index
 * @param puntRing from the worker
 * @param injectRing to the worker
 * @param wakeup wakes the worker when it sleeps; cheap when it does not
 * @param latency that the worker records
 */
public record WorkerLink(Worker worker, List<Port> ports, RingBuffer puntRing, RingBuffer injectRing, Runnable wakeup,
        SingleWriterRecorder latency) {}
