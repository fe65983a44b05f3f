package org.sluice.mgmt.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.Limit;
import org.sluice.slowpath.settings.PolicySettings.Match;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.settings.PolicySettings.State;

/** {@code policy:} */
final class PolicyReader {
    /** tcp, udp, sctp */
    private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 132);
    private static final Pattern RATE = Pattern.compile("(\\d{1,7})/([smh])");
    /** What a limit's burst is unless the configuration says otherwise, as nftables has it. */
    private static final int BURST = 5;
    private static final int MAX_COUNT = 33_000_000;
    /** Labels of what comes behind all rules. */
    private static final Set<String> RESERVED = Set.of("default", "related");
    private final List<String> zones;
    private final Map<String, List<IpPrefix>> sets = new LinkedHashMap<>();

    PolicyReader(List<InterfaceSettings> interfaces) {
        zones = interfaces.stream().map(InterfaceSettings::zone).distinct().toList();
    }

    PolicySettings read(Node node) {
        Map<String, Node> keys = node.map("default", "sets", "rules");
        Action byDefault = keys.containsKey("default")
                ? Values.constant(keys.get("default"), Action.class)
                : Action.DROP;
        if (keys.containsKey("sets")) {
            keys.get("sets").entries().forEach((name, list) -> {
                List<IpPrefix> prefixes = addresses(list);
                if (Values.isAddress(name)) {
                    list.error("\"" + name + "\" is an address; give the set a name");
                }
                sets.put(name, prefixes);
            });
        }
        List<Rule> rules = new ArrayList<>();
        if (keys.containsKey("rules")) {
            List<Node> elements = keys.get("rules").list();
            elements.forEach(element -> rules.add(rule(element, rules)));
            Shadowed.warn(elements, rules);
        }
        return new PolicySettings(byDefault, rules);
    }

    private Rule rule(Node element, List<Rule> others) {
        Map<String, Node> keys = element.map("name", "from", "to", "src", "dst", "proto", "port", "state", "limit",
                "log",
                "action");
        Match match = new Match(zone(keys.get("from"), false), zone(keys.get("to"), true), addresses(keys.get("src")),
                addresses(keys.get("dst")), protocols(keys), ports(keys), states(keys));
        Action action = null;
        if (keys.containsKey("action")) {
            action = Values.constant(keys.get("action"), Action.class);
        } else if (element.isMap()) {
            element.error("\"action:\" is missing; write accept, drop or reject");
        }
        Limit limit = keys.containsKey("limit") ? limit(keys.get("limit")) : null;
        if (limit != null && action != Action.ACCEPT) {
            keys.get("limit").error("a limit goes with \"action: accept\" only: what goes beyond is dropped");
        }
        return new Rule(name(keys.get("name"), others), match, limit,
                keys.containsKey("log") && Values.isTrue(keys.get("log")), action);
    }

    private static String name(Node node, List<Rule> others) {
        if (node == null) {
            return null;
        }
        String name = node.text();
        if (RESERVED.contains(name) || name.matches("\\d+")) {
            node.error("\"" + name + "\" can't be a rule's name: numbers, default and related are taken");
        } else if (others.stream().anyMatch(r -> name.equals(r.name()))) {
            node.error("there is a rule \"" + name + "\" already; its counters would be the same");
        }
        return name;
    }

    private static Set<Integer> protocols(Map<String, Node> keys) {
        Set<Integer> protocols = new LinkedHashSet<>();
        if (keys.containsKey("proto")) {
            keys.get("proto").list().forEach(p -> protocols.add(Math.max(0, Values.protocol(p))));
        }
        if (keys.containsKey("port") && protocols.isEmpty()) {
            keys.get("port").error("a port needs a protocol; add for example \"proto: tcp\"");
        } else if (keys.containsKey("port") && !WITH_PORTS.containsAll(protocols)) {
            keys.get("proto").error("only tcp, udp and sctp have ports; give the others a rule of their own");
        }
        return protocols;
    }

    private static List<PortRange> ports(Map<String, Node> keys) {
        List<PortRange> ports = new ArrayList<>();
        if (keys.containsKey("port")) {
            for (Node port : keys.get("port").list()) {
                PortRange range = Values.ports(port);
                if (range != null) {
                    ports.add(range);
                }
            }
        }
        return ports;
    }

    private static Set<State> states(Map<String, Node> keys) {
        Set<State> states = EnumSet.noneOf(State.class);
        if (keys.containsKey("state")) {
            for (Node state : keys.get("state").list()) {
                if (state.text().equals("established")) {
                    state.error("established flows always pass; known are new, related");
                } else {
                    State known = Values.constant(state, State.class);
                    states.add(known == null ? State.NEW : known);
                }
            }
        }
        return states.isEmpty() ? Set.of(State.NEW) : Set.copyOf(states);
    }

    private static Limit limit(Node node) {
        Map<String, Node> keys = node.map("rate", "burst", "flows");
        int rate = 0;
        Duration period = Duration.ofSeconds(1);
        if (keys.containsKey("rate")) {
            Matcher m = RATE.matcher(keys.get("rate").text());
            if (m.matches() && Integer.parseInt(m.group(1)) > 0) {
                rate = Integer.parseInt(m.group(1));
                period = switch (m.group(2)) {
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    default -> Duration.ofHours(1);
                };
            } else {
                keys.get("rate").error("\"" + keys.get("rate").text()
                        + "\" is not a rate; write for example 20/s, 100/m or 1000/h");
            }
        }
        int burst = keys.containsKey("burst") ? Values.count(keys.get("burst"), 1, MAX_COUNT) : BURST;
        int flows = keys.containsKey("flows") ? Values.count(keys.get("flows"), 1, MAX_COUNT) : 0;
        if (!keys.containsKey("rate") && !keys.containsKey("flows") && node.isMap()) {
            node.error("a limit needs \"rate\" or \"flows\", such as {rate: 20/s, burst: 40} or {flows: 100}");
        } else if (keys.containsKey("burst") && !keys.containsKey("rate")) {
            keys.get("burst").error("a burst needs a rate, such as {rate: 20/s, burst: 40}");
        }
        return new Limit(rate, period, burst, flows);
    }

    /** Addresses, networks and names of sets. @param node null for none */
    private List<IpPrefix> addresses(Node node) {
        List<IpPrefix> all = new ArrayList<>();
        if (node == null) {
            return all;
        }
        for (Node element : node.list()) {
            String text = element.text();
            if (sets.containsKey(text)) {
                all.addAll(sets.get(text));
            } else if (text.contains("/")) {
                IpPrefix network = Values.network(element, "10.77.0.0/24");
                if (network != null) {
                    all.add(network);
                }
            } else if (Values.isAddress(text)) {
                all.add(IpPrefix.parse(text));
            } else {
                element.error("\"" + text + "\" is neither an address nor a network"
                        + (sets.isEmpty() ? "" : ", nor one of the sets " + String.join(", ", sets.keySet()))
                        + "; write for example 10.77.0.0/24");
            }
        }
        if (all.isEmpty() && node.list().isEmpty()) {
            node.error("the list is empty; leave the key out to have any address match");
        }
        return all;
    }

    private String zone(Node node, boolean mayBeSelf) {
        if (node == null) {
            return null;
        }
        String name = node.text();
        if (!zones.contains(name) && !(mayBeSelf && name.equals(PolicySettings.SELF))) {
            node.error("there is no zone \"" + name + "\"; there are " + String.join(", ", zones)
                    + (mayBeSelf ? " and self" : ""));
        }
        return name;
    }
}
