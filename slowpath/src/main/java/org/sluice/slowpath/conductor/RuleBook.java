package org.sluice.slowpath.conductor;

import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Prefix;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.RouteSettings;

/** Exchanges the rules for new flows while the old ones go on as they began. Conductor. */
final class RuleBook {
    private final Tables tables;
    private final FlowLife life;
    private final HelperHost helpers;

    RuleBook(Tables tables, FlowLife life, HelperHost helpers) {
        this.tables = tables;
        this.life = life;
        this.helpers = helpers;
    }

    /**
     * Takes routes, translation, policy, helpers and timeouts from the settings; their interfaces and capacity must be those that
     * the gateway runs with.
     */
    void replace(GatewaySettings settings, HelperRegistry registry) {
        fillRoutes(settings);
        tables.nat().replace(settings.nat());
        tables.policy().replace(settings.policy());
        helpers.replace(registry.active());
        life.settings(settings);
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
        for (RouteSettings route : settings.routes()) {
            IpAddress via = IpAddress.of(route.via());
            tables.routes().add(new Route(Prefix.of(route.to()), via, tables.interfaces().linkOf(via)));
        }
    }
}
