package org.sluice.slowpath.conductor;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.fastpath.worker.Worker;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.settings.GatewaySettings;

/**
 * What the slow path is given.
 *
 * @param settings what packets are treated by
 * @param flows shared with the workers
 * @param adjacencies shared with the workers
 * @param workers at least one; all have ports of the same interfaces
 * @param helpers that are active
 * @param random picks ports
 * @param journal takes what becomes of flows; null for none
 */
public record SlowPathContext(GatewaySettings settings, FlowTable flows, AdjacencyTable adjacencies,
        List<WorkerLink> workers, HelperRegistry helpers, RandomGenerator random, Journal journal) {

    /** With one worker. */
    public SlowPathContext(GatewaySettings settings, List<Port> ports, FlowTable flows, AdjacencyTable adjacencies,
            Worker worker, RingBuffer puntRing, RingBuffer injectRing, Runnable workerWakeup,
            SingleWriterRecorder latency, HelperRegistry helpers, RandomGenerator random, Journal journal) {
        this(settings, flows, adjacencies,
                List.of(new WorkerLink(worker, ports, puntRing, injectRing, workerWakeup, latency)), helpers, random,
                journal);
    }

    /** @return the devices as the first worker's ports know them. */
    List<Port> ports() {
        return workers.getFirst().ports();
    }

    /** @return a counter of one interface, all workers together. Any thread. */
    long onPort(int index, PortCounter counter) {
        long sum = 0;
        for (WorkerLink link : workers) {
            sum += link.ports().get(index).counters().get(counter);
        }
        return sum;
    }

    /** @return what all workers together have counted. Any thread. */
    long onWorkers(ToLongFunction<Worker> counter) {
        return workers.stream().map(WorkerLink::worker).mapToLong(counter).sum();
    }

    /** Shares out what one host may have the slow path do, so that all workers together admit no more than one would. Any thread. */
    void puntsPerHost(int perSecond) {
        int each = Math.ceilDiv(perSecond, workers.size());
        workers.forEach(link -> link.worker().puntsPerHost(each));
    }
}
