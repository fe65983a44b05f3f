package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.RouterAdvertisement;

/** {@code router_advertisements:} of an interface: true, false, or what differs from the usual. */
final class AdvertisementReader {
    /** RFC 8106 5.1 sets no limit; three are what resolvers ask. */
    private static final int MAX_SERVERS = 8;
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(4);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(30);
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(18);

    private AdvertisementReader() {}

    /** @param addresses of the interface. @return null when there are to be none */
    static RouterAdvertisement read(Node node, List<IpPrefix> addresses) {
        if (node.isScalar() && !Values.isTrue(node)) {
            return null;
        }
        if (addresses.stream().allMatch(IpPrefix::isIpv4)) {
            node.error("hosts can't be told a network that there is not; give the interface an IPv6 address, such as "
                    + "fd77::1/64");
        }
        if (node.isScalar()) {
            return RouterAdvertisement.USUAL;
        }
        Map<String, Node> keys = node.map("lifetime", "interval", "dns");
        RouterAdvertisement usual = RouterAdvertisement.USUAL;
        Duration lifetime = keys.containsKey("lifetime")
                ? within(keys.get("lifetime"), Duration.ofSeconds(1), LONGEST_LIFETIME, usual.lifetime())
                : usual.lifetime();
        Duration interval = keys.containsKey("interval")
                ? within(keys.get("interval"), SHORTEST_INTERVAL, LONGEST_INTERVAL, usual.interval())
                : usual.interval();
        if (lifetime.compareTo(interval) < 0) {
            keys.getOrDefault("lifetime", node).error("hosts would forget the gateway between two advertisements; make "
                    + "lifetime at least interval, which is " + interval.toSeconds() + "s");
        }
        return new RouterAdvertisement(lifetime, interval,
                keys.containsKey("dns") ? servers(keys.get("dns")) : usual.dns());
    }

    private static Duration within(Node node, Duration least, Duration most, Duration otherwise) {
        Duration duration = Values.duration(node);
        if (duration != null && (duration.compareTo(least) < 0 || duration.compareTo(most) > 0)) {
            node.error(
                    "\"" + node.text() + "\" is not between " + least.toSeconds() + "s and " + most.toMinutes() + "m");
            return otherwise;
        }
        return duration == null ? otherwise : duration;
    }

    private static List<InetAddress> servers(Node node) {
        List<InetAddress> servers = new ArrayList<>();
        for (Node element : node.list()) {
            InetAddress server = Values.address(element);
            if (server != null && server.getAddress().length == Integer.BYTES) {
                element.error("an IPv6 address is expected here, such as fd77::53");
            } else if (server != null) {
                servers.add(server);
            }
        }
        if (servers.size() > MAX_SERVERS) {
            node.error("at most " + MAX_SERVERS + " name servers are possible");
        }
        return List.copyOf(servers);
    }
}
