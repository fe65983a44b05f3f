package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;

/** Linux's own NAT (nf_tables, nf_conntrack and its helpers), in a namespace of its own: shows that the rig is right. */
final class KernelMiddle implements Middle {
    private static final Map<String, Integer> PORTS = Map.of("ftp", 21, "irc", 6667);

    private final Namespace router;

    KernelMiddle(Topology topology, Plan plan, Path directory, UndoLog undo) throws IOException {
        Tools.find("nft");
        router = Namespace.make(topology.client().name().replace("client", "router"), undo);
        connect(topology.inside(), Topology.INSIDE_ADDRESS);
        connect(topology.outside(), Topology.OUTSIDE_ADDRESS);
        router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        Path rules = directory.resolve("rules.nft");
        Files.writeString(rules, rules(topology, plan));
        router.run(Tools.find("nft"), "-f", rules.toString());
    }

    private void connect(String device, String address) {
        Shell.run("ip", "link", "set", device, "netns", router.name());
        router.run("ip", "address", "add", address + "/" + Topology.PREFIX_LENGTH, "dev", device);
        router.run("ip", "link", "set", device, "up");
    }

    private static String rules(Topology topology, Plan plan) {
        StringBuilder rules = new StringBuilder("table ip lab {\n");
        for (String helper : plan.helpers()) {
            rules.append("ct helper %s { type \"%s\" protocol tcp; }%n".formatted(helper, helper));
        }
        rules.append("chain helpers { type filter hook prerouting priority 0;\n");
        for (String helper : plan.helpers()) {
            rules.append("tcp dport %d ct helper set \"%s\"%n".formatted(PORTS.get(helper), helper));
        }
        rules.append("}\nchain source { type nat hook postrouting priority 100; oifname %s masquerade; }\n"
                .formatted(topology.outside()));
        rules.append("chain destination { type nat hook prerouting priority -100;\n");
        for (int port : plan.forwards()) {
            rules.append("iifname %s tcp dport %d dnat to %s%n".formatted(topology.outside(), port,
                    Topology.CLIENT_ADDRESS));
        }
        rules.append("}\nchain pass { type filter hook forward priority 0; policy drop;\n"
                + "ct state established,related accept\niifname %s accept\n".formatted(topology.inside()));
        if (!plan.forwards().isEmpty()) {
            rules.append("tcp dport { %s } accept\n".formatted(
                    plan.forwards().stream().map(String::valueOf).collect(Collectors.joining(","))));
        }
        return rules.append("}\n}\n").toString();
    }

    @Override
    public List<String> atDevices(List<String> command) {
        return router.inside(command);
    }

    @Override
    public void assertAtRest() {
        // the kernel keeps no such account
    }

    @Override
    public String log() {
        return "";
    }

    @Override
    public void close() {
        // the undo log deletes the namespace
    }
}
