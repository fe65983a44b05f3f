package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.http.Json;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** A real Prometheus watches a gateway by the rules of packaging/prometheus, and what they are about happens. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about the metrics of Sluice")
class PrometheusIT extends GatewayScenario {
    private static final String NOBODY = "9";
    /** More than 80 % of the flow table, and fewer than there are outside ports. */
    private static final int MANY = 850;
    /** With those, more than there are outside ports, and fewer than the flow table holds. */
    private static final int TOO_MANY = 120;
    private static final int FIRST_PORT = 30_000;
    private static final int FILL_SECONDS = 60;

    private Prometheus prometheus;

    PrometheusIT() {
        super(Plan.MONITORED);
    }

    @Override
    void startServers() throws Exception {
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS,
                FtpFiles.in(rig().newDirectory("files")));
        prometheus = Prometheus.start(rig(), gateway().url().replace("http://", ""));
    }

    /** A scenario may have ended by starting another gateway, which Prometheus has yet to ask. */
    @BeforeEach
    void awaitThatAllIsUp() {
        prometheus.awaitOver("SluiceDown");
        prometheus.awaitOver("SluiceInterfaceDown");
    }

    private SluiceMiddle gateway() {
        return (SluiceMiddle) rig().middle();
    }

    private Process send(int firstPort, int ports) {
        List<String> command = new ArrayList<>(SluiceMiddle.java(ManyDatagrams.class.getName()));
        command.addAll(List.of(Integer.toString(firstPort), Integer.toString(ports), Topology.SERVER_ADDRESS, NOBODY));
        return rig().client().start(command, rig().newDirectory("sender").resolve("log"));
    }

    private void flush() {
        assertThat(gateway().command("flush", "flows").status()).isZero();
    }

    private static void end(Process sender) throws InterruptedException {
        // ip netns exec becomes the program: there is nothing in between
        sender.destroy();
        sender.waitFor();
    }

    @Test
    void shouldTellOfAFlowTableThatFillsAndOfPortsThatAreUsedUp() throws Exception {
        assertThat(prometheus.firing()).noneMatch(a -> a.startsWith("SluiceFlowTable") || a.startsWith("SluiceNat"));
        Process many = send(FIRST_PORT, MANY);
        assertThat(prometheus.awaitFiring("SluiceFlowTableFilling")).containsPattern("8[0-9.]+% of the flow table");
        assertThat(prometheus.fires("SluiceNatPortsExhausted")).isFalse();

        Process tooMany = send(FIRST_PORT + MANY, TOO_MANY);
        assertThat(prometheus.awaitFiring("SluiceNatPortsExhausted")).contains("no outside port left");
        assertThat(prometheus.fires("SluiceFlowTableFull")).isFalse();

        end(many);
        end(tooMany);
        flush();
        prometheus.awaitOver("SluiceFlowTableFilling");
        prometheus.awaitOver("SluiceNatPortsExhausted");
    }

    @Test
    void shouldTellOfALinkThatIsDown() {
        assertThat(prometheus.fires("SluiceInterfaceDown")).isFalse();
        rig().atDevices("ip", "link", "set", rig().topology().outside(), "down");
        assertThat(prometheus.awaitFiring("SluiceInterfaceDown")).contains("outside of 127.0.0.1:", "is down");
        rig().atDevices("ip", "link", "set", rig().topology().outside(), "up");
        prometheus.awaitOver("SluiceInterfaceDown");
    }

    @Test
    void shouldTellOfAGatewayThatIsGone() {
        assertThat(prometheus.fires("SluiceDown")).isFalse();
        gateway().kill();
        assertThat(prometheus.awaitFiring("SluiceDown")).contains("127.0.0.1:", "does not answer");
        gateway().restart();
        prometheus.awaitOver("SluiceDown");
        assertThat(prometheus.fires("SluiceUnwatched")).isFalse();
    }

    @Test
    void shouldTellOfAJournalThatCantBeWritten() throws Exception {
        Path state = gateway().state();
        gateway().stop();
        Shell.run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", state.toString());
        try {
            gateway().restart();
            Rig.await("the journal is written", () -> prometheus.number("sluice_journal_up") == 1);
            Path filler = state.resolve("filler");
            Shell.attempt(FILL_SECONDS, List.of("dd", "if=/dev/zero", "of=" + filler, "bs=64k"));
            Process many = send(FIRST_PORT, MANY);
            Rig.await(() -> "flows that end and begin fill the journal; firing are " + prometheus.firing(),
                    Prometheus.PATIENCE_SECONDS, () -> {
                        flush();
                        return prometheus.fires("SluiceJournalFailing");
                    });
            assertThat(prometheus.awaitFiring("SluiceJournalDown")).contains("keeps no journal");
            Files.delete(filler);
            prometheus.awaitOver("SluiceJournalDown");
            end(many);
            flush();

            gateway().stop();
            Shell.run("mount", "-o", "remount,ro", state.toString());
            gateway().restart();
            prometheus.awaitFiring("SluiceJournalDown");
            assertThat(prometheus.query("sluice_journal_up")).isEmpty();
        } finally {
            gateway().stop();
            Shell.run("umount", state.toString());
            // the next scenario, and the account of packets, need one that runs
            gateway().restart();
        }
    }

    /** Each question has an answer while there is traffic; those that end in a comparison may have none. */
    @Test
    void shouldAnswerTheQuestionsOfTheDashboard() throws Exception {
        Path fetched = rig().newDirectory("fetched").resolve(FtpFiles.SMALL);
        rig().run(rig().client(), Tools.find("curl"), "-sS", "--ftp-port", "-", "-o", fetched.toString(),
                "ftp://" + Topology.SERVER_ADDRESS + "/" + FtpFiles.SMALL);
        assertThat(Files.size(fetched)).isEqualTo(FtpFiles.SMALL_SIZE);
        Set<String> questions = new TreeSet<>();
        Json.read(Files.readAllBytes(Tools.checkout().resolve("packaging/grafana/sluice.json"))).findValues("expr")
                .forEach(e -> questions.add(
                        e.asString().replace("$instance", ".*").replace("$__rate_interval", "30s")));
        for (String question : questions) {
            if (question.matches("(?s).*[<>] \\d+|ALERTS.*")) {
                prometheus.query(question);
            } else {
                Rig.await("an answer to " + question, () -> !prometheus.query(question).isEmpty());
            }
        }
    }
}
