package org.sluice.perf.gen.load;

import java.time.Duration;

/**
 * What a generator sends. Made by {@link #between} and the methods that change one thing each.
 *
 * @param protocol over IP
 * @param from sources
 * @param to destinations, of the same family
 * @param sizes of frames
 * @param rate at which they leave
 * @param flows at the same time, from 1; packets take turns
 * @param newFlows a second that take the place of the oldest; 0 for none
 * @param duration after which it ends
 * @param count of frames after which it ends; 0 for no such end
 * @param isStamped whether each frame carries a {@code Stamp}, so that the sink tells loss, order and latency
 * @param isShuffled whether flows take combinations of addresses and ports in pseudorandom order (RFC 9693 4.4), each once, instead of one
 *        after the other
 */
public record Load(Protocol protocol, Endpoints from, Endpoints to, FrameSizes sizes, Rate rate, int flows,
        double newFlows, Duration duration, long count, boolean isStamped,
        boolean isShuffled) {
    /** Bytes of payload that a stamp takes. */
    public static final int STAMP_LENGTH = 18;
    /** For source ports. */
    public static final PortRange UNPRIVILEGED = new PortRange(1_024, 65_535);
    /** For destination ports: discard (RFC 863). */
    public static final PortRange DISCARD = new PortRange(9, 9);

    private static final Duration DURATION = Duration.ofSeconds(10);
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int MOST_FLOWS = 64_000_000;

    /** @throws IllegalArgumentException that says what doesn't fit together */
    public Load {
        if (from.addresses().isIpv6() != to.addresses().isIpv6()) {
            throw new IllegalArgumentException("sources and destinations are of different families: "
                    + from.addresses().first().getHostAddress() + " and " + to.addresses().first().getHostAddress());
        }
        int least = smallest(protocol, from.addresses().isIpv6(), isStamped);
        if (sizes.smallest() < least) {
            throw new IllegalArgumentException(
                    "frames of " + sizes.smallest() + " bytes are too small for these headers"
                            + (isStamped ? " and a stamp" : "") + "; the smallest size is " + least);
        }
        if (flows < 1 || flows > MOST_FLOWS) {
            throw new IllegalArgumentException("flows are from 1 to " + MOST_FLOWS);
        }
        if (newFlows < 0 || count < 0 || duration.isNegative()) {
            throw new IllegalArgumentException("new flows, count and duration can't be negative");
        }
        if (flows > tuples(protocol, from, to)) {
            throw new IllegalArgumentException(flows + " flows differ in an address or a port, and there are only "
                    + tuples(protocol, from, to) + " combinations; widen a range");
        }
    }

    /** UDP of the smallest size, one flow, as fast as possible, 10 s, with stamps. */
    public static Load between(Endpoints from, Endpoints to) {
        FrameSizes sizes = FrameSizes.of(smallest(Protocol.UDP, from.addresses().isIpv6(), true));
        return new Load(Protocol.UDP, from, to, sizes, Rate.MAX, 1, 0, DURATION, 0, true, false);
    }

    /** @return the smallest size of a frame of that kind, check sequence included; a stamp may be in it. */
    public static int smallest(Protocol protocol, boolean isIpv6, boolean isStamped) {
        int headers = ETHERNET + (isIpv6 ? IPV6 : IPV4) + protocol.headerLength();
        return Math.max(FrameSizes.SMALLEST,
                headers + (isStamped ? STAMP_LENGTH : 0) + FrameSizes.CHECK_SEQUENCE);
    }

    /** @return how many combinations of addresses and ports there are. */
    public long tuples() {
        return tuples(protocol, from, to);
    }

    private static long tuples(Protocol protocol, Endpoints from, Endpoints to) {
        double all = (double) from.ports().count() * from.addresses().count() * to.addresses().count()
                * (protocol == Protocol.ICMP ? 1 : to.ports().count());
        return (long) all;
    }

    public boolean isIpv6() {
        return from.addresses().isIpv6();
    }

    public Load protocol(Protocol value) {
        return new Load(value, from, to, sizes, rate, flows, newFlows, duration, count, isStamped, isShuffled);
    }

    public Load sizes(FrameSizes value) {
        return new Load(protocol, from, to, value, rate, flows, newFlows, duration, count, isStamped, isShuffled);
    }

    public Load rate(Rate value) {
        return new Load(protocol, from, to, sizes, value, flows, newFlows, duration, count, isStamped, isShuffled);
    }

    public Load flows(int value) {
        return new Load(protocol, from, to, sizes, rate, value, newFlows, duration, count, isStamped, isShuffled);
    }

    public Load newFlows(double perSecond) {
        return new Load(protocol, from, to, sizes, rate, flows, perSecond, duration, count, isStamped, isShuffled);
    }

    public Load duration(Duration value) {
        return new Load(protocol, from, to, sizes, rate, flows, newFlows, value, count, isStamped, isShuffled);
    }

    public Load count(long frames) {
        return new Load(protocol, from, to, sizes, rate, flows, newFlows, duration, frames, isStamped, isShuffled);
    }

    public Load shuffled(boolean value) {
        return new Load(protocol, from, to, sizes, rate, flows, newFlows, duration, count, isStamped, value);
    }

    public Load stamped(boolean value) {
        return new Load(protocol, from, to, sizes, rate, flows, newFlows, duration, count, value, isShuffled);
    }
}
