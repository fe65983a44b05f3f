package org.sluice.slowpath.route;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/** Longest-prefix routes: one map for each prefix length, the longest asked first. Conductor. */
public final class RouteTable {
    private final List<Int2ObjectHashMap<Route>> byLength = new ArrayList<>();

    /** An empty table. */
    public RouteTable() {
        for (int length = 0; length <= 32; length++) {
            byLength.add(new Int2ObjectHashMap<>());
        }
    }

    /** Adds a route, in the place of one to the same prefix. */
    public void add(Route route) {
        byLength.get(route.to().length()).put(route.to().address(), route);
    }

    /** Takes out everything. */
    public void clear() {
        byLength.forEach(Int2ObjectHashMap::clear);
    }

    /** Takes out the route to exactly this prefix, if there is one. */
    public void remove(Ipv4Prefix to) {
        byLength.get(to.length()).remove(to.address());
    }

    /** @return the most specific route, or null. */
    public Route find(int destination) {
        for (int length = 32; length >= 0; length--) {
            Int2ObjectHashMap<Route> routes = byLength.get(length);
            if (!routes.isEmpty()) {
                Route route = routes.get(destination & Ipv4Prefix.mask(length));
                if (route != null) {
                    return route;
                }
            }
        }
        return null;
    }

    /** @return all, the most specific first. */
    public List<Route> all() {
        List<Route> all = new ArrayList<>();
        for (int length = 32; length >= 0; length--) {
            all.addAll(byLength.get(length).values());
        }
        return all;
    }
}
