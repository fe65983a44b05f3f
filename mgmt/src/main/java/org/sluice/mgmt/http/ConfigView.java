package org.sluice.mgmt.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.mgmt.config.Config;
import org.sluice.slowpath.route.AddressAndPort;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.NextHop;
import org.sluice.slowpath.settings.RouteSettings;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.RouterAdvertisement;
import org.sluice.slowpath.settings.Timeout;

/** The configuration that is in force, defaults filled in, by the keys of sluice.yaml. The token is left out. */
final class ConfigView {
    private ConfigView() {}

    static Map<String, Object> of(Config config) {
        GatewaySettings gateway = config.gateway();
        Map<String, Object> view = new LinkedHashMap<>();
        Map<String, Object> interfaces = new LinkedHashMap<>();
        gateway.interfaces().forEach(i -> interfaces.put(i.name(), iface(i)));
        view.put("interfaces", interfaces);
        view.put("routes", gateway.routes().stream()
                .map(r -> map("to", text(r.to()), "via", vias(r))).toList());
        view.put("nat", gateway.nat().stream().map(ConfigView::nat).toList());
        view.put("policy", map("default", lower(gateway.policy().byDefault()), "rules",
                gateway.policy().rules().stream().map(ConfigView::rule).toList()));
        view.put("helpers", gateway.helpers().stream()
                .map(h -> map("name", h.name(), "jar", h.jar(), "ports", h.ports(), "options", h.options())).toList());
        Map<String, Object> timeouts = new LinkedHashMap<>();
        for (Timeout timeout : Timeout.values()) {
            timeouts.put(lower(timeout), gateway.timeoutNs(timeout) / 1_000_000_000L + "s");
        }
        view.put("flows", map("capacity", gateway.capacity(), "tcp_loose", gateway.tcp().loose(),
                "half_open", gateway.tcp().halfOpen(), "per_host",
                Math.min(gateway.host().flows(), gateway.capacity()), "ports_per_host",
                gateway.host().ports() == Integer.MAX_VALUE ? null : gateway.host().ports(), "punts_per_host",
                gateway.host().punts() == 0 ? null : gateway.host().punts(), "exhausted",
                lower(gateway.host().answer()), "timeouts", timeouts));
        view.put("workers", config.workers());
        view.put("state", config.state());
        view.put("management", management(config.management()));
        view.put("log", map("level", config.log().level(), "format", config.log().json() ? "json" : "text"));
        return view;
    }

    /** As in the configuration: an address, or a list of several. */
    private static Object vias(RouteSettings route) {
        List<String> vias = route.vias().stream().map(NextHop::toString).toList();
        return vias.size() == 1 ? vias.getFirst() : vias;
    }

    private static Map<String, Object> iface(InterfaceSettings i) {
        return map("device", i.device(), "vlan", i.vlan() == 0 ? null : i.vlan(), "driver", lower(i.driver()),
                "addresses",
                i.addresses().stream().map(ConfigView::text).toList(), "zone", i.zone(), "mtu",
                i.mtu() == 0 ? null : i.mtu(), "source_validation", lower(i.sourceValidation()), "bogons",
                i.refusesBogons() ? "drop" : "accept", "mss_clamp", i.clampsMss() ? "auto" : "off",
                "router_advertisements", advertisement(i.advertisement()));
    }

    private static Object advertisement(RouterAdvertisement a) {
        return a == null
                ? (Object) false
                : map("lifetime", a.lifetime().toSeconds() + "s", "interval", a.interval().toSeconds() + "s", "dns",
                        a.dns().stream().map(ConfigView::text).toList());
    }

    private static Map<String, Object> nat(NatSettings rule) {
        return switch (rule) {
            case NatSettings.None n -> map("kind", "none", "out", n.out(), "from", text(n.from()), "to", text(n.to()));
            case NatSettings.Nptv6 n ->
                map("kind", "nptv6", "out", n.out(), "from", text(n.from()), "to", text(n.to()));
            case NatSettings.Masquerade m ->
                with(m.behaviour(), map("kind", "masquerade", "out", m.out(), "family", m.isIpv6() ? "ipv6" : "ipv4"));
            case NatSettings.Snat s ->
                with(s.behaviour(), map("kind", "snat", "out", s.out(), "from", text(s.from()), "to",
                        text(s.first()) + "-" + text(s.last())));
            case NatSettings.Dnat d -> map("kind", "dnat", "in", d.in(), "address",
                    d.asked() == null ? null : text(d.asked()), "proto", protocol(d.protocol()), "port",
                    range(d.firstPort(), d.lastPort()), "to", AddressAndPort.text(text(d.to()), d.toPort()));
            case NatSettings.Redirect r -> map("kind", "redirect", "in", r.in(), "proto", protocol(r.protocol()),
                    "port", range(r.firstPort(), r.lastPort()), "to", AddressAndPort.text(text(r.to()), r.toPort()));
            case NatSettings.Netmap n -> map("kind", "netmap", "out", n.out(), "from", text(n.from()), "to",
                    text(n.to()));
        };
    }

    private static Map<String, Object> with(NatSettings.Behaviour behaviour, Map<String, Object> rule) {
        rule.put("mapping", lower(behaviour.mapping()));
        rule.put("filtering", lower(behaviour.filtering()));
        if (behaviour.ports() != null) {
            rule.put("ports", range(behaviour.ports().first(), behaviour.ports().last()));
        }
        return rule;
    }

    private static String text(InetAddress address) {
        return IpAddress.of(address).toString();
    }

    private static String text(IpPrefix prefix) {
        return prefix == null ? null : text(prefix.address()) + "/" + prefix.length();
    }

    private static Map<String, Object> rule(PolicySettings.Rule rule) {
        PolicySettings.Match match = rule.match();
        List<Object> protocols = new ArrayList<>(match.protocols().stream().map(ConfigView::protocol).toList());
        List<Object> ports = new ArrayList<>(match.ports().stream().map(p -> range(p.first(), p.last())).toList());
        PolicySettings.Limit limit = rule.limit();
        return map("name", rule.name(), "from", match.from(), "to", match.to(), "src", texts(match.sources()), "dst",
                texts(match.destinations()), "proto", protocols, "port", ports, "state",
                match.states().stream().sorted().map(ConfigView::lower).toList(), "limit",
                limit == null ? null : limit(limit), "log", rule.isLogged() ? true : null, "action",
                lower(rule.action()));
    }

    private static List<String> texts(List<IpPrefix> prefixes) {
        return prefixes.stream().map(ConfigView::text).toList();
    }

    private static Map<String, Object> limit(PolicySettings.Limit limit) {
        String period = switch ((int) limit.period().toSeconds()) {
            case 1 -> "s";
            case 60 -> "m";
            default -> "h";
        };
        boolean hasRate = limit.rate() > 0;
        return map("rate", hasRate ? limit.rate() + "/" + period : null, "burst", hasRate ? limit.burst() : null,
                "flows",
                limit.flows() > 0 ? limit.flows() : null);
    }

    private static Object protocol(int number) {
        return switch (number) {
            case 1 -> "icmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 47 -> "gre";
            case 50 -> "esp";
            case 58 -> "icmpv6";
            case 132 -> "sctp";
            default -> number;
        };
    }

    private static Object range(int first, int last) {
        return first == last ? (Object) first : first + "-" + last;
    }

    private static Map<String, Object> management(Config.Management m) {
        return m.tls() == null
                ? map("listen", listen(m))
                : map("listen", listen(m), "tls", map("certificate", m.tls().certificate(), "key", m.tls().key()));
    }

    private static String listen(Config.Management m) {
        return AddressAndPort.text(m.host(), m.port());
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Keys and values by turns; what has no value, or an empty one, is left out. */
    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            Object value = pairs[i + 1];
            if (value != null && !value.equals(List.of()) && !value.equals(Map.of())) {
                map.put((String) pairs[i], value);
            }
        }
        return map;
    }
}
