package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;
import tools.jackson.databind.JsonNode;

/** Whatever is wrong with the state folder, forwarding goes on and the log says what is wrong. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux writes nothing down")
class BadStateIT extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final int PAGE_SIZE = 1_000;
    private static final int CONNECTIONS = 4_000;
    private static final int DATAGRAMS = 100;

    BadStateIT() {
        super(Plan.RESTART);
    }

    @Override
    void startServers() throws IOException {
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, PAGE, TestData.bytes(PAGE_SIZE, 80));
    }

    private SluiceMiddle gateway() {
        return (SluiceMiddle) rig().middle();
    }

    private Path state() {
        return gateway().state();
    }

    /** The state folder is a small disk of its own. */
    @BeforeEach
    void mount() throws IOException {
        gateway().stop();
        Files.createDirectories(state());
        Shell.run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", state().toString());
    }

    @AfterEach
    void unmount() {
        gateway().stop();
        Shell.run("umount", state().toString());
        // the next scenario, and the account of packets, need one that runs
        gateway().restart();
    }

    private void remount(String options) {
        Shell.run("mount", "-o", "remount," + options, state().toString());
    }

    private void assertForwards(int times) {
        assertThat(rig().program(rig().client(), "http", "url=http://" + Topology.SERVER_ADDRESS + "/" + PAGE,
                "times=" + times).getLast()).isEqualTo("fetched " + times);
    }

    private double meter(String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(gateway().get("/metrics"));
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : -1;
    }

    @Test
    void shouldGoOnWithoutRoomAndWriteAgainOnceThereIsSome() throws IOException {
        gateway().restart();
        Rig.await("the journal is written", () -> meter("sluice_journal_up") == 1);
        Path filler = state().resolve("filler");
        Shell.attempt(60, List.of("dd", "if=/dev/zero", "of=" + filler, "bs=64k"));
        assertForwards(CONNECTIONS);
        Rig.await("it has been noticed", () -> meter("sluice_journal_failures_total") > 0);
        assertThat(gateway().log()).contains("can't be written", "Forwarding goes on", "make room");
        assertForwards(10);
        double snapshots = meter("sluice_journal_snapshots_total");
        Files.delete(filler);
        Rig.await("it is written again", () -> meter("sluice_journal_up") == 1);
        Rig.await("with everything alive", () -> meter("sluice_journal_snapshots_total") > snapshots);
        assertThat(gateway().log()).contains("the journal is being written again");
    }

    /**
     * A disk with errors, which Linux makes read-only while files on it are open; then another disk in its place. (What is asked to
     * become read-only refuses as long as the journal is open.)
     */
    @Test
    void shouldGoOnWhenTheDiskBecomesReadOnlyWhileItIsWritten() throws Exception {
        Path disk = rig().newDirectory("disk").resolve("image");
        Shell.run("truncate", "-s", "128m", disk.toString());
        Shell.run(Tools.find("mkfs.ext4"), "-q", disk.toString());
        Shell.run("mount", "-o", "loop,errors=remount-ro", disk.toString(), state().toString());
        boolean isMounted = true;
        try {
            gateway().restart();
            Rig.await("everything alive is written", () -> meter("sluice_journal_snapshots_total") >= 1);
            String device = Path.of(Shell.run("findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint",
                    state().toString()).strip().lines().toList().getLast().strip()).getFileName().toString();
            Files.writeString(Path.of("/sys/fs/ext4", device, "trigger_fs_error"), "the test's");
            assertThat(Shell.attempt(10, List.of("touch", state().resolve("x").toString())).ok()).isFalse();

            assertForwards(CONNECTIONS);
            Rig.await("it has been noticed", () -> meter("sluice_journal_up") == 0);
            // longer than it takes to try again
            Rig.await("it tries again", () -> meter("sluice_journal_failures_total") >= 3);
            assertForwards(10);
            assertThat(gateway().log().lines().filter(l -> l.contains("can't be"))).singleElement().asString()
                    .contains("the journal in " + state(), "can't be written", "Forwarding goes on",
                            "make the folder writable");
            Process datagrams = rig().client().start(datagrams(), rig().newDirectory("datagrams").resolve("log"));
            Rig.await("flows begin", () -> datagramFlows().size() == DATAGRAMS);

            double snapshots = meter("sluice_journal_snapshots_total");
            Shell.run("umount", "--lazy", state().toString());
            isMounted = false;
            Rig.await("it is written again", () -> meter("sluice_journal_up") == 1);
            Rig.await("with everything alive", () -> meter("sluice_journal_snapshots_total") > snapshots);
            assertThat(gateway().log()).contains("the journal is being written again");
            Set<String> alive = datagramFlows();
            gateway().kill();
            datagrams.destroyForcibly().waitFor();
            gateway().restart();
            assertThat(datagramFlows()).hasSize(DATAGRAMS).containsAll(alive);
        } finally {
            if (isMounted) {
                Shell.run("umount", "--lazy", state().toString());
            }
        }
    }

    private static List<String> datagrams() {
        List<String> command = new ArrayList<>(SluiceMiddle.java(ManyDatagrams.class.getName()));
        command.addAll(List.of("20000", Integer.toString(DATAGRAMS), Topology.SERVER_ADDRESS, "9"));
        return command;
    }

    /** @return number and outside port of each */
    private Set<String> datagramFlows() {
        Set<String> all = new HashSet<>();
        for (JsonNode flow : gateway().flows("proto=udp&dport=9")) {
            all.add(flow.get("id") + " " + flow.get("reply").get("dport"));
        }
        return all;
    }

    @Test
    void shouldGoOnWithAFolderThatCantBeWritten() {
        remount("ro");
        gateway().restart();
        assertThat(gateway().log()).contains("no journal is kept", "Read-only file system", "Forwarding goes on");
        assertForwards(10);
    }

    @Test
    void shouldGoOnWhenTheFolderBecomesReadOnly() {
        gateway().restart();
        Rig.await("the journal is written", () -> meter("sluice_journal_up") == 1);
        assertForwards(10);
        gateway().kill();
        remount("ro");
        gateway().restart();
        assertThat(gateway().log()).contains("no journal is kept");
        assertForwards(10);
    }

    @Test
    void shouldLeaveAnothersFolderAlone() throws IOException {
        Path journal = Files.createDirectories(state().resolve("journal"));
        Files.writeString(journal.resolve("letters"), "dear");
        gateway().restart();
        assertThat(gateway().log()).contains("holds something that is no journal");
        assertForwards(10);
        assertThat(journal.toFile().list()).containsExactly("letters");
    }

    @Test
    void shouldLeaveAJournalOfAnotherVersionAlone() throws IOException {
        Path journal = Files.createDirectories(state().resolve("journal"));
        Files.writeString(journal.resolve("FORMAT"), "sluice journal 9\n");
        gateway().restart();
        assertThat(gateway().log()).contains("is a journal of version 9", "move it away");
        assertForwards(10);
    }
}
