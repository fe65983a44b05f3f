package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Linux's own NAT (nf_tables, nf_conntrack and its helpers) in a namespace of its own, in the place of a gateway: what Sluice is
 * compared with, and the proof that a scenario can be passed.
 */
public final class KernelGateway {
    private static final Map<String, List<Watched>> WATCHED = Map.of("ftp", List.of(new Watched("ftp", "tcp", 21)),
            "irc", List.of(new Watched("irc", "tcp", 6667)), "tftp", List.of(new Watched("tftp", "udp", 69)), "pptp",
            List.of(new Watched("pptp", "tcp", 1723)), "sip",
            List.of(new Watched("sip", "udp", 5060), new Watched("sip", "tcp", 5060)), "h323",
            List.of(new Watched("Q.931", "tcp", 1720), new Watched("RAS", "udp", 1719)));
    /** Those that Linux has for IPv6 too. */
    private static final List<String> IPV6_HELPERS = List.of("ftp", "tftp", "sip");

    /** What a helper is assigned to, by the kernel's name for it. */
    private record Watched(String type, String protocol, int port) {

        String name() {
            return "h" + protocol + port;
        }
    }

    private final Namespace router;

    /**
     * Takes the gateway's devices of a topology; the log gives them back.
     *
     * @param helpers active ones, by name
     * @param forwards what leads to the client's host
     * @param directory that takes the rules
     */
    public KernelGateway(Topology topology, List<String> helpers, List<Forward> forwards, Path directory, UndoLog undo)
            throws IOException {
        router = Namespace.make(topology.client().name().replace("client", "router"), undo);
        connect(topology.inside(), Topology.INSIDE_ADDRESS, Topology.INSIDE_ADDRESS6);
        connect(topology.outside(), Topology.OUTSIDE_ADDRESS, Topology.OUTSIDE_ADDRESS6);
        router.run("sh", "-c",
                "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
        Path rules = directory.resolve("rules.nft");
        Files.writeString(rules, rules(topology, helpers, forwards));
        router.run("nft", "-f", rules.toString());
    }

    private void connect(String device, String address, String address6) {
        Shell.run("ip", "link", "set", device, "netns", router.name());
        router.run("ip", "address", "add", address + "/" + Topology.PREFIX_LENGTH, "dev", device);
        router.run("ip", "address", "add", address6 + "/" + Topology.PREFIX6_LENGTH, "dev", device, "nodad");
        router.run("ip", "link", "set", device, "up");
    }

    private static String rules(Topology topology, List<String> helpers, List<Forward> forwards) {
        StringBuilder rules = new StringBuilder("table ip lab {\n");
        watch(rules, helpers);
        rules.append("chain source { type nat hook postrouting priority 100; oifname %s masquerade; }\n"
                .formatted(topology.outside()));
        rules.append("chain destination { type nat hook prerouting priority -100;\n");
        for (Forward forward : forwards) {
            rules.append("iifname %s %s dport %d dnat to %s%n".formatted(topology.outside(), forward.protocol(),
                    forward.port(), Topology.CLIENT_ADDRESS));
        }
        rules.append("}\nchain pass { type filter hook forward priority 0; policy drop;\n"
                + "ct state established,related accept\niifname %s accept\n".formatted(topology.inside()));
        for (Forward forward : forwards) {
            rules.append("%s dport %d accept\n".formatted(forward.protocol(), forward.port()));
        }
        rules.append("}\n}\ntable ip6 lab {\n");
        watch(rules, helpers.stream().filter(IPV6_HELPERS::contains).toList());
        return rules.append("chain pass { type filter hook forward priority 0; policy drop;\n"
                + "ct state established,related accept\niifname %s accept\n}\n}\n".formatted(topology.inside()))
                .toString();
    }

    private static void watch(StringBuilder rules, List<String> helpers) {
        List<Watched> all = helpers.stream().map(WATCHED::get).flatMap(List::stream).toList();
        for (Watched watched : all) {
            rules.append("ct helper %s { type \"%s\" protocol %s; }%n".formatted(watched.name(), watched.type,
                    watched.protocol));
        }
        rules.append("chain helpers { type filter hook prerouting priority 0;\n");
        for (Watched watched : all) {
            rules.append(
                    "%s dport %d ct helper set \"%s\"%n".formatted(watched.protocol, watched.port, watched.name()));
        }
        rules.append("}\n");
    }

    /** @return where the gateway's devices are now. */
    public Namespace router() {
        return router;
    }
}
