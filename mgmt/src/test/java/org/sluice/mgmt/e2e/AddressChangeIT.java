package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** The provider gives another address, or one of two routers fails, while people use the gateway. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about reloads of Sluice")
class AddressChangeIT {
    private static final String PAGE = "page.bin";
    private static final String NEW_ADDRESS = "198.51.100.7";
    private static final List<String> ROUTERS = List.of("198.51.100.253", "198.51.100.254");
    /** Behind either router. */
    private static final String FAR = "203.0.113.";
    private static final int HOSTS = 12;
    private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+) ttl=");

    private Rig rig;
    private SluiceMiddle sluice;

    @BeforeEach
    void open() throws Exception {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        rig.topology().enableIpv6();
        sluice = (SluiceMiddle) rig.middle();
        WebServer.start(rig, rig.server(), Topology.SERVER_ADDRESS, PAGE, TestData.bytes(50_000_000, 1));
    }

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private String sluice(String... words) {
        Shell.Result result = sluice.command(words);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private String reload(String line, String replacement) {
        sluice.edit(line, replacement);
        return sluice("reload");
    }

    private Process ping(String address, Path log) {
        return rig.client().start(List.of(Tools.find("ping"), "-n", "-i", "0.2", "-w", "120", address), log);
    }

    private static int lastAnswered(Path log) {
        Matcher matcher = SEQUENCE.matcher(Rig.read(log));
        int last = 0;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1));
        }
        return last;
    }

    @Test
    void shouldGoOnWithTheNewAddressAtOnce() {
        Path directory = rig.newDirectory("log");
        Process download = rig.client().start(List.of(Tools.find("curl"), "-s", "-o", "/dev/null", "--limit-rate", "1M",
                "http://" + Topology.SERVER_ADDRESS + "/" + PAGE), directory.resolve("curl"));
        Path pinged = directory.resolve("ping6");
        Process ping6 = ping(Topology.SERVER_ADDRESS6, pinged);
        Rig.await("the download runs", () -> sluice("show", "flows", "--proto", "tcp").contains("ESTABLISHED"));
        Rig.await("pings are answered", () -> lastAnswered(pinged) > 2);

        assertThat(reload(Topology.OUTSIDE_ADDRESS + "/", NEW_ADDRESS + "/")).contains("1 live flows were ended");

        int seen = lastAnswered(pinged);
        assertThat(rig.client().attempt(20, Tools.find("curl"), "-s", "-r", "0-999", "-o", "/dev/null",
                "http://" + Topology.SERVER_ADDRESS + "/" + PAGE).status()).isZero();
        String flows = sluice("show", "flows", "--proto", "tcp");
        assertThat(flows).contains("dst=" + NEW_ADDRESS + " ").doesNotContain("dst=" + Topology.OUTSIDE_ADDRESS + " ");
        assertThat(sluice.get("/metrics")).contains("sluice_flows_ended_total{reason=\"address_gone\"} 1");
        Rig.await("what does not use the address goes on", () -> lastAnswered(pinged) > seen + 3);
        assertThat(rig.server().attempt(10, Tools.find("ping"), "-c", "1", "-w", "5", NEW_ADDRESS).ok())
                .as("the gateway answers at its new address").isTrue();
        download.destroy();
        ping6.destroy();
    }

    /** Puts two routers on the outside link; both have all of the network that they lead to. */
    private List<Namespace> routers() {
        Namespace link = rig.server();
        link.run("ip", "link", "add", "link0", "type", "bridge");
        link.run("ip", "address", "flush", "dev", Topology.DEVICE);
        link.run("ip", "link", "set", Topology.DEVICE, "master", "link0");
        link.run("ip", "link", "set", "link0", "up");
        List<Namespace> routers = new ArrayList<>();
        for (String address : ROUTERS) {
            int i = routers.size();
            Namespace router = Namespace.make(link.name() + "-r" + i, rig.undo());
            link.run("ip", "link", "add", "router" + i, "type", "veth", "peer", "name", Topology.DEVICE, "netns",
                    router.name());
            link.run("ip", "link", "set", "router" + i, "master", "link0", "up");
            router.run("ip", "address", "add", address + "/24", "dev", Topology.DEVICE);
            router.run("ip", "link", "set", Topology.DEVICE, "up");
            router.run("ip", "link", "set", "lo", "up");
            router.run("ip", "route", "add", "local", FAR + "0/24", "dev", "lo");
            routers.add(router);
        }
        return routers;
    }

    /** @return echo requests that the router has answered */
    private static long echoes(Namespace router) {
        String[] lines = router.run("cat", "/proc/net/snmp").lines().filter(line -> line.startsWith("Icmp: "))
                .toArray(String[]::new);
        int column = List.of(lines[0].split(" ")).indexOf("InEchos");
        return Long.parseLong(lines[1].split(" ")[column]);
    }

    @Test
    void shouldUseBothRoutersAndMoveWhatTheFailedOneHad() {
        List<Namespace> routers = routers();
        reload("helpers: []",
                "helpers: []\nroutes: [{to: " + FAR + "0/24, via: [" + String.join(", ", ROUTERS) + "]}]");
        List<Path> logs = new ArrayList<>();
        List<Process> pings = new ArrayList<>();
        for (int host = 1; host <= HOSTS; host++) {
            logs.add(rig.newDirectory("ping").resolve("log"));
            pings.add(ping(FAR + host, logs.getLast()));
        }
        Rig.await("everybody answers", () -> logs.stream().allMatch(log -> lastAnswered(log) > 5));
        assertThat(routers).allMatch(router -> echoes(router) > 0);

        rig.server().run("ip", "link", "set", "router0", "down");
        List<Integer> seen = logs.stream().map(AddressChangeIT::lastAnswered).toList();
        Rig.await("everybody answers by the other router", () -> {
            for (int i = 0; i < HOSTS; i++) {
                if (lastAnswered(logs.get(i)) < seen.get(i) + 5) {
                    return false;
                }
            }
            return true;
        });
        assertThat(sluice.log()).contains("the next hop " + ROUTERS.getFirst() + " on outside does not answer");

        rig.server().run("ip", "link", "set", "router0", "up");
        Rig.await("the router is noticed again", () -> sluice("show", "neighbors").lines()
                .anyMatch(line -> line.contains(ROUTERS.getFirst() + " ") && line.endsWith(" REACHABLE")));
        long before = echoes(routers.getFirst());
        for (int host = 1; host <= HOSTS; host++) {
            assertThat(rig.client().attempt(10, Tools.find("ping"), "-c", "1", "-w", "5", FAR + (100 + host)).ok())
                    .isTrue();
        }
        assertThat(echoes(routers.getFirst())).as("new flows use it").isGreaterThan(before);
        pings.forEach(Process::destroy);
    }
}
