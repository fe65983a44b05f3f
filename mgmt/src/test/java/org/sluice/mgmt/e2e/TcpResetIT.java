package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** A long transfer from nginx to curl, and somebody on the server's side who knows its addresses and ports and wants to end it. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "asks Sluice for its flows")
class TcpResetIT extends GatewayScenario {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "long.bin";
    private static final int SIZE = 40_000_000;
    private static final int FORGED = 10_000;
    /** Curl's limit: the transfer takes some ten seconds, longer than the forger. */
    private static final String RATE = "4M";

    private byte[] content;

    TcpResetIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws IOException {
        content = TestData.bytes(SIZE, 5961);
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, FILE, content);
    }

    /** What the gateway knows of the transfer that goes on. */
    private record Flow(int port, String state, long packets, long replies) {}

    /** @return those to the server's port that are in one of the states, or all when none is given. */
    private List<Flow> flows(String... states) {
        JsonNode all = JSON.readTree(middle().get("/api/v1/flows?proto=tcp&dport=80")).get("flows");
        List<Flow> flows = new ArrayList<>();
        for (JsonNode flow : all) {
            String state = flow.get("state").asString();
            if (states.length == 0 || List.of(states).contains(state)) {
                flows.add(new Flow(flow.get("reply").get("dport").asInt(), state,
                        flow.get("original").get("packets").asLong(), flow.get("reply").get("packets").asLong()));
            }
        }
        return flows;
    }

    private SluiceMiddle middle() {
        return (SluiceMiddle) rig().middle();
    }

    private Process download(Path to, Path log) {
        Process curl = rig().client().start(List.of(Tools.find("curl"), "-sS", "--limit-rate", RATE, "--max-time", "50",
                "-o", to.toString(), "http://" + Topology.SERVER_ADDRESS + "/" + FILE), log);
        Rig.await("the transfer goes on",
                () -> flows("ESTABLISHED").size() == 1 && flows("ESTABLISHED").getFirst().replies() > 20);
        return curl;
    }

    private void forge(int flags, int port, long seed) {
        List<String> command = new ArrayList<>(SluiceMiddle.java(TcpForger.class.getName()));
        command.addAll(List.of(Topology.DEVICE, gatewayMac(), Topology.SERVER_ADDRESS, "80",
                Topology.OUTSIDE_ADDRESS, Integer.toString(port), Integer.toString(flags), Integer.toString(FORGED),
                Long.toString(seed)));
        assertThat(rig().run(rig().server(), command.toArray(String[]::new)).trim()).as("segments sent")
                .endsWith(Integer.toString(flags == 0 ? 2 * FORGED : FORGED));
    }

    private String gatewayMac() {
        Namespace server = rig().server();
        String neighbor = server.run("ip", "neighbor", "show", Topology.OUTSIDE_ADDRESS);
        return neighbor.replaceAll("(?s).*lladdr (\\S+).*", "$1");
    }

    @ParameterizedTest
    @CsvSource({"'data, and RST at its end', 0", "RST, 4", "'RST, ACK', 20", "'FIN, ACK', 17", "SYN, 2",
            "'SYN, ACK', 18"})
    void shouldKeepATransferThatSomebodyWantsToEndByGuessing(String name, int flags) throws Exception {
        Path got = rig().newDirectory("got").resolve(FILE);
        Path log = rig().newDirectory("log").resolve("curl");
        Process curl = download(got, log);
        Flow before = flows("ESTABLISHED").getFirst();

        forge(flags, before.port(), 1 + flags);

        assertThat(curl.isAlive()).as("the transfer outlasts the forger").isTrue();
        assertThat(flows("ESTABLISHED")).as("after %d forged %s", FORGED, name)
                .extracting(Flow::port).containsExactly(before.port());
        assertThat(curl.waitFor()).as("curl: %s", Files.readString(log)).isZero();
        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(TestData.sha256(content));
        Rig.await("the ends' own FINs are seen", () -> flows("ESTABLISHED").isEmpty());
        assertThat(flows()).filteredOn(f -> f.port() == before.port()).extracting(Flow::state)
                .containsAnyOf("CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE");
        if (flags == 0 || (flags & Tcp.RST) != 0) {
            assertThat(refusedResets()).as("dropped by their reason").isPositive();
        }
    }

    private long refusedResets() {
        JsonNode counters = JSON.readTree(middle().get("/api/v1/counters"));
        return counters.get("sluice_drops_total{reason=\"tcp_reset\"}").asLong();
    }

    @Test
    void shouldSeeTheResetOfARealEnd() throws Exception {
        Process curl = download(rig().newDirectory("got").resolve(FILE), rig().newDirectory("log").resolve("curl"));
        int port = flows("ESTABLISHED").getFirst().port();

        // with data unread, the kernel resets what a killed process leaves behind (RFC 2525 2.17)
        curl.descendants().forEach(ProcessHandle::destroyForcibly);
        curl.destroyForcibly();

        Rig.await("the client's reset is seen", () -> flows("CLOSE").stream().anyMatch(f -> f.port() == port));
    }
}
