package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** {@code sluice watch} on a pseudo-terminal (script of util-linux), and where there is none. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "reads Sluice's own numbers")
class WatchIT extends GatewayScenario {
    private static final int SECONDS = 30;
    private static final String ENTERED = "\033[?1049h";
    private static final String LEFT = "\033[?1049l";

    WatchIT() {
        super(Plan.WITHOUT_HELPERS);
    }

    private SluiceMiddle sluice() {
        return (SluiceMiddle) rig().middle();
    }

    private Process onATerminal(Path output) throws IOException {
        List<String> words = new ArrayList<>(SluiceMiddle.command());
        words.addAll(List.of("watch", "--interval", "0.2", "--url", sluice().url()));
        String command = words.stream().map(w -> "'" + w + "'").collect(Collectors.joining(" "));
        // who runs the tests in the background has SIGINT ignored, and all below would inherit that
        Process process = new ProcessBuilder(Tools.find("env"), "--default-signal=INT", Tools.find("script"), "-q",
                "-e", "-c",
                "stty rows 30 cols 100; " + command + "; echo status $?; stty -a", "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        rig().undo().process(process);
        Rig.await("the view is there", () -> Rig.read(output).contains(ENTERED));
        return process;
    }

    private static void press(Process process, String key) throws IOException {
        OutputStream keyboard = process.getOutputStream();
        keyboard.write(key.getBytes(StandardCharsets.US_ASCII));
        keyboard.flush();
    }

    private void ping() {
        rig().run(rig().client(), Tools.find("ping"), "-c", "3", "-i", "0.2", Topology.SERVER_ADDRESS);
    }

    @Test
    void shouldFillTheTerminalAndLeaveItAsItWas() throws Exception {
        Path output = rig().newDirectory("watch").resolve("output");
        Process process = onATerminal(output);
        ping();
        Rig.await("the ping is among the flows", () -> Rig.read(output).contains("icmp   " + Topology.CLIENT_ADDRESS));
        press(process, "q");
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        String shown = Rig.read(output);
        assertThat(shown).contains("INTERFACE", "inside", "DROPPED BECAUSE", "status 0");
        assertThat(shown.substring(shown.lastIndexOf(LEFT))).containsPattern("[^-]icanon")
                .containsPattern("[^-]echo\\b");
    }

    @Test
    void shouldLeaveTheTerminalAsItWasAfterCtrlC() throws Exception {
        Path output = rig().newDirectory("watch").resolve("output");
        Process process = onATerminal(output);
        press(process, "\003");
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Rig.read(output)).contains(LEFT);
    }

    @Test
    void shouldPrintFramesWhereThereIsNoTerminal() {
        Shell.Result plain = sluice().command("watch", "-n", "2", "--interval", "0.2");
        assertThat(plain.status()).as(plain.output()).isZero();
        assertThat(plain.output().lines().filter(l -> l.startsWith("INTERFACE "))).hasSize(2);
        assertThat(plain.output()).doesNotContain("\033");
        Shell.Result json = sluice().command("watch", "-n", "1", "--interval", "0.2", "--json");
        assertThat(json.output()).startsWith("{\"seconds\":").contains("\"interfaces\":[{\"name\":\"inside\"");
    }
}
