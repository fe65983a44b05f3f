package org.sluice.perf.gen;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.fastpath.port.Port;
import org.sluice.perf.gen.frame.FrameSource;
import org.sluice.perf.gen.frame.Pacer;

/** Sends frames when they are due, in small bursts, and takes what comes back meanwhile. For the station's thread; allocates nothing per frame. */
final class Sender {
    private static final int BURST = 64;
    /** A gap longer than this is slept through but for its end: waking up takes some ten microseconds. */
    private static final long SLEEP = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long AWAKE = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LONGEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(50);

    private final Station station;
    private final Arrivals returning;
    private final Stop stop;
    private final boolean sleeps;

    /**
     * @param returning counts what comes back to the sending device, or is null
     * @param stop ends it early
     * @param sleeps whether it sleeps through short gaps too
     */
    Sender(Station station, Arrivals returning, Stop stop, boolean sleeps) {
        this.station = station;
        this.returning = returning;
        this.stop = stop;
        this.sleeps = sleeps;
    }

    /** @return nanoseconds it took. @param count of frames. @param duration in nanoseconds after which it ends in any case */
    long send(FrameSource frames, Pacer pacer, long count, long duration) {
        Port port = station.port();
        long begin = System.nanoTime();
        long elapsed = 0;
        long sent = 0;
        while (sent < count && elapsed < duration && !stop.isDone()) {
            int due = pacer.due(elapsed, sent, (int) Math.min(BURST, count - sent));
            if (due == 0) {
                station.poll(returning);
                pause(pacer.untilNext(elapsed, sent));
            } else {
                frames.at(elapsed, station.clock().now());
                int taken = 0;
                while (taken < due && frames.transmit(port)) {
                    taken++;
                }
                port.flush();
                sent += taken;
                station.poll(returning);
            }
            long now = System.nanoTime();
            station.maintain(now);
            elapsed = now - begin;
        }
        port.flush();
        return System.nanoTime() - begin;
    }

    private void pause(long nanos) {
        if (sleeps) {
            LockSupport.parkNanos(Math.clamp(nanos, 1, LONGEST_SLEEP));
        } else if (nanos > SLEEP) {
            LockSupport.parkNanos(Math.min(nanos - AWAKE, LONGEST_SLEEP));
        } else {
            Thread.onSpinWait();
        }
    }
}
