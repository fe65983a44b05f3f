package org.sluice.perf.bench;

import java.util.concurrent.TimeUnit;
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
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.perf.memory.EstablishedFlows;
import org.sluice.perf.memory.MemoryGateway;

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
    /** Flows in the table, which is as large as they are many. */
    @Param({"1000", "60000", "1000000"})
    public int flows;

    @Param({"udp", "tcp"})
    public String transport;

    private MemoryGateway gateway;

    @Setup
    public void establish() {
        int protocol = transport.equals("tcp") ? Ipv4.PROTOCOL_TCP : Ipv4.PROTOCOL_UDP;
        gateway = new MemoryGateway(new EstablishedFlows(flows, protocol), protocol);
    }

    @Benchmark
    @OperationsPerInvocation(MemoryGateway.BURST)
    public int forward() {
        return gateway.forward();
    }

    /** A figure about anything else than forwarding is none. */
    @TearDown
    public void check() {
        gateway.check();
    }
}
