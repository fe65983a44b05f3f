package org.sluice.perf.gen;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.perf.gen.frame.CapturedFrames;
import org.sluice.perf.gen.frame.Pacer;
import org.sluice.perf.gen.frame.SyntheticFrames;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;

/**
 * A device that sends and one that receives, which may be the same; each has a thread of its own. They answer ARP and neighbour discovery
 * for the load's addresses while a run lasts. Runs follow each other; {@link #stop} is for any thread, the rest for one.
 */
public final class Generator implements AutoCloseable {
    /** What has not come this long after the last frame that did is lost. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(1);
    /** Longer than between two frames of any load worth measuring, so that none waits for the sink to wake up. */
    private static final long SPIN = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ETHERNET = 14;

    private final Station source;
    private final Station sink;
    private long sinkSpin = SPIN;
    private volatile Stop current = new Stop();

    private Generator(Station source, Station sink) {
        this.source = source;
        this.sink = sink;
    }

    /**
     * @param device that sends
     * @param sink that receives; null when what is sent comes back to the device itself, as the answers to echo requests do
     * @throws RuntimeException that says why a device can't be had; root is needed
     */
    public static Generator open(Attachment device, Attachment sink) {
        Station source = Station.open(device);
        try {
            return new Generator(source, sink == null ? source : Station.open(sink));
        } catch (RuntimeException e) {
            CloseHelper.quietClose(source);
            throw e;
        }
    }

    /**
     * Has the sink sleep whenever nothing has come, and so leave the processor to what is measured. Over AF_PACKET that doesn't make
     * latencies longer, because the kernel writes down when a frame arrived.
     */
    public void letSinkSleep() {
        sinkSpin = 0;
    }

    /**
     * Sends a load to the neighbour that has the load's first destination.
     *
     * @see #run(Load, InetAddress)
     */
    public Result run(Load load) {
        return run(load, load.to().addresses().first());
    }

    /**
     * Sends a load and waits for what arrives.
     *
     * @param gateway neighbour that gets the frames
     * @throws IllegalStateException when the neighbour doesn't answer, or a device goes down
     * @throws IllegalArgumentException when a frame would be too large for the device
     */
    public Result run(Load load, InetAddress gateway) {
        return run(load, gateway, 0);
    }

    /** @param mac Ethernet address, in the lower 48 bits, of the neighbour that gets the frames. @see #run(Load, InetAddress) */
    public Result run(Load load, long mac) {
        return run(load, null, mac);
    }

    /**
     * Sends a load, and leaves it to others to count what arrives.
     *
     * @param mac Ethernet address, in the lower 48 bits, of the neighbour that gets the frames
     * @param sleeps whether the sender sleeps between bursts of a rate, and so leaves the processor to others, where it would spin to keep
     *        exactly to its times
     */
    public Sent send(Load load, long mac, boolean sleeps) {
        demandFits(load);
        Stop stop = new Stop();
        current = stop;
        Result.Mark before = mark();
        long nanos = Station.await(source.start(() -> {
            source.answerFor(load.from().addresses());
            SyntheticFrames frames = new SyntheticFrames(load, mac, source.port().macAddress(), newRun());
            long took = new Sender(source, null, stop, sleeps).send(frames, pacer(load), count(load),
                    load.duration().toNanos());
            source.port().maintain();
            return took;
        }));
        return new Sent(since(before).sent(), nanos);
    }

    private static int newRun() {
        return ThreadLocalRandom.current().nextInt();
    }

    private static Pacer pacer(Load load) {
        return Pacer.steady(load.rate().packetsPerSecond(load.sizes().mean()));
    }

    private static long count(Load load) {
        return load.count() == 0 ? Long.MAX_VALUE : load.count();
    }

    private void demandFits(Load load) {
        int mtu = source.port().mtu();
        int largest = mtu + ETHERNET + FrameSizes.CHECK_SEQUENCE;
        if (load.sizes().largest() > largest) {
            throw new IllegalArgumentException("frames of " + load.sizes().largest() + " bytes are too large for "
                    + source.port().device() + ", whose MTU is " + mtu + "; the largest size is " + largest);
        }
    }

    private Result run(Load load, InetAddress gateway, long mac) {
        demandFits(load);
        int run = newRun();
        Arrivals arrivals = Arrivals.of(load, run);
        return run(arrivals, () -> sink.answerFor(load.to().addresses()), stop -> {
            source.answerFor(load.from().addresses());
            long to = gateway == null ? mac : source.resolve(gateway);
            SyntheticFrames frames = new SyntheticFrames(load, to, source.port().macAddress(), run);
            return new Sender(source, isOwnSink() ? arrivals : null, stop, false).send(frames, pacer(load),
                    count(load), load.duration().toNanos());
        });
    }

    /**
     * Sends the frames of a capture, every frame that comes to the sink counting as received.
     *
     * @param replay what is sent
     * @throws IOException when the file can't be read
     * @throws IllegalStateException when the gateway doesn't answer, or a device goes down
     */
    public Result replay(Replay replay) throws IOException {
        CapturedFrames frames = new CapturedFrames(replay.file(), source.port().mtu() + ETHERNET, replay.loops());
        Arrivals arrivals = Arrivals.ofReplay();
        long count = replay.count() == 0 ? frames.size() : Math.min(replay.count(), frames.size());
        Pacer pacer = replay.rate() == null
                ? new Pacer(number -> (long) (frames.due(number) / replay.speed()))
                : Pacer.steady(replay.rate().packetsPerSecond(frames.mean() + FrameSizes.CHECK_SEQUENCE));
        return run(arrivals, sink::answerForItself, stop -> {
            if (!isOwnSink()) {
                source.answerForItself();
            }
            if (replay.mac() != 0) {
                frames.address(replay.mac(), source.port().macAddress());
            }
            return new Sender(source, isOwnSink() ? arrivals : null, stop, false).send(frames, pacer, count,
                    replay.duration().toNanos());
        }).leftOut(frames.leftOut());
    }

    private boolean isOwnSink() {
        return sink == source;
    }

    /** What the sending thread does. @see Sender */
    private interface Sending {
        long send(Stop stop);
    }

    private Result run(Arrivals arrivals, Runnable preparesSink, Sending sending) {
        Stop stop = new Stop();
        Stop sinkStop = new Stop();
        current = stop;
        long missedBefore = sink.counters().get(PortCounter.RX_MISSED);
        Result.Mark before = mark();
        Future<Object> listening = isOwnSink() ? null : sink.start(() -> {
            preparesSink.run();
            sink.listen(arrivals, sinkStop, sinkSpin);
            return null;
        });
        try {
            long nanos = Station.await(source.start(() -> {
                long took = sending.send(stop);
                drain(arrivals, before, stop);
                return took;
            }));
            sinkStop.now();
            if (listening != null) {
                Station.await(listening);
            }
            return Result.of(nanos, since(before), arrivals,
                    sink.counters().get(PortCounter.RX_MISSED) - missedBefore);
        } finally {
            sinkStop.now();
        }
    }

    /** Waits until all has come, or nothing more does. */
    private void drain(Arrivals arrivals, Result.Mark before, Stop stop) {
        long seen = arrivals.get(ArrivalCounter.RECEIVED);
        long end = System.nanoTime() + SILENCE;
        while (arrivals.unique() < since(before).sent() && !stop.isDone() && System.nanoTime() - end < 0) {
            source.maintain(System.nanoTime());
            if (source.poll(isOwnSink() ? arrivals : null) == 0) {
                LockSupport.parkNanos(POLL);
            }
            long now = arrivals.get(ArrivalCounter.RECEIVED);
            if (now != seen) {
                seen = now;
                end = System.nanoTime() + SILENCE;
            }
        }
        source.port().maintain();
    }

    /** What was answered for neighbours is not part of the load. */
    private Result.Mark mark() {
        CounterSet<PortCounter> counters = source.counters();
        return new Result.Mark(
                counters.get(PortCounter.TX_PACKETS) - counters.get(PortCounter.TX_ORIGINATED),
                counters.get(PortCounter.TX_BYTES) - source.ownBytes(),
                counters.get(PortCounter.TX_REJECTED) - counters.get(PortCounter.TX_REJECTED_ORIGINATED));
    }

    private Result.Mark since(Result.Mark before) {
        Result.Mark now = mark();
        return new Result.Mark(now.sent() - before.sent(), now.bytes() - before.bytes(),
                now.refused() - before.refused());
    }

    /** Ends a run early; its result tells what was until then. */
    public void stop() {
        current.now();
    }

    /** Gives the devices back. */
    @Override
    public void close() {
        if (!isOwnSink()) {
            CloseHelper.quietClose(sink);
        }
        source.close();
    }
}
