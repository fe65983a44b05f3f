package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The lab's two hosts with their programs: servers outside, clients inside. */
final class LabHosts {
    private static final String USER = "lab";
    private static final String PASSWORD = "lab";
    private static final int SECONDS = 60;

    /** Where the servers of Debian listen, those that are installed. */
    static final String DEBIAN_ADDRESS = "198.51.100.3";

    private final Topology topology;
    private final LogFile serverLog;
    private final Set<DebianServer> debianServers;

    private LabHosts(Topology topology, LogFile serverLog, Set<DebianServer> debianServers) {
        this.topology = topology;
        this.serverLog = serverLog;
        this.debianServers = debianServers;
    }

    /** Starts the servers and waits until they listen. */
    static LabHosts start(Topology topology, Path directory, UndoLog undo) throws IOException {
        Path files = Files.createDirectories(directory.resolve("files"));
        for (Path path : List.of(directory, files)) {
            // vsftpd gives up root before it opens files
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        LogFile log = new LogFile(directory.resolve("server.log"));
        Process server = topology.server().start(JavaCommand.program(Host.class,
                List.of("server", "address=" + Topology.SERVER_ADDRESS, "directory=" + files, "user=" + USER,
                        "password=" + PASSWORD)),
                log.path());
        log.await("ready", server);
        Set<DebianServer> debian = EnumSet.noneOf(DebianServer.class);
        topology.server().run("ip", "address", "add", DEBIAN_ADDRESS + "/" + Topology.PREFIX_LENGTH, "dev",
                Topology.DEVICE);
        for (DebianServer kind : DebianServer.values()) {
            if (kind.isInstalled()) {
                startDebian(kind, topology, directory, files);
                debian.add(kind);
            }
        }
        return new LabHosts(topology, log, debian);
    }

    private static void startDebian(DebianServer kind, Topology topology, Path directory, Path files)
            throws IOException {
        Path work = Files.createDirectories(directory.resolve(kind.program()));
        Path log = directory.resolve(kind.program() + ".log");
        Process process = topology.server().start(kind.command(DEBIAN_ADDRESS, files, work, ""), log);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!topology.server()
                .attempt(SECONDS, "bash", "-c", "exec 3<>/dev/tcp/" + DEBIAN_ADDRESS + "/" + kind.port())
                .ok()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new LabException(kind.program() + " did not start:\n" + Files.readString(log));
            }
        }
        if (kind == DebianServer.NGIRCD) {
            LogFile peer = new LogFile(directory.resolve("peer.log"));
            peer.await("ready", topology.server().start(JavaCommand.program(Host.class,
                    List.of("irc-peer", "host=" + DEBIAN_ADDRESS, "nick=" + LabServer.PEER)), peer.path()));
        }
    }

    /** @return whether it is installed and so was started. */
    boolean has(DebianServer server) {
        return debianServers.contains(server);
    }

    /** Runs a program inside. @return what it printed, line by line. */
    List<String> inside(String program, String... arguments) {
        return demand(topology.client(), program, arguments);
    }

    /** Transfers a file by FTP from the client. */
    List<String> ftp(String mode, String action, String file, String... more) {
        List<String> arguments = new ArrayList<>(List.of("host=" + Topology.SERVER_ADDRESS, "user=" + USER,
                "password=" + PASSWORD, "mode=" + mode, "action=" + action, "file=" + file));
        arguments.addAll(List.of(more));
        return inside("ftp", arguments.toArray(String[]::new));
    }

    /** Runs a program on a host that may fail. */
    static Shell.Result attempt(Namespace host, String program, String... arguments) {
        List<String> all = new ArrayList<>(List.of(program));
        all.addAll(List.of(arguments));
        return host.attempt(SECONDS, JavaCommand.program(Host.class, all).toArray(String[]::new));
    }

    private static List<String> demand(Namespace host, String program, String... arguments) {
        Shell.Result result = attempt(host, program, arguments);
        if (!result.ok()) {
            throw new LabException(result.output().strip());
        }
        return result.output().lines().toList();
    }

    /** @return the latest FTP command of this name as the server got it: its argument, or an empty string. */
    String serverSaw(String command) {
        return serverLog.latest("ftp " + command + " ");
    }

    Topology topology() {
        return topology;
    }
}
