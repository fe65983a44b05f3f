package org.sluice.mgmt.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.InterfaceSettings.Driver;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.PolicySettings;

/** {@code interfaces:} */
final class InterfaceReader {
    private static final int MIN_MTU = 68;
    private static final int MAX_MTU = 65535;
    private static final int MAX_INTERFACES = 255;

    private InterfaceReader() {}

    static List<InterfaceSettings> read(Node node) {
        List<InterfaceSettings> interfaces = new ArrayList<>();
        node.entries().forEach((name, value) -> interfaces.add(one(name, value, interfaces)));
        if (interfaces.isEmpty() && node.isMap()) {
            node.error("at least one interface is needed");
        }
        if (interfaces.size() > MAX_INTERFACES) {
            node.error("at most " + MAX_INTERFACES + " interfaces are possible");
        }
        return interfaces;
    }

    private static InterfaceSettings one(String name, Node node, List<InterfaceSettings> others) {
        Map<String, Node> keys = node.map("device", "driver", "addresses", "zone", "mtu");
        String device = "";
        if (keys.containsKey("device")) {
            device = keys.get("device").text();
            String same = device;
            if (others.stream().anyMatch(o -> o.device().equals(same))) {
                keys.get("device").error("the device \"" + device + "\" is another interface's already");
            }
        } else if (node.isMap()) {
            node.error("\"device:\" is missing; name the Linux interface, such as eth0");
        }
        Driver driver = keys.containsKey("driver")
                ? Values.constant(keys.get("driver"), Driver.class)
                : Driver.AF_PACKET;
        List<IpPrefix> addresses = new ArrayList<>();
        if (keys.containsKey("addresses")) {
            for (Node element : keys.get("addresses").list()) {
                address(element, addresses, others);
            }
        }
        String zone = keys.containsKey("zone") ? keys.get("zone").text() : name;
        if (zone.equals(PolicySettings.SELF)) {
            keys.getOrDefault("zone", node).error("the zone \"self\" is the gateway itself; choose another name");
        }
        int mtu = keys.containsKey("mtu") ? Values.count(keys.get("mtu"), MIN_MTU, MAX_MTU) : 0;
        return new InterfaceSettings(name, device, driver, List.copyOf(addresses), zone, mtu);
    }

    private static void address(Node element, List<IpPrefix> addresses, List<InterfaceSettings> others) {
        IpPrefix prefix = Values.prefix(element, "10.77.0.1/24");
        if (prefix == null) {
            return;
        }
        for (InterfaceSettings other : others) {
            for (IpPrefix theirs : other.addresses()) {
                if (Prefixes.overlap(prefix, theirs)) {
                    element.error("the network of " + prefix + " overlaps that of " + theirs + " on interface \""
                            + other.name() + "\"; a network can be on one interface only");
                    return;
                }
            }
        }
        addresses.add(prefix);
    }
}
