package org.sluice.fastpath.port;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Passes every frame from each of two ports to the other, on a thread of its own, as a worker would. */
final class PortBridge implements AutoCloseable {
    private static final int BURST = 64;
    private static final long MAINTENANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int ORDINARY = 1514;

    private final Port one;
    private final Port other;
    private final EpollIdle idle = new EpollIdle();
    private final AtomicLong superFrames = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final Thread thread = new Thread(this::run, "bridge");
    private volatile boolean isRunning = true;
    private volatile RuntimeException failure;

    PortBridge(Port one, Port other) {
        this.one = one;
        this.other = other;
        for (Port port : new Port[]{one, other}) {
            idle.watch(port);
        }
        thread.start();
    }

    /** @return frames longer than an Ethernet frame may be, so far. */
    long superFrames() {
        return superFrames.get();
    }

    long frames() {
        return frames.get();
    }

    private void run() {
        FrameBurst burst = new FrameBurst(BURST);
        FrameHandler toOther = passTo(other);
        FrameHandler toOne = passTo(one);
        try {
            long maintained = System.nanoTime();
            while (isRunning) {
                int work = FrameHandler.receive(one, burst, toOther);
                other.flush();
                work += FrameHandler.receive(other, burst, toOne);
                one.flush();
                if (System.nanoTime() - maintained > MAINTENANCE_NANOS) {
                    maintained = System.nanoTime();
                    one.maintain();
                    other.maintain();
                }
                idle.idle(work);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        idle.close();
    }

    private FrameHandler passTo(Port target) {
        return (buffer, offset, length, timestamp) -> {
            frames.incrementAndGet();
            if (length > ORDINARY && VirtioNetHeader.gsoType(buffer, offset) != VirtioNetHeader.GSO_NONE) {
                superFrames.incrementAndGet();
            }
            target.transmit(buffer, offset, length);
        };
    }

    @Override
    public void close() {
        isRunning = false;
        idle.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        one.close();
        other.close();
        if (failure != null) {
            throw failure;
        }
    }
}
