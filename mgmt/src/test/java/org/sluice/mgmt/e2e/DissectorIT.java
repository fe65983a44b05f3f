package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.session.Session;
import org.sluice.mgmt.lab.session.Sessions;
import org.sluice.mgmt.lab.session.Stage;

/** What the host outside receives of rewritten messages, as Wireshark's dissectors read it: nothing is malformed, nothing private. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux's helpers fail most of the sessions")
class DissectorIT extends GatewayScenario {
    /** A field of a message, not the IP header. */
    private static final String ANNOUNCED = "(?m)^ +.*[: ]" + Topology.OUTSIDE_ADDRESS.replace(".", "\\.");
    /** Call-ID is a name, though it looks like an address. */
    private static final String PRIVATE = "(?m)^(?!.*Call-ID).*" + Topology.CLIENT_ADDRESS.replace(".", "\\.");

    private Stage stage;

    DissectorIT() {
        super(Plan.SESSIONS);
    }

    @Override
    void startServers() throws IOException {
        stage = new Stage(rig().topology(), rig().newDirectory("sessions"));
    }

    @AfterAll
    void closeStage() {
        stage.close();
    }

    @ParameterizedTest
    @CsvSource({
            "icq, file transfer offered by a client inside, aim_messaging",
            "icq, direct connections to a client inside, aim_generic",
            "h323, 'fast start, caller inside', h225",
            "h323, 'H.245 on its own connection, caller inside', h245",
            "h323, RAS: a phone inside registers and is called, h225",
            "sip, INVITE over UDP: RTP reaches the caller inside, sip"})
    void shouldReadWhatWasRewritten(String helper, String title, String protocol) throws IOException {
        Session session = Sessions.scripted().stream()
                .filter(s -> s.helper().equals(helper) && s.title().equals(title)).findFirst().orElseThrow();
        Path capture = rig().newDirectory("capture").resolve("packets");
        Process tcpdump = rig().server().start(
                List.of(Tools.find("tcpdump"), "-U", "--immediate-mode", "-i", Topology.DEVICE, "-Z", "root", "-w",
                        capture.toString()),
                capture.resolveSibling("log"));
        Rig.await("tcpdump captures", () -> Files.exists(capture) && size(capture) > 0);
        session.play(stage);
        tcpdump.destroy();
        Rig.await("tcpdump has ended", () -> !tcpdump.isAlive());

        assertThat(tshark(capture, "-Y", "_ws.malformed")).isEmpty();
        String read = tshark(capture, "-Y", protocol + " && ip.dst == " + Topology.SERVER_ADDRESS, "-O", protocol);
        assertThat(read).containsPattern(ANNOUNCED).doesNotContainPattern(PRIVATE);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private String tshark(Path capture, String... arguments) {
        // on standard error it warns of being root
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh", Tools.find("tshark"), "-r", capture.toString(),
                        "-d", "tcp.port==5190,aim"));
        command.addAll(List.of(arguments));
        return rig().run(rig().client(), command.toArray(String[]::new));
    }
}
