package org.sluice.slowpath.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.settings.IpPrefix;

/**
 * Addresses of both families: one hash set for each prefix length there is, so that a long list costs no more than a short one.
 * Never changes.
 */
final class AddressSet {
    /** For no list, which means any address. */
    static final AddressSet ANY = new AddressSet(List.of());
    private final ByLength[] v4;
    private final ByLength[] v6;

    private record ByLength(int length, Set<IpAddress> networks) {

        boolean contains(IpAddress address) {
            return networks.contains(new Prefix(address, length).address());
        }
    }

    private AddressSet(List<IpPrefix> prefixes) {
        v4 = byLength(prefixes.stream().filter(IpPrefix::isIpv4));
        v6 = byLength(prefixes.stream().filter(p -> !p.isIpv4()));
    }

    static AddressSet of(List<IpPrefix> prefixes) {
        return prefixes.isEmpty() ? ANY : new AddressSet(prefixes);
    }

    private static ByLength[] byLength(Stream<IpPrefix> prefixes) {
        List<Prefix> all = prefixes.map(Prefix::of).toList();
        return all.stream().map(Prefix::length).distinct().map(length -> {
            Set<IpAddress> networks = new HashSet<>();
            all.stream().filter(p -> p.length() == length).forEach(p -> networks.add(p.address()));
            return new ByLength(length, networks);
        }).toArray(ByLength[]::new);
    }

    boolean contains(IpAddress address) {
        if (this == ANY) {
            return true;
        }
        for (ByLength networks : address.isV4() ? v4 : v6) {
            if (networks.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
