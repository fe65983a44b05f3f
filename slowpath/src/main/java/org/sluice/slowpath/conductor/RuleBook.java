package org.sluice.slowpath.conductor;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.neighbor.NeighborDiscovery;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Prefix;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NextHop;
import org.sluice.slowpath.settings.RouteSettings;

/** Exchanges the gateway's addresses and its rules for new flows. Conductor. */
final class RuleBook {
    private final Tables tables;
    private final FlowLife life;
    private final HelperHost helpers;
    private final NeighborTable neighbors;
    private final NeighborDiscovery discovery;
    private final NextHops hops;
    private final IntConsumer puntsPerHost;
    private List<RouteSettings> routes = List.of();

    /**
     * What flows that have begun must heed.
     *
     * @param gone addresses that the gateway has no more
     * @param movesFlows whether some may have to go another way, or can't go on
     */
    record Change(Set<IpAddress> gone, boolean movesFlows) {}

    /** @param puntsPerHost takes how many packets a second of one host the workers may punt */
    RuleBook(Tables tables, FlowLife life, HelperHost helpers, Transmitter transmitter, NextHops hops,
            IntConsumer puntsPerHost) {
        this.tables = tables;
        this.life = life;
        this.helpers = helpers;
        neighbors = transmitter.neighbors();
        discovery = transmitter.discovery();
        this.hops = hops;
        this.puntsPerHost = puntsPerHost;
    }

    /**
     * Takes addresses, routes, translation, policy, helpers and timeouts from the settings; devices, their number and order, and the
     * capacity must be those that the gateway runs with.
     */
    Change replace(GatewaySettings settings, HelperRegistry registry) {
        Set<IpAddress> before = tables.interfaces().own();
        boolean moves = !settings.routes().equals(routes) || !addresses(settings).equals(addresses());
        Set<IpAddress> gone = tables.interfaces().replace(settings.interfaces());
        fillRoutes(settings);
        tables.nat().replace(settings.nat());
        tables.policy().replace(settings.policy());
        helpers.replace(registry.active());
        life.settings(settings);
        puntsPerHost.accept(settings.host().punts());
        discovery.interfacesChanged();
        Set<IpAddress> added = tables.interfaces().own();
        added.removeAll(before);
        neighbors.announce(added);
        return new Change(gone, moves);
    }

    private static List<List<IpPrefix>> addresses(GatewaySettings settings) {
        return settings.interfaces().stream().map(InterfaceSettings::addresses).toList();
    }

    private List<List<IpPrefix>> addresses() {
        return tables.interfaces().all().stream().map(i -> tables.interfaces().settings(i.port()).addresses()).toList();
    }

    /** The links of the interfaces, and the static routes. */
    void fillRoutes(GatewaySettings settings) {
        tables.routes().clear();
        for (Iface iface : tables.interfaces().all()) {
            for (Ipv4Prefix link : iface.links()) {
                tables.routes().add(new Route(new Prefix(IpAddress.v4(link.address()), link.length()), null,
                        iface.port()));
            }
            for (Prefix link : iface.links6()) {
                if (!link.address().isLinkLocal()) {
                    tables.routes().add(new Route(link, null, iface.port()));
                }
            }
        }
        routes = settings.routes();
        for (RouteSettings route : routes) {
            Prefix to = Prefix.of(route.to());
            tables.routes().add(route.vias().stream().map(hop -> route(to, hop)).toList());
        }
        hops.watch();
    }

    private Route route(Prefix to, NextHop hop) {
        IpAddress via = IpAddress.of(hop.address());
        int port = hop.iface() == null
                ? tables.interfaces().linkOf(via)
                : tables.interfaces().byName(hop.iface()).port();
        return new Route(to, via, port);
    }
}
