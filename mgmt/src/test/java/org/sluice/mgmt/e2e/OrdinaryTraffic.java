package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** What needs no helper: the web, name service, bulk transfers and the tools that people look at a network with. */
abstract class OrdinaryTraffic extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final int PAGE_SIZE = 3_000;
    private static final int CONNECTIONS = 2_000;
    private static final int IPERF_PORT = 5201;

    OrdinaryTraffic(Plan plan) {
        super(plan);
    }

    @Override
    void startServers() throws IOException {
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, PAGE, TestData.bytes(PAGE_SIZE, 80));
        startIperf();
        NameServer.start(rig(), rig().server(), List.of(Topology.SERVER_ADDRESS), List.of("192.0.2.80"));
    }

    /** It serves one test at a time and takes a connection without a test for one that failed, so none is made to see it. */
    private void startIperf() {
        Path log = rig().newDirectory("log").resolve("iperf");
        rig().server().start(List.of(Tools.find("iperf3"), "-s", "--forceflush"), log);
        Rig.await("iperf3 listens", () -> {
            try {
                return Files.readString(log).contains("listening");
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void shouldCarryTwoThousandShortConnections() {
        List<String> lines = rig().program(rig().client(), "http",
                "url=http://" + Topology.SERVER_ADDRESS + "/" + PAGE, "times=" + CONNECTIONS);

        assertThat(lines.getFirst()).startsWith(PAGE_SIZE + " " + TestData.sha256(TestData.bytes(PAGE_SIZE, 80)));
        assertThat(lines.getLast()).isEqualTo("fetched " + CONNECTIONS);
    }

    @Test
    void shouldAnswerPingsAndPassThem() {
        for (String address : List.of(Topology.INSIDE_ADDRESS, Topology.OUTSIDE_ADDRESS, Topology.SERVER_ADDRESS)) {
            assertThat(ping("-c", "10", "-i", "0.1", address)).contains(" 0% packet loss");
        }
    }

    @Test
    void shouldPassFragmentedPings() {
        assertThat(ping("-c", "3", "-i", "0.1", "-s", "20000", Topology.SERVER_ADDRESS)).contains(" 0% packet loss");
    }

    private String ping(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Tools.find("ping"), "-n", "-W", "2"));
        command.addAll(List.of(arguments));
        return rig().run(rig().client(), command.toArray(String[]::new));
    }

    @Test
    void shouldPassNameService() {
        assertThat(dig("www.example.net")).isEqualTo("192.0.2.80\n");
        assertThat(dig("+tcp", "www.example.net")).isEqualTo("192.0.2.80\n");
        assertThat(dig("+bufsize=4096", "+ignore", "long.example.net", "TXT")).as("an answer in several fragments")
                .contains("x".repeat(250)).contains("t".repeat(250));
    }

    private String dig(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Tools.find("dig"), "+short", "+time=3", "@" + Topology.SERVER_ADDRESS));
        command.addAll(List.of(arguments));
        return rig().run(rig().client(), command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-4", "-I", "-T"})
    void shouldShowItselfToTraceroute(String probe) {
        String route = rig().run(rig().client(), Tools.find("traceroute"), "-n", probe, "-q", "1", "-w", "2", "-m", "4",
                Topology.SERVER_ADDRESS);

        assertThat(route).containsPattern(" 1  " + Topology.INSIDE_ADDRESS)
                .containsPattern(" 2  " + Topology.SERVER_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void shouldCarryBulkTransfersWithOffloads(String offloads) {
        rig().setOffloads(offloads);
        try {
            for (String direction : List.of("--client", "--reverse", "--bidir")) {
                iperf(direction, "-n", "20M");
            }
            iperf("--client", "-u", "-b", "50M", "-l", "1200", "-t", "1");
            iperf("--reverse", "-u", "-b", "50M", "-l", "9000", "-t", "1");
        } finally {
            rig().setOffloads("on");
        }
    }

    private void iperf(String direction, String... more) {
        List<String> command = new ArrayList<>(List.of(Tools.find("iperf3"), "--client",
                Topology.SERVER_ADDRESS, "--port", Integer.toString(IPERF_PORT), "--connect-timeout", "5000"));
        if (!direction.equals("--client")) {
            command.add(direction);
        }
        command.addAll(List.of(more));
        assertThat(rig().run(rig().client(), command.toArray(String[]::new))).contains("iperf Done.");
    }

    /** RFC 1191: a smaller device on the way out makes the gateway say "fragmentation needed", and TCP adapts. */
    @Test
    void shouldTellTheSenderOfASmallerLink() {
        rig().atDevices("ip", "link", "set", rig().topology().outside(), "mtu", "1200");
        rig().server().run("ip", "link", "set", Topology.DEVICE, "mtu", "1200");
        try {
            Rig.await("the gateway sees the new MTU", () -> {
                Shell.Result result = rig().client().attempt(10, Tools.find("ping"), "-n", "-c", "1", "-W", "1", "-M",
                        "do", "-s", "1300", Topology.SERVER_ADDRESS);
                return result.output().contains("mtu = 1200") || result.output().contains("mtu=1200");
            });
            iperf("--client", "-n", "5M");
            iperf("--reverse", "-n", "5M");
        } finally {
            rig().atDevices("ip", "link", "set", rig().topology().outside(), "mtu", "1500");
            rig().server().run("ip", "link", "set", Topology.DEVICE, "mtu", "1500");
        }
    }
}
