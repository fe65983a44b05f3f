package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.RouteSettings;

/** Reads {@code routes}. */
final class RouteReader {
    private static final int MAX_HOPS = 16;

    private RouteReader() {}

    static List<RouteSettings> read(Node node, List<InterfaceSettings> interfaces) {
        List<RouteSettings> routes = new ArrayList<>();
        for (Node element : node.list()) {
            Map<String, Node> keys = element.map("to", "via");
            if (!keys.containsKey("to") || !keys.containsKey("via")) {
                element.error("a route needs \"to\" and \"via\", such as {to: 0.0.0.0/0, via: 198.51.100.254}");
                continue;
            }
            IpPrefix to = Values.network(keys.get("to"), "0.0.0.0/0");
            if (to == null) {
                continue;
            }
            List<InetAddress> vias = vias(keys.get("via"), to, interfaces);
            if (routes.stream().anyMatch(r -> r.to().equals(to))) {
                keys.get("to").error("there is a route to " + to
                        + " already; remove one, or write via: [first, second] to use both");
            } else if (!vias.isEmpty()) {
                routes.add(new RouteSettings(to, vias));
            }
        }
        return routes;
    }

    private static List<InetAddress> vias(Node node, IpPrefix to, List<InterfaceSettings> interfaces) {
        List<InetAddress> vias = new ArrayList<>();
        for (Node hop : node.list()) {
            InetAddress via = Values.address(hop);
            if (via == null) {
                continue;
            }
            if (to.isIpv4() != (via.getAddress().length == 4)) {
                hop.error("destination and next hop are of different address families");
            } else if (interfaces.stream().flatMap(i -> i.addresses().stream())
                    .noneMatch(link -> Prefixes.contains(link, via))) {
                hop.error("the next hop " + via.getHostAddress()
                        + " is on no interface's link; give an interface an address in its network");
            } else if (interfaces.stream().flatMap(i -> i.addresses().stream())
                    .anyMatch(a -> a.address().equals(via))) {
                hop.error(via.getHostAddress() + " is the gateway's own; name the router that goes on");
            } else if (vias.contains(via)) {
                hop.error(via.getHostAddress() + " is named twice; remove one");
            } else {
                vias.add(via);
            }
        }
        if (vias.size() > MAX_HOPS) {
            node.error("a route goes by at most " + MAX_HOPS + " next hops");
        } else if (node.list().isEmpty()) {
            node.error("name at least one next hop");
        }
        return vias;
    }
}
