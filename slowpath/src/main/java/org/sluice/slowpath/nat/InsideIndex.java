package org.sluice.slowpath.nat;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.agrona.collections.Long2ObjectHashMap;
import org.sluice.slowpath.route.IpAddress;

/**
 * Mappings by their inside endpoint. Each new flow asks, and among many mappings each object on the way to the answer is a cache miss: an
 * endpoint of IPv4 is a number here, in one array with the others. Conductor.
 */
final class InsideIndex {
    private final Long2ObjectHashMap<Mapping> v4 = new Long2ObjectHashMap<>();
    private final Map<Inside, Mapping> v6 = new HashMap<>();
    /** Odd. Nobody inside can choose ports that collide. */
    private final long secret;

    InsideIndex(RandomGenerator random) {
        secret = random.nextLong() | 1;
    }

    /** @return null when there is none. */
    Mapping find(IpAddress address, int port) {
        return address.isV4() ? v4.get(key(address, port)) : v6.get(new Inside(address, port));
    }

    void add(Mapping mapping) {
        IpAddress address = mapping.insideAddress();
        if (address.isV4()) {
            v4.put(key(address, mapping.insidePort()), mapping);
        } else {
            v6.put(new Inside(address, mapping.insidePort()), mapping);
        }
    }

    /** Takes a mapping out, unless another one is there in its place. */
    void remove(Mapping mapping) {
        IpAddress address = mapping.insideAddress();
        if (address.isV4()) {
            v4.remove(key(address, mapping.insidePort()), mapping);
        } else {
            v6.remove(new Inside(address, mapping.insidePort()), mapping);
        }
    }

    /** Different endpoints have different keys, as the factor is odd. */
    private long key(IpAddress address, int port) {
        return ((address.v4() & 0xFFFF_FFFFL) << Short.SIZE | port) * secret;
    }
}
