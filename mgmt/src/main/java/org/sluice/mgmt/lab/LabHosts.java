package org.sluice.mgmt.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lab's two hosts with their programs: servers outside, clients inside. */
final class LabHosts {
    private static final String USER = "lab";
    private static final String PASSWORD = "lab";
    private static final int SECONDS = 60;

    private final Topology topology;
    private final LogFile serverLog;

    private LabHosts(Topology topology, LogFile serverLog) {
        this.topology = topology;
        this.serverLog = serverLog;
    }

    /** Starts the servers and waits until they listen. */
    static LabHosts start(Topology topology, Path directory, UndoLog undo) throws IOException {
        Path files = Files.createDirectories(directory.resolve("files"));
        LogFile log = new LogFile(directory.resolve("server.log"));
        Process server = topology.server().start(JavaCommand.program(Host.class,
                List.of("server", "directory=" + files, "user=" + USER, "password=" + PASSWORD)), log.path());
        log.await("ready", server);
        return new LabHosts(topology, log);
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
