package org.sluice.perf.gen;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.NetworkNamespace;
import org.sluice.fastpath.linux.RealTimeClock;
import org.sluice.fastpath.port.DevicePort;
import org.sluice.fastpath.port.EpollIdle;
import org.sluice.fastpath.port.FrameBurst;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.perf.gen.load.AddressRange;

/**
 * A device with the thread that owns its port, in the device's network namespace. Everything but {@link #open}, {@link #start} and {@link #close} is
 * for that thread: a task given to {@link #start}.
 */
public final class Station implements AutoCloseable {
    private static final int BURST = 256;
    private static final long MAINTENANCE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE_SECONDS = 5;
    private static final long ASK_AGAIN = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long POLL = TimeUnit.MICROSECONDS.toNanos(100);

    private final Attachment attachment;
    private final ExecutorService thread;
    private final FrameBurst burst = new FrameBurst(BURST);
    private final RealTimeClock clock = new RealTimeClock();
    private DevicePort port;
    private Neighbors neighbors;
    private long maintained;

    private Station(Attachment attachment) {
        this.attachment = attachment;
        thread = Executors
                .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("gen-" + attachment.device()).factory());
    }

    /** @throws RuntimeException that says why the device can't be had */
    public static Station open(Attachment attachment) {
        Station station = new Station(attachment);
        try {
            await(station.start(() -> {
                if (attachment.namespaceFile() != null) {
                    NetworkNamespace.enter(attachment.namespaceFile());
                }
                station.port = attachment.open();
                station.neighbors = new Neighbors(station.port);
                station.awaitUp();
                // the first one loads a library, for which a run's first frames would have to wait
                station.idle(0).close();
                return null;
            }));
            return station;
        } catch (RuntimeException e) {
            station.close();
            throw e;
        }
    }

    /** A device that was just switched on takes a moment, and one of a veth pair waits for the other. */
    private void awaitUp() {
        long begin = System.nanoTime();
        while (!port.isUp()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IllegalStateException(
                        attachment.device() + " is down, or has nothing at its other end; try: ip link set "
                                + attachment.device() + " up");
            }
            LockSupport.parkNanos(MAINTENANCE);
            port.maintain();
        }
    }

    /** Runs a task on the station's thread. */
    public <T> Future<T> start(Callable<T> task) {
        return thread.submit(task);
    }

    /** @return what the task returned. @throws RuntimeException what it threw */
    public static <T> T await(Future<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new CompletionException(e.getCause());
        }
    }

    /** @return the port, whose counters any thread may read. */
    public DevicePort port() {
        return port;
    }

    RealTimeClock clock() {
        return clock;
    }

    /** Answers for addresses from now on. */
    public void answerFor(AddressRange addresses) {
        AddressRange first = attachment.address() == null
                ? new AddressRange(addresses.first(), 1)
                : new AddressRange(attachment.address(), 1);
        neighbors.answerFor(List.of(first, addresses));
    }

    /** Answers for nothing but the address that the device was given, if it was. */
    void answerForItself() {
        neighbors.answerFor(
                attachment.address() == null ? List.of() : List.of(new AddressRange(attachment.address(), 1)));
    }

    /** @return bytes of all that was sent to neighbours about addresses. After the station's thread sent it. */
    long ownBytes() {
        return neighbors.bytes();
    }

    /** Takes the frames that are there. @param handler that gets them, or null. @return how many there were */
    public int poll(FrameHandler handler) {
        int count = port.receive(burst);
        if (count == 0) {
            return 0;
        }
        long now = handler == null ? 0 : clock.now();
        for (int i = 0; i < count; i++) {
            boolean isOurs = neighbors.onFrame(burst.buffer(i), burst.frame(i), burst.length(i));
            if (!isOurs && handler != null) {
                long seen = burst.timestamp(i);
                handler.onFrame(burst.buffer(i), burst.frame(i), burst.length(i), seen == 0 ? now : seen);
            }
        }
        port.release();
        return count;
    }

    /** To be called often; looks after the port several times a second. @throws IllegalStateException when the device went down */
    public void maintain(long now) {
        if (now - maintained >= MAINTENANCE) {
            maintained = now;
            port.maintain();
            if (!port.isUp()) {
                throw new IllegalStateException(attachment.device() + " went down");
            }
        }
    }

    /** @return what waits for frames. @param spin nanoseconds to look for them again and again before it sleeps */
    public EpollIdle idle(long spin) {
        EpollIdle idle = new EpollIdle(spin);
        idle.watch(port);
        return idle;
    }

    /** Takes frames until it is stopped. @param spin see {@link #idle} */
    void listen(Arrivals arrivals, Stop stop, long spin) {
        try (EpollIdle idle = idle(spin)) {
            while (!stop.isDone()) {
                maintain(System.nanoTime());
                idle.idle(poll(arrivals));
            }
        }
        port.maintain();
    }

    /** @return the Ethernet address of a neighbour. @throws IllegalStateException when it doesn't answer */
    long resolve(InetAddress neighbor) {
        long begin = System.nanoTime();
        long next = begin;
        while (neighbors.answer() == 0) {
            long now = System.nanoTime();
            if (now - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IllegalStateException(neighbor.getHostAddress() + " doesn't answer on " + attachment.device()
                        + " within " + PATIENCE_SECONDS
                        + " s; name the next hop with --gateway, by its address or its MAC address");
            }
            if (now >= next) {
                neighbors.ask(neighbor);
                next += ASK_AGAIN;
            }
            if (poll(null) == 0) {
                LockSupport.parkNanos(POLL);
            }
        }
        return neighbors.answer();
    }

    /** @return of the port, to be read by any thread. */
    CounterSet<PortCounter> counters() {
        return port.counters();
    }

    /** Gives the device back. */
    @Override
    public void close() {
        try {
            await(start(() -> {
                if (port != null) {
                    port.close();
                }
                return null;
            }));
        } finally {
            thread.shutdown();
        }
    }
}
