package org.sluice.perf.gen;

import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.perf.gen.frame.Stamp;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;

/**
 * Counts what of a run arrives. Stamped frames are known by the run's number, and tell their order, loss and latency; of a load without
 * stamps every packet of its protocol counts, of a replay every frame. One thread takes frames; any thread reads the counters.
 */
final class Arrivals implements FrameHandler {
    private static final long LONGEST = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final CounterSet<ArrivalCounter> counters = new CounterSet<>(ArrivalCounter.class);
    private final Histogram latency = new Histogram(1, LONGEST, DIGITS);
    private final Load load;
    private final int protocol;
    private final int run;
    private final SequenceWindows windows;

    private Arrivals(Load load, int run) {
        this.load = load;
        this.run = run;
        protocol = load == null ? 0 : load.protocol().number(load.isIpv6());
        windows = load != null && load.isStamped() ? new SequenceWindows(load.flows()) : null;
    }

    /** @param run that its stamps carry */
    static Arrivals of(Load load, int run) {
        return new Arrivals(load, run);
    }

    /** Counts every frame. */
    static Arrivals ofReplay() {
        return new Arrivals(null, 0);
    }

    @Override
    public void onFrame(DirectBuffer b, int frame, int length, long arrived) {
        if (load != null) {
            int l4 = findTransport(b, frame, length);
            if (l4 < 0 || windows != null && !takeStamp(b, l4, frame + length, arrived)) {
                counters.increment(ArrivalCounter.OTHER);
                return;
            }
        }
        counters.add(ArrivalCounter.BYTES, length);
        counters.increment(ArrivalCounter.RECEIVED);
    }

    /** @return where the transport header of the load's protocol is; -1 when it is another packet. */
    private int findTransport(DirectBuffer b, int frame, int length) {
        int ip = frame + Ethernet.HEADER_LENGTH;
        int header = load.isIpv6() ? Ipv6.HEADER_LENGTH : Ipv4.HEADER_LENGTH;
        if (length < Ethernet.HEADER_LENGTH + header + load.protocol().headerLength()) {
            return -1;
        }
        if (load.isIpv6()) {
            boolean fits = Ethernet.type(b, frame) == Ethernet.TYPE_IPV6 && Ipv6.nextHeader(b, ip) == protocol;
            return fits ? ip + header : -1;
        }
        boolean fits = Ethernet.type(b, frame) == Ethernet.TYPE_IPV4 && Ipv4.protocol(b, ip) == protocol
                && !Ipv4.isFragment(b, ip);
        return fits ? ip + Ipv4.headerLength(b, ip) : -1;
    }

    private boolean takeStamp(DirectBuffer b, int l4, int end, long arrived) {
        if (load.protocol() == Protocol.TCP && l4 + Tcp.HEADER_LENGTH > end) {
            return false;
        }
        int stamp = l4 + (load.protocol() == Protocol.TCP ? Tcp.headerLength(b, l4) : load.protocol().headerLength());
        if (stamp + Stamp.LENGTH > end || Stamp.run(b, stamp) != run || !windows.has(Stamp.flow(b, stamp))) {
            return false;
        }
        switch (windows.take(Stamp.flow(b, stamp), Stamp.sequence(b, stamp))) {
            case DUPLICATE -> counters.increment(ArrivalCounter.DUPLICATES);
            case REORDERED -> counters.increment(ArrivalCounter.REORDERED);
            case IN_ORDER -> {
                // as it should be
            }
        }
        long nanos = arrived - Stamp.time(b, stamp) & Stamp.TIME_MASK;
        // a clock that was set back meanwhile makes a time of three days
        latency.recordValue(Math.clamp(nanos, 1, LONGEST));
        return true;
    }

    /** Any thread. */
    long get(ArrivalCounter counter) {
        return counters.get(counter);
    }

    /** @return how many different frames have come. Any thread. */
    long unique() {
        return get(ArrivalCounter.RECEIVED) - get(ArrivalCounter.DUPLICATES);
    }

    /** @return latencies of stamped frames; null when there were none. After the last frame. */
    Latency latency() {
        return latency.getTotalCount() == 0 ? null : Latency.of(latency);
    }
}
