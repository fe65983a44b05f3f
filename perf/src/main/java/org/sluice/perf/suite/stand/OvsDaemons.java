package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;

/**
 * Open vSwitch's database server and switch with a directory of their own, beside any that the machine runs: one bridge in user space,
 * with the flows and the ports that it is given. Ended by their process numbers.
 */
final class OvsDaemons {
    private static final int COMMAND_SECONDS = 20;
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Namespace namespace;
    private final Path directory;
    private final List<ProcessHandle> processes = new ArrayList<>();

    /**
     * Starts both.
     *
     * @param namespace that they run in, with the bridge's ports
     * @param directory of their files
     * @param program the switch: ovs-vswitchd, or ovs-vswitchd-dpdk
     * @param settings of the switch, such as other_config:pmd-cpu-mask=2
     */
    OvsDaemons(Namespace namespace, Path directory, String program, List<String> settings) throws IOException {
        this.namespace = namespace;
        this.directory = directory;
        Path schema = Programs.find("ovs-vsctl").orElseThrow().resolve("../../share/openvswitch/vswitch.ovsschema")
                .normalize();
        must("ovsdb-tool", "create", file("conf.db"), schema.toString());
        start("ovsdb-server", List.of(file("conf.db"), "--remote=punix:" + file("db.sock"),
                "--log-file=" + file("database.log"), "--unixctl=" + file("database.ctl"), "-vconsole:off"));
        await("db.sock");
        vsctl("--no-wait", "init");
        if (!settings.isEmpty()) {
            List<String> set = new ArrayList<>(List.of("--no-wait", "set", "Open_vSwitch", "."));
            set.addAll(settings);
            vsctl(set.toArray(String[]::new));
        }
        start(program, List.of("unix:" + file("db.sock"), "--log-file=" + file("switch.log"),
                "--unixctl=" + file("switch.ctl"), "-vconsole:off"));
        await("switch.ctl");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** The runtime directory is in the environment, so that nothing of the machine's own Open vSwitch is touched. */
    private List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("env", "OVS_RUNDIR=" + directory, "OVS_LOGDIR=" + directory,
                "OVS_DBDIR=" + directory, program));
        command.addAll(arguments);
        return command;
    }

    private void start(String program, List<String> arguments) {
        Process process = namespace.start(command(program, arguments), directory.resolve(program + ".out"));
        processes.add(process.toHandle());
    }

    private void await(String file) throws IOException {
        long deadline = System.nanoTime() + START_NANOS;
        while (!Files.exists(directory.resolve(file))) {
            if (System.nanoTime() - deadline > 0 || !processes.getLast().isAlive()) {
                throw new IllegalStateException("Open vSwitch did not start: " + log());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private String log() throws IOException {
        Path log = directory.resolve("switch.log");
        return Files.exists(log)
                ? String.join("\n", Files.readAllLines(log).reversed().stream().limit(5).toList().reversed())
                : "it logged nothing";
    }

    private String must(String program, String... arguments) {
        Shell.Result result = Shell.attempt(COMMAND_SECONDS, namespace.inside(command(program, List.of(arguments))));
        if (!result.ok()) {
            throw new IllegalStateException(
                    "%s %s: %s".formatted(program, String.join(" ", arguments), result.output().strip()));
        }
        return result.output();
    }

    /** Speaks to the database. */
    void vsctl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--timeout=15", "--db=unix:" + file("db.sock")));
        all.addAll(List.of(arguments));
        must("ovs-vsctl", all.toArray(String[]::new));
    }

    /** Adds the bridge with its flows, before it has ports: what came meanwhile would make flows that drop. */
    void bridge(List<String> flows) {
        vsctl("add-br", "bench", "--", "set", "bridge", "bench", "datapath_type=netdev", "fail-mode=secure");
        for (String flow : flows) {
            must("ovs-ofctl", "add-flow", "unix:" + file("bench.mgmt"), flow);
        }
    }

    /**
     * Adds a port to the bridge.
     *
     * @param number in the flows
     * @param settings of the interface, such as type=dpdk
     */
    void port(String name, int number, String... settings) {
        List<String> all = new ArrayList<>(
                List.of("add-port", "bench", name, "--", "set", "Interface", name, "ofport_request=" + number));
        all.addAll(List.of(settings));
        vsctl(all.toArray(String[]::new));
    }

    /** @return what the switch answers to a command. */
    String control(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-t", file("switch.ctl")));
        all.addAll(List.of(arguments));
        return must("ovs-appctl", all.toArray(String[]::new));
    }

    /** @return the processes of the two. */
    List<ProcessHandle> processes() {
        return List.copyOf(processes);
    }
}
