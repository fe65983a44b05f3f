package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NextHop;
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
            List<NextHop> vias = vias(keys.get("via"), to, interfaces);
            if (routes.stream().anyMatch(r -> r.to().equals(to))) {
                keys.get("to").error("there is a route to " + to
                        + " already; remove one, or write via: [first, second] to use both");
            } else if (!vias.isEmpty()) {
                routes.add(new RouteSettings(to, vias));
            }
        }
        return routes;
    }

    private static List<NextHop> vias(Node node, IpPrefix to, List<InterfaceSettings> interfaces) {
        List<NextHop> vias = new ArrayList<>();
        for (Node element : node.list()) {
            NextHop hop = hop(element, to, interfaces);
            if (hop != null && vias.contains(hop)) {
                element.error(hop + " is named twice; remove one");
            } else if (hop != null) {
                vias.add(hop);
            }
        }
        if (vias.size() > MAX_HOPS) {
            node.error("a route goes by at most " + MAX_HOPS + " next hops");
        } else if (node.list().isEmpty()) {
            node.error("name at least one next hop");
        }
        return vias;
    }

    /** @return null when it can't be used, which has been said */
    private static NextHop hop(Node node, IpPrefix to, List<InterfaceSettings> interfaces) {
        int zone = node.text().indexOf(NextHop.ZONE);
        String text = zone < 0 ? node.text() : node.text().substring(0, zone);
        String iface = zone < 0 ? null : node.text().substring(zone + 1);
        InetAddress via = Values.address(node, text);
        if (via == null) {
            return null;
        }
        String error;
        if (to.isIpv4() != (via.getAddress().length == 4)) {
            error = "destination and next hop are of different address families";
        } else if (!to.isIpv4() && via.isLinkLocalAddress()) {
            error = linkLocalError(text, via, iface, interfaces);
        } else if (iface != null) {
            error = "only the link-local addresses of IPv6 take an interface; write " + text;
        } else if (interfaces.stream().flatMap(i -> i.addresses().stream())
                .noneMatch(link -> Prefixes.contains(link, via))) {
            error = "the next hop " + text
                    + " is on no interface's link; give an interface an address in its network";
        } else if (interfaces.stream().flatMap(i -> i.addresses().stream()).anyMatch(a -> a.address().equals(via))) {
            error = text + " is the gateway's own; name the router that goes on";
        } else {
            error = null;
        }
        if (error != null) {
            node.error(error);
            return null;
        }
        return new NextHop(via, iface);
    }

    /** @param text the address as it was written. @return what is wrong with it, or null */
    private static String linkLocalError(String text, InetAddress via, String name,
            List<InterfaceSettings> interfaces) {
        String names = String.join(", ", interfaces.stream().map(InterfaceSettings::name).toList());
        InterfaceSettings iface = interfaces.stream().filter(i -> i.name().equals(name)).findFirst().orElse(null);
        if (iface == null) {
            return name == null
                    ? "a link-local address can be on any link; write " + text + "%NAME with one of " + names
                    : "there is no interface \"" + name + "\"; there are " + names;
        }
        if (iface.addresses().stream().allMatch(IpPrefix::isIpv4)) {
            return "the interface \"" + name + "\" has no IPv6 address, so it does not speak IPv6; give it one";
        }
        return iface.addresses().stream().anyMatch(a -> a.address().equals(via))
                ? text + " is the gateway's own; name the router that goes on"
                : null;
    }
}
