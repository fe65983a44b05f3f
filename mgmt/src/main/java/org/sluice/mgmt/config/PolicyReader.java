package org.sluice.mgmt.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;

/** {@code policy:} */
final class PolicyReader {
    /** tcp, udp, sctp */
    private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 132);
    private final List<String> zones;

    PolicyReader(List<InterfaceSettings> interfaces) {
        zones = interfaces.stream().map(InterfaceSettings::zone).distinct().toList();
    }

    PolicySettings read(Node node) {
        Map<String, Node> keys = node.map("default", "rules");
        Action byDefault = keys.containsKey("default")
                ? Values.constant(keys.get("default"), Action.class)
                : Action.DROP;
        List<Rule> rules = new ArrayList<>();
        if (keys.containsKey("rules")) {
            for (Node element : keys.get("rules").list()) {
                rules.add(rule(element));
            }
        }
        return new PolicySettings(byDefault, rules);
    }

    private Rule rule(Node element) {
        Map<String, Node> keys = element.map("from", "to", "proto", "port", "action");
        Set<Integer> protocols = new LinkedHashSet<>();
        if (keys.containsKey("proto")) {
            keys.get("proto").list().forEach(p -> protocols.add(Math.max(0, Values.protocol(p))));
        }
        List<PortRange> ports = new ArrayList<>();
        if (keys.containsKey("port")) {
            for (Node port : keys.get("port").list()) {
                PortRange range = Values.ports(port);
                if (range != null) {
                    ports.add(range);
                }
            }
            if (protocols.isEmpty()) {
                keys.get("port").error("a port needs a protocol; add for example \"proto: tcp\"");
            } else if (!WITH_PORTS.containsAll(protocols)) {
                keys.get("proto").error("only tcp, udp and sctp have ports; give the others a rule of their own");
            }
        }
        Action action = null;
        if (keys.containsKey("action")) {
            action = Values.constant(keys.get("action"), Action.class);
        } else if (element.isMap()) {
            element.error("\"action:\" is missing; write accept, drop or reject");
        }
        return new Rule(zone(keys.get("from"), false), zone(keys.get("to"), true), protocols, ports, action);
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
