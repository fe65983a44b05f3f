package org.sluice.slowpath.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Longest-prefix routes: for each family one map for each prefix length, the longest asked first. To one prefix there can be several
 * routes that are as good as each other (ECMP, RFC 2992): two hosts always take the same one of those that are usable, and when one
 * fails only what used it moves. Conductor.
 */
public final class RouteTable {
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;

    private final List<Map<IpAddress, List<Route>>> v4 = maps(V4_BITS);
    private final List<Map<IpAddress, List<Route>>> v6 = maps(V6_BITS);
    private Predicate<Route> usable = route -> true;

    private static List<Map<IpAddress, List<Route>>> maps(int bits) {
        List<Map<IpAddress, List<Route>>> maps = new ArrayList<>();
        for (int length = 0; length <= bits; length++) {
            maps.add(new HashMap<>());
        }
        return maps;
    }

    private List<Map<IpAddress, List<Route>>> family(IpAddress address) {
        return address.isV4() ? v4 : v6;
    }

    /** @param test whether the next hop of one of several routes is there; when none is, all are used */
    public void usable(Predicate<Route> test) {
        usable = test;
    }

    /** Adds a route, in the place of those to the same prefix. */
    public void add(Route route) {
        add(List.of(route));
    }

    /** Adds routes to one prefix that are as good as each other, in the place of those to the same prefix. */
    public void add(List<Route> routes) {
        Prefix to = routes.getFirst().to();
        family(to.address()).get(to.length()).put(to.address(), List.copyOf(routes));
    }

    /** Takes out everything. */
    public void clear() {
        v4.forEach(Map::clear);
        v6.forEach(Map::clear);
    }

    /** Takes out the routes to exactly this prefix, if there are any. */
    public void remove(Prefix to) {
        family(to.address()).get(to.length()).remove(to.address());
    }

    private List<Route> best(IpAddress destination) {
        List<Map<IpAddress, List<Route>>> byLength = family(destination);
        for (int length = byLength.size() - 1; length >= 0; length--) {
            Map<IpAddress, List<Route>> routes = byLength.get(length);
            if (!routes.isEmpty()) {
                List<Route> found = routes.get(Prefix.network(destination, length));
                if (found != null) {
                    return found;
                }
            }
        }
        return List.of();
    }

    /** @return the most specific route, or null. */
    public Route find(IpAddress destination) {
        return find(destination, destination);
    }

    /** @return the most specific route for what a peer sends to the destination, or null. */
    public Route find(IpAddress destination, IpAddress peer) {
        return choose(best(destination), destination, peer);
    }

    /**
     * The way back to where a packet came from.
     *
     * @param port that it came in by, which is also the way back when a route leads there
     */
    public Route back(IpAddress source, IpAddress peer, int port) {
        List<Route> best = best(source);
        List<Route> same = best.size() > 1 ? best.stream().filter(route -> route.port() == port).toList() : List.of();
        return choose(same.isEmpty() ? best : same, source, peer);
    }

    /**
     * The route of what is on its way already.
     *
     * @param port that it leaves by
     * @param hop that it goes to
     * @return the one that it has if there still is such a one and it is usable, else as {@link #find(IpAddress, IpAddress)}
     */
    public Route keep(IpAddress destination, IpAddress peer, int port, IpAddress hop) {
        List<Route> best = best(destination);
        for (Route route : best) {
            if (route.port() == port && route.nextHop(destination).equals(hop)
                    && (best.size() == 1 || usable.test(route))) {
                return route;
            }
        }
        return choose(best, destination, peer);
    }

    /** @return whether a route to the destination leaves by the port. */
    public boolean leads(IpAddress destination, int port) {
        return best(destination).stream().anyMatch(route -> route.port() == port);
    }

    /** Highest random weight: each route of the hosts gets a number, and the largest wins. */
    private Route choose(List<Route> routes, IpAddress destination, IpAddress peer) {
        if (routes.size() <= 1) {
            return routes.isEmpty() ? null : routes.getFirst();
        }
        boolean anyUsable = routes.stream().anyMatch(usable);
        Route best = null;
        long most = 0;
        for (Route route : routes) {
            if (anyUsable && !usable.test(route)) {
                continue;
            }
            long weight = weight(route, destination, peer);
            if (best == null || Long.compareUnsigned(weight, most) > 0) {
                best = route;
                most = weight;
            }
        }
        return best;
    }

    private static long weight(Route route, IpAddress destination, IpAddress peer) {
        long hash = mix(mix(destination.high()) ^ destination.low());
        hash = mix(mix(hash ^ peer.high()) ^ peer.low());
        hash = mix(mix(hash ^ route.via().high()) ^ route.via().low());
        // routers of two links may have the same link-local address
        return route.via().isLinkLocal() ? mix(hash ^ route.port()) : hash;
    }

    /** The finisher of SplitMix64: each bit in changes half of the bits out. */
    private static long mix(long value) {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /** @return all, IPv4 first, the most specific first. */
    public List<Route> all() {
        List<Route> all = new ArrayList<>();
        v4.reversed().forEach(routes -> routes.values().forEach(all::addAll));
        v6.reversed().forEach(routes -> routes.values().forEach(all::addAll));
        return all;
    }

    /** @return the routes to prefixes that several lead to. */
    public List<Route> shared() {
        return Stream.concat(v4.stream(), v6.stream()).flatMap(routes -> routes.values().stream())
                .filter(routes -> routes.size() > 1).flatMap(List::stream).toList();
    }
}
