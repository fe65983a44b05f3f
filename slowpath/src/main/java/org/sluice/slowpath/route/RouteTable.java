package org.sluice.slowpath.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Longest-prefix routes: for each family one map for each prefix length, the longest asked first. Conductor. */
public final class RouteTable {
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;

    private final List<Map<IpAddress, Route>> v4 = maps(V4_BITS);
    private final List<Map<IpAddress, Route>> v6 = maps(V6_BITS);

    private static List<Map<IpAddress, Route>> maps(int bits) {
        List<Map<IpAddress, Route>> maps = new ArrayList<>();
        for (int length = 0; length <= bits; length++) {
            maps.add(new HashMap<>());
        }
        return maps;
    }

    private List<Map<IpAddress, Route>> family(IpAddress address) {
        return address.isV4() ? v4 : v6;
    }

    /** Adds a route, in the place of one to the same prefix. */
    public void add(Route route) {
        Prefix to = route.to();
        family(to.address()).get(to.length()).put(to.address(), route);
    }

    /** Takes out everything. */
    public void clear() {
        v4.forEach(Map::clear);
        v6.forEach(Map::clear);
    }

    /** Takes out the route to exactly this prefix, if there is one. */
    public void remove(Prefix to) {
        family(to.address()).get(to.length()).remove(to.address());
    }

    /** @return the most specific route, or null. */
    public Route find(IpAddress destination) {
        List<Map<IpAddress, Route>> byLength = family(destination);
        for (int length = byLength.size() - 1; length >= 0; length--) {
            Map<IpAddress, Route> routes = byLength.get(length);
            if (!routes.isEmpty()) {
                Route route = routes.get(Prefix.network(destination, length));
                if (route != null) {
                    return route;
                }
            }
        }
        return null;
    }

    /** @return all, IPv4 first, the most specific first. */
    public List<Route> all() {
        List<Route> all = new ArrayList<>();
        v4.reversed().forEach(routes -> all.addAll(routes.values()));
        v6.reversed().forEach(routes -> all.addAll(routes.values()));
        return all;
    }
}
