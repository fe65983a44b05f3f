package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Accounts;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;

/**
 * Two gateways with one cable between them, on which two VLANs lead from one to the other:
 *
 * <pre>
 *   client ── inner gateway ══ VLAN 10, VLAN 20 ══ outer gateway ── server
 * </pre>
 */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "this kernel has no VLAN devices")
class VlanIT {
    private static final String PAGE = "page.bin";
    private static final byte[] CONTENT = TestData.bytes(20_000_000, 5);
    private static final int ADDRESSES = 10;

    private UndoLog undo;
    private Path directory;
    private Topology topology;
    private final List<Accounts> accounts = new ArrayList<>();
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private String trunk;

    @BeforeEach
    void open() throws Exception {
        Tools.demandRoot();
        undo = UndoLog.open();
        directory = Files.createTempDirectory("sluice-vlan");
        undo.directory(directory);
        // the web server gives up root before it opens files
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        topology = Topology.make(undo);
        trunk = topology.inside().replace("sli", "slt");
        undo.link(trunk + "i");
        Shell.run("ip", "link", "add", trunk + "i", "type", "veth", "peer", "name", trunk + "o");
        for (String end : List.of(trunk + "i", trunk + "o")) {
            Shell.run("ip", "link", "set", end, "addrgenmode", "none");
            Shell.run("ip", "link", "set", end, "up");
        }
        gateway("inner", """
                interfaces:
                  inside: {device: %1$s, addresses: [10.77.0.1/24]}
                  ten: {device: %2$si, vlan: 10, addresses: [192.0.2.1/30], zone: outside}
                  twenty: {device: %2$si, vlan: 20, addresses: [192.0.2.5/30], zone: outside}
                routes: [{to: 0.0.0.0/0, via: [192.0.2.2, 192.0.2.6]}]
                policy: {default: accept}
                """.formatted(topology.inside(), trunk));
        gateway("outer", """
                interfaces:
                  ten: {device: %2$so, vlan: 10, addresses: [192.0.2.2/30], zone: inside}
                  twenty: {device: %2$so, vlan: 20, addresses: [192.0.2.6/30], zone: inside}
                  outside: {device: %1$s, addresses: [198.51.100.1/24]}
                routes: [{to: 10.77.0.0/24, via: [192.0.2.1, 192.0.2.5]}]
                nat: [{kind: masquerade, out: outside}]
                policy: {default: accept}
                """.formatted(topology.outside(), trunk));
    }

    private void gateway(String name, String yaml) throws Exception {
        String listen = Ports.freeOnLoopback();
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(file, yaml + "state: none\nmanagement: {listen: \"" + listen + "\"}\n");
        gateways.add(
                GatewayProcess.start(SluiceMiddle.command(), listen, file, directory.resolve(name + ".log"), undo));
        accounts.add(new Accounts(gateways.getLast()));
    }

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            for (Accounts each : accounts) {
                Accounts.Statement statement = each.atRest();
                assertThat(statement.agrees()).as(statement.describe()).isTrue();
            }
        } finally {
            undo.close();
        }
    }

    @Test
    void shouldForwardByTwoVlansOfOneCable() throws Exception {
        // several addresses of the server, so that both ways are used
        for (int i = 0; i < ADDRESSES; i++) {
            topology.server().run("ip", "address", "add", "198.51.100." + (100 + i) + "/24", "dev", Topology.DEVICE);
        }
        Path heard = directory.resolve("tcpdump");
        Process tcpdump = Namespace.start(List.of(Tools.find("tcpdump"), "-i", trunk + "o", "-n", "-e", "-l", "-c",
                "2000"), heard, undo);
        Rig.await("tcpdump listens", () -> Rig.read(heard).contains("listening on"));
        topology.server().start(List.of(WebServer.command(directory, Topology.SERVER_ADDRESS, PAGE, CONTENT)),
                directory.resolve("server"));
        Path fetched = directory.resolve("fetched");
        Rig.await("a page comes", () -> curl(Topology.SERVER_ADDRESS, fetched));
        assertThat(TestData.sha256(Files.readAllBytes(fetched))).isEqualTo(TestData.sha256(CONTENT));
        for (int i = 0; i < ADDRESSES; i++) {
            assertThat(topology.client().attempt(10, Tools.find("ping"), "-c", "2", "-i", "0.1", "-s", "3000",
                    "198.51.100." + (100 + i)).ok()).isTrue();
        }
        Rig.await("both VLANs carry packets",
                () -> Rig.read(heard).contains("vlan 10, p 0") && Rig.read(heard).contains("vlan 20, p 0"));
        assertThat(Rig.read(heard)).as("nothing is without a tag").doesNotContain("ethertype IPv4 (0x0800), length");
        assertThat(Shell.run("curl", "-s", gateways.getFirst().url() + "/api/v1/interfaces"))
                .contains("\"" + trunk + "i.20\"");
        tcpdump.destroy();
    }

    private boolean curl(String server, Path to) {
        return topology.client().attempt(30, Tools.find("curl"), "-s", "-f", "-o", to.toString(),
                "http://" + server + "/" + PAGE).ok();
    }
}
