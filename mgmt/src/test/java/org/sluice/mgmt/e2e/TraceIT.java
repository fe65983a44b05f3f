package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** {@code sluice trace} beside real traffic, and what Wireshark's own reader says of the capture. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "the kernel has traces of its own")
class TraceIT extends GatewayScenario {
    private static final int SECONDS = 30;
    private FtpFiles files;
    private int traces;

    TraceIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        files = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, files);
    }

    /** A trace that has begun. */
    private record Running(Process process, Path output, Path capture) {

        String end() throws InterruptedException {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("the trace has its packets").isTrue();
            String text = Rig.read(output);
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        }
    }

    private Running trace(String... filter) {
        traces++;
        Path folder = rig().newDirectory("trace-" + traces);
        Path output = folder.resolve("output");
        Path capture = folder.resolve("capture.pcapng");
        List<String> command = new ArrayList<>(SluiceMiddle.command());
        command.addAll(List.of("trace", "--url", ((SluiceMiddle) rig().middle()).url(), "--write", capture.toString()));
        command.addAll(List.of(filter));
        Process process = Namespace.start(command, output, rig().undo());
        Rig.await("the trace has begun", () -> Rig.read(output).contains("tracing"));
        return new Running(process, output, capture);
    }

    private static String tshark(Path capture, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh", Tools.find("tshark"), "-r", capture.toString()));
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.attempt(SECONDS, command);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    @Test
    void shouldFollowAPingThereAndBack() throws Exception {
        Running trace = trace("-p", "icmp", "-s", Topology.CLIENT_ADDRESS, "-n", "4");
        rig().run(rig().client(), Tools.find("ping"), "-c", "2", "-i", "0.2", Topology.SERVER_ADDRESS);
        String told = trace.end();
        assertThat(told).contains("no_flow, it belongs to no known flow", "snat        rule 1 (masquerade): the source "
                + Topology.CLIENT_ADDRESS + " becomes " + Topology.OUTSIDE_ADDRESS, "flow        ",
                " begins; answers come",
                "reply direction, decided when it began", "forwards it by what the flow's record says");
        assertThat(tshark(trace.capture, "-Y", "_ws.malformed || _ws.expert.severity == error")).isEmpty();
        assertThat(tshark(trace.capture, "-Y", "icmp", "-T", "fields", "-e", "frame.interface_name", "-e", "ip.src",
                "-e", "ip.dst").lines().toList()).contains(
                        "inside\t" + Topology.CLIENT_ADDRESS + "\t" + Topology.SERVER_ADDRESS,
                        "outside\t" + Topology.OUTSIDE_ADDRESS + "\t" + Topology.SERVER_ADDRESS,
                        "outside\t" + Topology.SERVER_ADDRESS + "\t" + Topology.OUTSIDE_ADDRESS,
                        "inside\t" + Topology.SERVER_ADDRESS + "\t" + Topology.CLIENT_ADDRESS);
        assertThat(tshark(trace.capture, "-T", "fields", "-e", "frame.comment")).contains("(masquerade)", "forwarded");
        assertThat(Files.size(trace.capture)).isPositive();
    }

    @Test
    void shouldTellWhyAConnectionFromOutsideIsDropped() throws Exception {
        Running trace = trace("-p", "tcp", "--dport", "4444", "-n", "1");
        rig().server().attempt(SECONDS, Tools.find("curl"), "-s", "--max-time", "1",
                "http://" + Topology.OUTSIDE_ADDRESS + ":4444/");
        assertThat(trace.end()).contains("policy      rule default: drop, new from outside to self",
                "drop        policy: no rule lets it in", "=  dropped (policy)");
    }

    @Test
    void shouldTellWhatAHelperAnnouncesAndWhatComesOfIt() throws Exception {
        Running trace = trace("-p", "tcp", "-s", Topology.CLIENT_ADDRESS);
        Shell.Result result = rig().attemptProgram(rig().client(), "ftp", "mode=PORT",
                "host=" + Topology.SERVER_ADDRESS, "port=" + FtpServerKind.PORT, "user=anonymous", "password=lab",
                "action=get", "file=" + FtpFiles.SMALL);
        assertThat(result.output()).contains(files.digest(FtpFiles.SMALL));
        Rig.await("the announced connection is told", () -> Rig.read(trace.output)
                .contains("policy      rule related: accept, related from outside to inside"));
        assertThat(Rig.read(trace.output)).contains("helper      ftp reads this flow from now on",
                "helped, a helper reads its flow", "helper      ftp announces tcp from " + Topology.SERVER_ADDRESS,
                "expectation helper ftp announced it in flow ");
        trace.process.destroy();
    }
}
