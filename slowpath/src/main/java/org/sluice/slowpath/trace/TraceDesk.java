package org.sluice.slowpath.trace;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.sluice.fastpath.trace.FrameTracer;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.slowpath.view.TraceFeed;

/** Gives out traces, one at a time: each costs the packets that pass meanwhile. Any thread. */
public final class TraceDesk {
    private final Tracer tracer;
    private final Consumer<FrameTracer> worker;
    private final IntFunction<String> ports;
    private final AtomicReference<Trace> running = new AtomicReference<>();

    /** @param tracer of the conductor. @param worker takes what it is to write into. @param ports names by index */
    public TraceDesk(Tracer tracer, Consumer<FrameTracer> worker, IntFunction<String> ports) {
        this.tracer = tracer;
        this.worker = worker;
        this.ports = ports;
    }

    /** @throws IllegalStateException when a trace is running */
    public TraceFeed open(TraceFilter filter) {
        Trace[] self = new Trace[1];
        Trace trace = new Trace(filter, ports, () -> close(self[0]));
        self[0] = trace;
        if (!running.compareAndSet(null, trace)) {
            throw new IllegalStateException("another trace is running; end it first");
        }
        tracer.arm(trace);
        worker.accept(trace.frames());
        return trace;
    }

    private void close(Trace trace) {
        worker.accept(null);
        tracer.arm(null);
        running.compareAndSet(trace, null);
    }
}
