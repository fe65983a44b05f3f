package org.sluice.slowpath.policy;

import java.util.random.RandomGenerator;
import org.sluice.slowpath.route.IpAddress;

/**
 * Numbers for sources of flows: an IPv4 address, or the 64 bits of an IPv6 network that one customer has at least (RFC 6177), is one
 * source. Keyed, so that nobody can choose addresses whose numbers fall into one place of a hash map.
 */
public final class Sources {
    private final long secret0;
    private final long secret1;

    /** @param random makes the key */
    public Sources(RandomGenerator random) {
        secret0 = random.nextLong();
        secret1 = random.nextLong() | 1;
    }

    /** @return two different sources have the same number by chance only, one time in 2^64. */
    public long number(IpAddress address) {
        long bits = address.isV4() ? address.low() : address.high();
        long a = bits ^ secret0;
        long mixed = Math.multiplyHigh(a, secret1) ^ a * secret1;
        return Math.multiplyHigh(mixed ^ secret1, secret0) ^ mixed * (secret0 | 1);
    }
}
