package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.UndoLog;

/** The lab as people run it: twice at once, interrupted, killed. */
class LabIT {
    private static final int SECONDS = 120;

    private UndoLog undo;

    @TempDir
    private Path directory;

    @BeforeAll
    static void beRoot() {
        Tools.demandRoot();
    }

    @BeforeEach
    void open() {
        undo = UndoLog.open();
    }

    @AfterEach
    void close() {
        undo.close();
    }

    @Test
    void shouldRunTwiceAtOnceAndLeaveNothing() throws Exception {
        Process one = lab("one", "--check");
        Process other = lab("other", "--check");

        assertThat(one.waitFor(SECONDS, TimeUnit.SECONDS) && other.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(one.exitValue()).as(printed("one")).isZero();
        assertThat(other.exitValue()).as(printed("other")).isZero();
        assertThat(traces(one)).isEmpty();
        assertThat(traces(other)).isEmpty();
    }

    @Test
    void shouldRemoveEverythingWhenInterrupted() throws Exception {
        Process lab = lab("lab");
        await(lab, "lab", "Ctrl-C ends the lab");

        Shell.run("kill", "-INT", Long.toString(lab.pid()));

        assertThat(lab.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(traces(lab)).isEmpty();
    }

    @Test
    void shouldRemoveWhatAKilledOneLeft() throws Exception {
        Process lab = lab("lab");
        await(lab, "lab", "ok ");
        List<ProcessHandle> children = lab.descendants().toList();
        lab.destroyForcibly().waitFor();
        assertThat(traces(lab)).as("what a killed lab leaves").isNotEmpty();

        Process next = lab("next", "--check");

        assertThat(next.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(next.exitValue()).as(printed("next")).isZero();
        assertThat(traces(lab)).isEmpty();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    private Process lab(String name, String... options) {
        // a job in the background is started with SIGINT ignored, and Java keeps to that
        List<String> command = new ArrayList<>(List.of(Tools.find("env"), "--default-signal=INT"));
        command.addAll(SluiceMiddle.command());
        command.addAll(List.of("lab", "--listen", Ports.freeOnLoopback()));
        command.addAll(List.of(options));
        return Namespace.start(command, directory.resolve(name), undo);
    }

    private void await(Process lab, String name, String words) {
        Rig.await("the lab says \"" + words + "\"", SECONDS, () -> {
            assertThat(lab.isAlive()).as(printed(name)).isTrue();
            return printed(name).contains(words);
        });
    }

    private String printed(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** @return namespaces and devices whose names tell that this process made them, and the directory of its logs */
    private List<String> traces(Process lab) throws IOException {
        String suffix = Long.toString(lab.pid(), Character.MAX_RADIX) + "x1";
        List<String> traces = new ArrayList<>(
                (Shell.run("ip", "netns", "list") + Shell.run("ip", "-br", "link")).lines()
                        .filter(line -> line.contains(suffix)).toList());
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")),
                "sluice-lab-" + lab.pid() + "-*")) {
            logs.forEach(log -> traces.add(log.toString()));
        }
        return traces;
    }
}
