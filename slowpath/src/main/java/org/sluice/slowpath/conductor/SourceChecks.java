package org.sluice.slowpath.conductor;

import java.util.List;
import java.util.stream.Stream;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.InterfaceSettings.SourceValidation;
import org.sluice.slowpath.settings.IpPrefix;

/**
 * Whether a flow can come from where it says (RFC 2827, RFC 3704), by the settings of the interface that it comes in through. What
 * claims to be from a link of ours is refused on every other anyway. Conductor.
 */
final class SourceChecks {
    /** Networks that no packet on the Internet comes from: RFC 6890 and its registries, where they are not globally reachable. */
    private static final List<Prefix> BOGONS = Stream
            .of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                    "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                    "203.0.113.0/24", "240.0.0.0/4", "::/8", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48",
                    "2001:10::/28", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10")
            .map(text -> Prefix.of(IpPrefix.parse(text))).toList();

    private final Interfaces interfaces;

    SourceChecks(Interfaces interfaces) {
        this.interfaces = interfaces;
    }

    /** @param back the route to the packet's source, by the packet's own interface if one leads there */
    boolean passes(Packet p, Route back) {
        InterfaceSettings in = interfaces.settings(p.port());
        boolean isStrange = in.sourceValidation() == SourceValidation.STRICT && back.port() != p.port();
        return !isStrange && !(in.refusesBogons() && isBogon(p.source()));
    }

    private static boolean isBogon(IpAddress source) {
        for (Prefix bogon : BOGONS) {
            if (bogon.contains(source)) {
                return true;
            }
        }
        return false;
    }
}
