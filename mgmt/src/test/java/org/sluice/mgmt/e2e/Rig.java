package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.sluice.mgmt.lab.Host;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;

/**
 * A client, a gateway and a server in network namespaces, with a directory for what the programs need. The system property
 * {@code sluice.middle} chooses the gateway: {@code sluice} (default) or {@code kernel}.
 */
final class Rig implements AutoCloseable {
    private static final int SECONDS = 60;
    private static final int AWAIT_SECONDS = 30;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final UndoLog undo;
    private final Path directory;
    private final Topology topology;
    private final Middle middle;
    private final AtomicInteger number = new AtomicInteger();

    private Rig(UndoLog undo, Plan plan) throws IOException {
        this.undo = undo;
        directory = Files.createTempDirectory("sluice-e2e");
        undo.directory(directory);
        // the servers give up root before they open files
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        topology = Topology.make(undo);
        middle = System.getProperty("sluice.middle", "sluice").equals("kernel")
                ? new KernelMiddle(topology, plan, directory, undo)
                : new SluiceMiddle(topology, plan, directory, undo);
    }

    /** Makes everything, and removes it again when that fails half-way. */
    static Rig open(Plan plan) {
        Tools.demandRoot();
        UndoLog undo = UndoLog.open();
        Runtime.getRuntime().addShutdownHook(new Thread(undo::close, "rig-cleanup"));
        try {
            return new Rig(undo, plan);
        } catch (IOException | RuntimeException e) {
            undo.close();
            throw new AssertionError("can't build the rig: " + e.getMessage(), e);
        }
    }

    Namespace client() {
        return topology.client();
    }

    Namespace server() {
        return topology.server();
    }

    Topology topology() {
        return topology;
    }

    Middle middle() {
        return middle;
    }

    UndoLog undo() {
        return undo;
    }

    /** @return a new directory that every user may read. */
    Path newDirectory(String name) {
        try {
            Path made = Files.createDirectory(directory.resolve(name + number.incrementAndGet()));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server program and waits until its TCP port takes connections. */
    Process startServer(Namespace host, String address, int port, String... command) {
        Path log = newDirectory("log").resolve("output");
        Process process = host.start(List.of(command), log);
        await("%s listens on %s port %d".formatted(command[0], address, port), () -> {
            assertThat(process.isAlive()).withFailMessage(() -> command[0] + " ended: " + read(log)).isTrue();
            return accepts(host, address, port);
        });
        return process;
    }

    private static boolean accepts(Namespace host, String address, int port) {
        return host.attempt(SECONDS, "bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port).ok();
    }

    /** Starts a program of the lab and waits until it says that it is ready. */
    Process startProgram(Namespace host, String... arguments) {
        Path log = newDirectory("log").resolve("output");
        Process process = host.start(JavaCommand.program(Host.class, List.of(arguments)), log);
        await(arguments[0] + " is ready", () -> {
            assertThat(process.isAlive()).withFailMessage(() -> arguments[0] + " ended: " + read(log)).isTrue();
            return read(log).lines().anyMatch("ready"::equals);
        });
        return process;
    }

    /** Runs a command on a host that must succeed. @return what it printed. */
    String run(Namespace host, String... command) {
        Shell.Result result = host.attempt(SECONDS, command);
        assertThat(result.status())
                .withFailMessage(() -> "%s ended with %d: %s%n%s".formatted(String.join(" ", command),
                        result.status(), result.output(), middle.log()))
                .isZero();
        return result.output();
    }

    /** Runs a program of the lab that must succeed. @return what it printed, line by line. */
    List<String> program(Namespace host, String... arguments) {
        return run(host, JavaCommand.program(Host.class, List.of(arguments)).toArray(String[]::new)).lines().toList();
    }

    /** Runs a program of the lab that may fail. */
    Shell.Result attemptProgram(Namespace host, String... arguments) {
        return host.attempt(SECONDS, JavaCommand.program(Host.class, List.of(arguments)).toArray(String[]::new));
    }

    /** Runs a command that must succeed where the gateway's devices are. */
    void atDevices(String... command) {
        Shell.run(middle.atDevices(Arrays.asList(command)).toArray(String[]::new));
    }

    /** Switches the segmentation and checksum offloads of every device on the way. */
    void setOffloads(String onOrOff) {
        String ethtool = Tools.find("ethtool");
        List<String> features = new ArrayList<>();
        for (String feature : List.of("tso", "gso", "gro", "tx")) {
            features.addAll(List.of(feature, onOrOff));
        }
        for (String device : List.of(topology.inside(), topology.outside())) {
            atDevices(command(ethtool, device, features));
        }
        client().run(command(ethtool, Topology.DEVICE, features));
        server().run(command(ethtool, Topology.DEVICE, features));
    }

    private static String[] command(String ethtool, String device, List<String> features) {
        List<String> all = new ArrayList<>(List.of(ethtool, "-K", device));
        all.addAll(features);
        return all.toArray(String[]::new);
    }

    /** Waits up to 30 s. */
    static void await(String what, BooleanSupplier condition) {
        await(() -> what, AWAIT_SECONDS, condition);
    }

    /** Waits up to 30 s. @param what asked for when it did not happen */
    static void await(Supplier<String> what, BooleanSupplier condition) {
        await(what, AWAIT_SECONDS, condition);
    }

    /** Waits for something that may take long on a busy machine. */
    static void await(String what, int seconds, BooleanSupplier condition) {
        await(() -> what, seconds, condition);
    }

    /** Waits for something that may take long on a busy machine. @param what asked for when it did not happen */
    static void await(Supplier<String> what, int seconds, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .withFailMessage(() -> "not within %d s: %s".formatted(seconds, what.get())).isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** @return the text of a file; of one that is not there, nothing. */
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Override
    public void close() {
        middle.close();
        undo.close();
    }
}
