package org.sluice.slowpath.settings;

import java.net.InetAddress;
import java.util.List;

/**
 * A static route.
 *
 * @param to destinations
 * @param vias next hops that are as good as each other, at least one, each on the link of one of the interfaces
 */
public record RouteSettings(IpPrefix to, List<InetAddress> vias) {

    /** By one next hop. */
    public RouteSettings(IpPrefix to, InetAddress via) {
        this(to, List.of(via));
    }
}
