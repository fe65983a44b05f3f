package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NatSettings.Behaviour;
import org.sluice.slowpath.settings.NatSettings.Filtering;
import org.sluice.slowpath.settings.NatSettings.Mapping;
import org.sluice.slowpath.settings.PolicySettings.PortRange;

/** {@code nat:} */
final class NatReader {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    /** RFC 6296 3.5: hosts have 64 bits of their own. */
    private static final int MAX_TRANSLATED = 64;
    private static final int MAX_POOL = 65536;
    private final List<InterfaceSettings> interfaces;

    NatReader(List<InterfaceSettings> interfaces) {
        this.interfaces = interfaces;
    }

    List<NatSettings> read(Node node) {
        List<NatSettings> rules = new ArrayList<>();
        for (Node element : node.list()) {
            Map<String, Node> all = element.entries();
            String kind = all.containsKey("kind") ? all.get("kind").text() : "";
            NatSettings rule = switch (kind) {
                case "masquerade" -> masquerade(element);
                case "snat" -> snat(element);
                case "dnat" -> dnat(element);
                case "netmap" -> netmap(element);
                case "nptv6" -> nptv6(element);
                case "redirect" -> redirect(element);
                case "none" -> none(element);
                default -> {
                    all.getOrDefault("kind", element)
                            .error("\"kind:\" must be one of masquerade, snat, dnat, netmap, nptv6, redirect, none");
                    yield null;
                }
            };
            if (rule != null) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private NatSettings masquerade(Node element) {
        Map<String, Node> keys = element.map("kind", "out", "mapping", "filtering", "ports");
        if (!has(element, keys, "out", "{kind: masquerade, out: outside}")) {
            return null;
        }
        String out = iface(keys.get("out"));
        if (out != null && interfaces.stream().filter(i -> i.name().equals(out))
                .noneMatch(i -> i.addresses().stream().anyMatch(IpPrefix::isIpv4))) {
            keys.get("out").error("the interface \"" + out + "\" has no IPv4 address to masquerade with");
        }
        return out == null ? null : new NatSettings.Masquerade(out, behaviour(keys));
    }

    private NatSettings snat(Node element) {
        Map<String, Node> keys = element.map("kind", "out", "from", "to", "mapping", "filtering", "ports");
        if (!has(element, keys, "out from to",
                "{kind: snat, out: outside, from: 10.77.1.0/24, to: 198.51.100.20-198.51.100.29}")) {
            return null;
        }
        String out = iface(keys.get("out"));
        IpPrefix from = ipv4(keys.get("from"), "10.77.1.0/24");
        String text = keys.get("to").text();
        int dash = text.indexOf('-');
        try {
            InetAddress first = Values.literal((dash < 0 ? text : text.substring(0, dash)).strip());
            InetAddress last = dash < 0 ? first : Values.literal(text.substring(dash + 1).strip());
            int count = Ipv4Address.of(last) - Ipv4Address.of(first);
            if (count >= 0 && count < MAX_POOL) {
                return out == null || from == null
                        ? null
                        : new NatSettings.Snat(out, from, first, last, behaviour(keys));
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        keys.get("to").error(
                "\"" + text + "\" is not an IPv4 address or range; write for example 198.51.100.20-198.51.100.29");
        return null;
    }

    private static Behaviour behaviour(Map<String, Node> keys) {
        Behaviour usual = Behaviour.USUAL;
        Mapping mapping = keys.containsKey("mapping")
                ? Values.constant(keys.get("mapping"), Mapping.class)
                : usual.mapping();
        Filtering filtering = keys.containsKey("filtering")
                ? Values.constant(keys.get("filtering"), Filtering.class)
                : usual.filtering();
        if (mapping == Mapping.ADDRESS_AND_PORT_DEPENDENT && filtering != Filtering.ADDRESS_AND_PORT_DEPENDENT) {
            keys.getOrDefault("filtering", keys.get("mapping")).warn("with this mapping each destination sees another "
                    + "port, so hardly anybody else will find one to send to");
        }
        return new Behaviour(mapping, filtering, keys.containsKey("ports") ? Values.ports(keys.get("ports")) : null);
    }

    private NatSettings none(Node element) {
        Map<String, Node> keys = element.map("kind", "out", "from", "to");
        if (!has(element, keys, "out", "{kind: none, out: outside, from: 10.77.0.0/24, to: 10.88.0.0/24}")) {
            return null;
        }
        String out = iface(keys.get("out"));
        IpPrefix from = keys.containsKey("from") ? ipv4(keys.get("from"), "10.77.0.0/24") : null;
        IpPrefix to = keys.containsKey("to") ? ipv4(keys.get("to"), "10.88.0.0/24") : null;
        return out == null ? null : new NatSettings.None(out, from, to);
    }

    private NatSettings dnat(Node element) {
        Map<String, Node> keys = element.map("kind", "in", "address", "proto", "port", "to");
        if (!has(element, keys, "in proto port to",
                "{kind: dnat, in: outside, proto: tcp, port: 21, to: \"10.77.0.20:21\"}")) {
            return null;
        }
        InetAddress asked = keys.containsKey("address") ? ipv4Address(keys.get("address")) : null;
        Target target = target(keys);
        return target == null
                ? null
                : new NatSettings.Dnat(target.in, asked, target.protocol, target.ports.first(), target.ports.last(),
                        target.to, target.toPort);
    }

    private NatSettings redirect(Node element) {
        Map<String, Node> keys = element.map("kind", "in", "proto", "port", "to");
        if (!has(element, keys, "in proto port to",
                "{kind: redirect, in: inside, proto: udp, port: 53, to: \"10.77.9.53:53\"}")) {
            return null;
        }
        Target target = target(keys);
        return target == null
                ? null
                : new NatSettings.Redirect(target.in, target.protocol, target.ports.first(), target.ports.last(),
                        target.to, target.toPort);
    }

    private record Target(String in, int protocol, PortRange ports, InetAddress to, int toPort) {}

    /** @return where ports lead; null when that is wrong, which has been told. */
    private Target target(Map<String, Node> keys) {
        String in = iface(keys.get("in"));
        int protocol = Values.protocol(keys.get("proto"));
        if (protocol >= 0 && protocol != TCP && protocol != UDP && protocol != SCTP) {
            keys.get("proto").error("a port forward is for tcp, udp or sctp");
        }
        PortRange ports = Values.ports(keys.get("port"));
        String text = keys.get("to").text();
        int colon = text.lastIndexOf(':');
        PortRange toPorts = colon < 0 ? ports : Values.ports(text.substring(colon + 1));
        try {
            InetAddress to = Values.literal(colon < 0 ? text : text.substring(0, colon));
            Ipv4Address.of(to);
            if (protocol == SCTP && ports != null && toPorts != null && toPorts.first() != ports.first()) {
                keys.get("to").error("SCTP's ports can't be translated, its checksum covers them; write port "
                        + ports.first() + " here too");
                return null;
            }
            if (toPorts != null) {
                return in == null || ports == null || protocol < 0
                        ? null
                        : new Target(in, protocol, ports, to, toPorts.first());
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        if (ports != null) {
            keys.get("to")
                    .error("\"" + text + "\" is not an IPv4 address with a port; write for example \"10.77.0.20:21\"");
        }
        return null;
    }

    private static InetAddress ipv4Address(Node node) {
        InetAddress address = Values.address(node);
        if (address != null && address.getAddress().length != 4) {
            node.error("an IPv4 address is expected here, such as 198.51.100.20");
            return null;
        }
        return address;
    }

    private NatSettings nptv6(Node element) {
        Map<String, Node> keys = element.map("kind", "out", "from", "to");
        if (!has(element, keys, "out from to",
                "{kind: nptv6, out: outside, from: \"fd77::/64\", to: \"2001:db8:78::/64\"}")) {
            return null;
        }
        String out = iface(keys.get("out"));
        IpPrefix from = ipv6(keys.get("from"), "fd77::/64");
        IpPrefix to = ipv6(keys.get("to"), "2001:db8:78::/64");
        if (out == null || from == null || to == null) {
            return null;
        }
        if (from.length() != to.length()) {
            keys.get("to").error("both prefixes must be of the same length");
            return null;
        }
        return new NatSettings.Nptv6(out, from, to);
    }

    private static IpPrefix ipv6(Node node, String example) {
        IpPrefix prefix = Values.network(node, example);
        if (prefix != null && (prefix.isIpv4() || prefix.length() > MAX_TRANSLATED)) {
            node.error("an IPv6 prefix of at most " + MAX_TRANSLATED + " bits is expected here, such as " + example);
            return null;
        }
        return prefix;
    }

    private NatSettings netmap(Node element) {
        Map<String, Node> keys = element.map("kind", "out", "from", "to");
        if (!has(element, keys, "out from to",
                "{kind: netmap, out: outside, from: 10.77.2.0/25, to: 198.51.100.128/25}")) {
            return null;
        }
        String out = iface(keys.get("out"));
        IpPrefix from = ipv4(keys.get("from"), "10.77.2.0/25");
        IpPrefix to = ipv4(keys.get("to"), "198.51.100.128/25");
        if (out == null || from == null || to == null) {
            return null;
        }
        if (from.length() > to.length()) {
            keys.get("to").error("\"from\" is a /" + from.length() + " and \"to\" a /" + to.length()
                    + "; write for example " + new IpPrefix(to.address(), from.length()));
            return null;
        }
        IpPrefix mapped = new IpPrefix(from.address(), to.length());
        if (from.length() < to.length()) {
            // a smaller outside network would give two hosts one address
            keys.get("to").warn("\"to\" is smaller than \"from\": only " + mapped
                    + " is translated one to one; the rest of " + from + " is not touched by this rule");
        }
        return new NatSettings.Netmap(out, mapped, to);
    }

    private static IpPrefix ipv4(Node node, String example) {
        IpPrefix prefix = Values.network(node, example);
        if (prefix != null && !prefix.isIpv4()) {
            node.error("an IPv4 network is expected here, such as " + example);
            return null;
        }
        return prefix;
    }

    private String iface(Node node) {
        List<String> names = interfaces.stream().map(InterfaceSettings::name).toList();
        if (names.contains(node.text())) {
            return node.text();
        }
        node.error("there is no interface \"" + node.text() + "\"; there are " + String.join(", ", names));
        return null;
    }

    private static boolean has(Node element, Map<String, Node> keys, String needed, String example) {
        for (String key : needed.split(" ")) {
            if (!keys.containsKey(key)) {
                element.error("\"" + key + ":\" is missing; write for example " + example);
                return false;
            }
        }
        return true;
    }
}
