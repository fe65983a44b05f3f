package org.sluice.slowpath.nat;

import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.Object2IntHashMap;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.PolicySettings.PortRange;

/** The ports of one outside address and protocol, who has them, and who had them lately. Conductor. */
final class OutsidePool {
    private static final int END = 1 << 16;

    private final IpAddress address;
    private final int protocol;
    private final PortPool ports;
    private boolean overflowed;
    /** Those that serve their inside endpoint toward every destination. */
    private final InsideIndex byInside;
    private final Int2ObjectHashMap<Mapping> byPort = new Int2ObjectHashMap<>();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    private final Int2ObjectHashMap<Resting> restingByPort = new Int2ObjectHashMap<>();

    /** Ports that port forwards have, and the inside endpoints that these lead to. */
    private final Object2IntHashMap<Inside> forwards = new Object2IntHashMap<>(0);
    private final IntHashSet forwarded = new IntHashSet();

    private record Resting(int port, Inside owner, long until) {}

    /** @param random as for {@link InsideIndex} */
    OutsidePool(IpAddress address, int protocol, RandomGenerator random) {
        byInside = new InsideIndex(random);
        this.address = address;
        this.protocol = protocol;
        ports = switch (protocol) {
            case Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMP -> new PortPool(0, false);
            // call IDs of PPTP; 0 means none to some
            case Ipv4.PROTOCOL_GRE -> new PortPool(1, false);
            default -> new PortPool(1, true);
        };
    }

    IpAddress address() {
        return address;
    }

    int protocol() {
        return protocol;
    }

    PortPool ports() {
        return ports;
    }

    /** @return whether an endpoint ever found no free port here, and so may have a mapping elsewhere. */
    boolean hasOverflowed() {
        return overflowed;
    }

    void overflow() {
        overflowed = true;
    }

    Mapping find(IpAddress insideAddress, int insidePort) {
        return byInside.find(insideAddress, insidePort);
    }

    /** @return the mapping that has the outside port, or null. */
    Mapping atPort(int port) {
        return byPort.get(port);
    }

    /**
     * Takes a port for an inside endpoint, its own where that is free and rests for nobody else.
     *
     * @param range that it must be in; null for any of its class
     * @return -1 when none is free
     */
    int take(IpAddress insideAddress, int insidePort, PortRange range, long now, RandomGenerator random) {
        wake(now);
        Resting last = restingByPort.get(insidePort);
        boolean keeps = last == null || last.owner.equals(new Inside(insideAddress, insidePort));
        return range == null
                ? ports.takeLike(insidePort, 0, END, keeps, random)
                : ports.takeLike(insidePort, range.first(), range.last() + 1, keeps, random);
    }

    /** Takes two neighbouring ports for an inside port and the one behind it. @return the even one, or -1 when there are none */
    int takePair(IpAddress insideAddress, int even, long now, RandomGenerator random) {
        wake(now);
        for (int port = even; port <= even + 1; port++) {
            Resting last = restingByPort.get(port);
            if (last != null && last.owner.equals(new Inside(insideAddress, port))) {
                ports.rest(port, false);
            }
        }
        return ports.takePairLike(even, random);
    }

    /** Ends the rest of ports whose time is over. */
    private void wake(long now) {
        while (!resting.isEmpty() && resting.getFirst().until - now <= 0) {
            Resting first = resting.removeFirst();
            // it may have been taken and given back since
            if (restingByPort.remove(first.port, first)) {
                ports.rest(first.port, false);
            }
        }
    }

    /** @param isShared whether it serves its inside endpoint toward every destination */
    void add(Mapping mapping, boolean isShared) {
        byPort.put(mapping.outsidePort(), mapping);
        if (isShared) {
            byInside.add(mapping);
        }
    }

    /** Gives the port back. @param until when it rests, System.nanoTime; at once over when it isn't later than now */
    void remove(Mapping mapping, long now, long until) {
        byInside.remove(mapping);
        byPort.remove(mapping.outsidePort(), mapping);
        if (forwarded.contains(mapping.outsidePort())) {
            return;
        }
        ports.release(mapping.outsidePort());
        if (until - now > 0) {
            Resting rest = new Resting(mapping.outsidePort(), new Inside(mapping.insideAddress(), mapping.insidePort()),
                    until);
            resting.addLast(rest);
            restingByPort.put(rest.port, rest);
            ports.rest(rest.port, true);
        }
    }

    /** @return whether a port forward has the port. */
    boolean isForwarded(int port) {
        return forwarded.contains(port);
    }

    /** See {@link MappingTable#forward}. */
    void forward(int port, IpAddress insideAddress, int insidePort) {
        forwarded.add(port);
        ports.take(port);
        // of several forwards to one endpoint the first is what it is known by
        if (forwardedPort(insideAddress, insidePort) == 0) {
            forwards.put(new Inside(insideAddress, insidePort), port);
        }
    }

    /** @return the outside port of a port forward that leads to the inside endpoint, or 0. */
    int forwardedPort(IpAddress insideAddress, int insidePort) {
        return forwards.isEmpty() ? 0 : forwards.getValue(new Inside(insideAddress, insidePort));
    }

    /** Gives back the ports of port forwards; who has one of them keeps it. */
    void clearForwards() {
        forwarded.forEach(port -> {
            if (atPort(port) == null) {
                ports.release(port);
            }
        });
        forwarded.clear();
        forwards.clear();
    }

}
