package org.sluice.perf.suite.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.perf.memory.EstablishedFlows;
import org.sluice.perf.memory.MemoryGateway;

/**
 * Forwards 60-byte frames of known flows in memory for a while. A process of its own, so that each number of flows finds a fresh
 * JVM; prints frames, nanoseconds, and the bytes of memory that the flows took.
 *
 * <pre>
 * FLOWS SECONDS [PROTOCOL]
 * </pre>
 *
 * PROTOCOL is 17, UDP, if not said, or 6, TCP.
 */
public final class ForwardLoop {
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int CYCLES = 100;
    private static final int FIRST_FLOWS = 20_000;
    private static final int PAGE = 4_096;

    private ForwardLoop() {}

    /** See the class comment. */
    public static void main(String[] arguments) throws IOException {
        int flows = Integer.parseInt(arguments[0]);
        long duration = TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[1]));
        int protocol = arguments.length > 2 ? Integer.parseInt(arguments[2]) : Ipv4.PROTOCOL_UDP;
        // what the code takes that makes them is no flow's
        new EstablishedFlows(FIRST_FLOWS, protocol);
        long before = takenBytes();
        EstablishedFlows established = new EstablishedFlows(flows, protocol);
        long taken = takenBytes() - before;
        MemoryGateway gateway = new MemoryGateway(established, protocol);
        forward(gateway, WARM_NANOS);
        long warm = gateway.forwarded();
        long elapsed = forward(gateway, duration);
        gateway.check();
        System.out.println(gateway.forwarded() - warm + " " + elapsed + " " + taken);
    }

    private static long forward(MemoryGateway gateway, long duration) {
        long begin = System.nanoTime();
        long elapsed = 0;
        while (elapsed < duration) {
            for (int i = 0; i < CYCLES; i++) {
                gateway.forward();
            }
            elapsed = System.nanoTime() - begin;
        }
        return elapsed;
    }

    /** @return by what is outside the heap, all of which is resident, and by what lives in it. */
    private static long takenBytes() throws IOException {
        System.gc();
        return residentBytes() + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** @return of this process, from proc(5) statm. */
    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE;
    }
}
