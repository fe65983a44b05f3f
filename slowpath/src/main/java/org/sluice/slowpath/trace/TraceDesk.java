package org.sluice.slowpath.trace;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.fastpath.worker.Worker;
import org.sluice.slowpath.view.TraceFeed;

/** Gives out traces, one at a time: each costs the packets that pass meanwhile. Any thread. */
public final class TraceDesk {
    private final Tracer tracer;
    private final List<Worker> workers;
    private final IntFunction<String> ports;
    private final AtomicReference<Trace> running = new AtomicReference<>();

    /** @param tracer of the conductor. @param workers each gets something of its own to write into. @param ports names by index */
    public TraceDesk(Tracer tracer, List<Worker> workers, IntFunction<String> ports) {
        this.tracer = tracer;
        this.workers = workers;
        this.ports = ports;
    }

    /** @throws IllegalStateException when a trace is running */
    public TraceFeed open(TraceFilter filter) {
        Trace[] self = new Trace[1];
        Trace trace = new Trace(filter, workers.size(), ports, () -> close(self[0]));
        self[0] = trace;
        if (!running.compareAndSet(null, trace)) {
            throw new IllegalStateException("another trace is running; end it first");
        }
        tracer.arm(trace);
        for (int i = 0; i < workers.size(); i++) {
            workers.get(i).trace(trace.frames(i));
        }
        return trace;
    }

    private void close(Trace trace) {
        workers.forEach(worker -> worker.trace(null));
        tracer.arm(null);
        running.compareAndSet(trace, null);
    }
}
