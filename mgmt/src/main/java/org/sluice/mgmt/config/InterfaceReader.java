package org.sluice.mgmt.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.InterfaceSettings.Driver;
import org.sluice.slowpath.settings.InterfaceSettings.SourceValidation;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.PolicySettings;

/** {@code interfaces:} */
final class InterfaceReader {
    private static final int MIN_MTU = 68;
    private static final int MAX_MTU = 65535;
    /** From this length on an IPv4 network has no broadcast address (RFC 3021). */
    private static final int POINT_TO_POINT = 31;
    private static final int MAX_DEVICE_NAME = 15;
    private static final int MAX_VLAN = 4094;
    private static final int MAX_INTERFACES = 255;

    private enum Bogons {
        ACCEPT, DROP
    }

    private enum MssClamp {
        AUTO, OFF
    }

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
        Map<String, Node> keys = node.map("device", "driver", "addresses", "zone", "mtu", "source_validation",
                "bogons", "mss_clamp", "router_advertisements", "vlan");
        int vlan = keys.containsKey("vlan") ? Values.count(keys.get("vlan"), 1, MAX_VLAN) : 0;
        String device = "";
        if (keys.containsKey("device")) {
            device = keys.get("device").text();
            String same = device;
            if (device.isEmpty()
                    || !isFile(keys) && (device.length() > MAX_DEVICE_NAME || device.matches(".*[/\\s].*"))) {
                keys.get("device").error("\"" + device + "\" is not the name of a Linux interface (1 to "
                        + MAX_DEVICE_NAME + " letters, no slash or space); ip link shows those there are");
            } else if (others.stream().anyMatch(o -> o.device().equals(same) && o.vlan() == vlan)) {
                keys.get("device").error("the device \"" + device + "\" is another interface's already"
                        + (vlan > 0 ? " with VLAN " + vlan : "; several can share it if each has another \"vlan:\""));
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
        } else if (node.isMap()) {
            node.error("\"addresses:\" is missing; write for example addresses: [10.77.0.1/24]");
        }
        String zone = keys.containsKey("zone") ? keys.get("zone").text() : name;
        if (zone.equals(PolicySettings.SELF)) {
            keys.getOrDefault("zone", node).error("the zone \"self\" is the gateway itself; choose another name");
        }
        int mtu = keys.containsKey("mtu") ? Values.count(keys.get("mtu"), MIN_MTU, MAX_MTU) : 0;
        SourceValidation validation = keys.containsKey("source_validation")
                ? Values.constant(keys.get("source_validation"), SourceValidation.class)
                : SourceValidation.STRICT;
        boolean refusesBogons = keys.containsKey("bogons")
                && Values.constant(keys.get("bogons"), Bogons.class) == Bogons.DROP;
        boolean clampsMss = !keys.containsKey("mss_clamp")
                || Values.constant(keys.get("mss_clamp"), MssClamp.class) == MssClamp.AUTO;
        return new InterfaceSettings(name, device, driver, List.copyOf(addresses), zone, mtu, validation,
                refusesBogons, clampsMss,
                keys.containsKey("router_advertisements")
                        ? AdvertisementReader.read(keys.get("router_advertisements"), addresses)
                        : null,
                vlan);
    }

    private static boolean isFile(Map<String, Node> keys) {
        return keys.containsKey("driver") && keys.get("driver").text().equals("pcap");
    }

    private static void address(Node element, List<IpPrefix> addresses, List<InterfaceSettings> others) {
        IpPrefix prefix = Values.prefix(element, "10.77.0.1/24");
        if (prefix == null) {
            return;
        }
        InetAddress own = prefix.address();
        if (own.isMulticastAddress() || own.isAnyLocalAddress() || own.isLoopbackAddress()) {
            element.error(
                    own.getHostAddress() + " can't be an interface's own address; write for example 10.77.0.1/24");
            return;
        }
        if (prefix.isIpv4() && prefix.length() < POINT_TO_POINT
                && (own.equals(Prefixes.network(prefix).address()) || own.equals(Prefixes.last(prefix)))) {
            element.error(own.getHostAddress() + " stands for the whole network " + Prefixes.network(prefix)
                    + "; write one of the addresses within");
            return;
        }
        if (addresses.stream().anyMatch(a -> a.address().equals(own))) {
            element.error(own.getHostAddress() + " stands here twice; remove one");
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
