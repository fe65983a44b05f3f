package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sluice.mgmt.lab.Accounts;
import org.sluice.mgmt.lab.GatewayFile;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.IntNode;

/**
 * Sluice, as a process of its own with the classes under test; or by a launcher that the system property
 * {@code sluice.launcher} names.
 */
final class SluiceMiddle implements Middle {
    private static final List<String> STARTED_LIKE_A_USERS = likeALauncher();
    private static final int COMMAND_SECONDS = 30;

    private final GatewayFile file;
    private final Path directory;
    private final UndoLog undo;
    private GatewayProcess gateway;
    private Accounts accounts;
    private int starts;

    SluiceMiddle(Topology topology, Plan plan, Path directory, UndoLog undo) {
        this.directory = directory;
        this.undo = undo;
        file = new GatewayFile(topology.inside(), topology.outside(), plan.helpers(), plan.forwards(),
                plan.sourceNat(), Ports.freeOnLoopback(),
                plan.hasJournal() ? state().toString() : "none", plan.insideMore(), plan.driver());
        gateway = GatewayProcess.start(command(), file, directory, undo);
        accounts = new Accounts(gateway);
    }

    /** Rewrites a line of the gateway's configuration; {@code sluice reload} puts it in force. */
    void edit(String line, String replacement) {
        try {
            String text = Files.readString(configuration());
            assertThat(text).contains(line);
            Files.writeString(configuration(), text.replace(line, replacement));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path configuration() {
        return directory.resolve("sluice.yaml");
    }

    /** @return folder of the journal. */
    Path state() {
        return directory.resolve("state");
    }

    /** Kills it (SIGKILL). */
    void kill() {
        gateway.kill();
    }

    /** Ends it in an orderly way. */
    void stop() {
        gateway.close();
    }

    /** Starts another process in its place and waits until it forwards. */
    void restart() {
        starts++;
        gateway = GatewayProcess.start(command(), file.listen(), configuration(),
                directory.resolve("gateway-" + starts + ".log"), undo);
        accounts = new Accounts(gateway);
    }

    static List<String> command() {
        String launcher = System.getProperty("sluice.launcher", "");
        if (!launcher.isEmpty()) {
            return List.of(launcher);
        }
        return STARTED_LIKE_A_USERS;
    }

    /**
     * What the launchers do (packaging/bin/start.sh), but with the buffers' checks of each access; and for a life of a minute the second
     * compiler costs more than it gives: code of its making is run by the lab, the bench and the package's try-out.
     */
    private static List<String> likeALauncher() {
        Path packaging = Tools.checkout().resolve("packaging");
        String[] entries = JavaCommand.classPath().split(File.pathSeparator);
        // that of the tests has no part in the product, and directories can't be in an archive of classes
        List<Path> product = Stream.of(entries).filter(e -> !e.endsWith("/test-classes")).map(Path::of).toList();
        String archive = product.stream().allMatch(Files::isRegularFile)
                ? Tools.checkout().resolve("mgmt/target/classes-" + newest(product) + ".jsa").toString()
                : "";
        return List.of(Tools.find("env"),
                "SLUICE_JAVA_OPTS=-Dagrona.disable.bounds.checks=false -XX:TieredStopAtLevel=1",
                Tools.find("bash"), "-c", "source \"$0\"; start_sluice \"$@\"",
                packaging.resolve("bin/start.sh").toString(), JavaCommand.java(),
                packaging.resolve("jvm.options").toString(),
                product.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)), archive);
    }

    private static long newest(List<Path> files) {
        return files.stream().map(Path::toFile).mapToLong(File::lastModified).max().orElseThrow();
    }

    /** @return the command that runs a class of the tests or of the product with the gateway's JVM options. */
    static List<String> java(String main) {
        return List.of(JavaCommand.java(), "@" + Tools.checkout().resolve("packaging/jvm.options"), "-cp",
                JavaCommand.classPath(), main);
    }

    /** @return where its management port is, without a slash at the end. */
    String url() {
        return gateway.url();
    }

    /** @return what a path of the management port answers. */
    String get(String path) {
        return gateway.get(path);
    }

    /** @return flows that the API tells of, page by page. @param filter as {@code proto=udp&dport=9} */
    List<JsonNode> flows(String filter) {
        List<JsonNode> all = new ArrayList<>();
        JsonNode next = IntNode.valueOf(0);
        while (!next.isNull()) {
            JsonNode page = JsonMapper.shared().readTree(get("/api/v1/flows?" + filter + "&from=" + next));
            page.get("flows").forEach(all::add);
            next = page.get("next");
        }
        return all;
    }

    /** Runs a command of the command line's against this gateway. */
    Shell.Result command(String... words) {
        List<String> all = new ArrayList<>(command());
        all.addAll(List.of(words));
        all.addAll(List.of("--url", gateway.url()));
        return Shell.attempt(COMMAND_SECONDS, all);
    }

    @Override
    public List<String> atDevices(List<String> command) {
        return command;
    }

    Accounts accounts() {
        return accounts;
    }

    @Override
    public void assertAtRest() {
        Accounts.Statement statement = accounts.atRest();
        assertThat(statement.agrees()).as(statement.describe()).isTrue();
    }

    @Override
    public String log() {
        return gateway.logged();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
