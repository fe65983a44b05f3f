package org.sluice.fastpath.worker;

import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.port.Port;

/**
 * What a worker is given.
 *
 * @param index of the worker, from 0
 * @param ports the worker's own, one for each interface of the gateway, each at the position of its index
 * @param flows the shared table; the worker writes only what was seen, of the direction of the packet in hand
 * @param adjacencies the shared next hops; the worker only reads
 * @param puntRing to the conductor; the worker is its only producer
 * @param injectRing from the conductor; the worker is its only consumer
 * @param conductorWakeup called after a burst that punted
 * @param realTime the clock of the ports' time stamps
 * @param latency takes forwarding latencies in nanoseconds, up to {@link #MAX_LATENCY_NS}
 */
public record WorkerContext(int index, List<Port> ports, FlowTable flows, AdjacencyTable adjacencies,
        RingBuffer puntRing,
        RingBuffer injectRing, Runnable conductorWakeup, RealTime realTime, SingleWriterRecorder latency) {

    /** Longer latencies are recorded as this: ten seconds. */
    public static final long MAX_LATENCY_NS = 10_000_000_000L;
}
