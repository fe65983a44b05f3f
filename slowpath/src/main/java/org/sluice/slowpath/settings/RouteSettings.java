package org.sluice.slowpath.settings;

import java.net.InetAddress;
import java.util.List;

/**
 * A static route.
 *
 * @param to destinations
 * @param vias next hops that are as good as each other, at least one, each on the link of one of the interfaces
 */
public record RouteSettings(IpPrefix to, List<NextHop> vias) {

    /** By one next hop, whose address tells on which link it is. */
    public RouteSettings(IpPrefix to, InetAddress via) {
        this(to, List.of(new NextHop(via)));
    }
}
