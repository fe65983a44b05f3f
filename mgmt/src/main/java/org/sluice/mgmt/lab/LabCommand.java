package org.sluice.mgmt.lab;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice lab}: a client, a gateway and a server on one machine, and real traffic between them. */
@Command(name = "lab", mixinStandardHelpOptions = true, description = {
        "Makes a client and a server host in network namespaces, starts the gateway between them, runs real traffic "
                + "through it (ping, HTTP, active and passive FTP, IRC DCC) and stays up until Ctrl-C."})
public final class LabCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 9464;
    private static final List<String> HELPERS = List.of("ftp", "irc");

    @Option(names = "--check", description = "end when the traffic is done: 0 when all of it passed, 1 otherwise")
    private boolean check;

    @Option(names = "--listen", paramLabel = "ADDRESS:PORT", description = "the gateway's management address "
            + "(default: 127.0.0.1:9464, or a free port when that is taken)")
    private String listen;

    @Spec
    private CommandSpec spec;

    private PrintWriter out;

    /** Created by picocli. */
    public LabCommand() {}

    @Override
    public Integer call() throws IOException {
        out = spec.commandLine().getOut();
        if (!isRoot()) {
            return refuse("sluice lab makes network namespaces and needs root; try: sudo packaging/bin/sluice lab");
        }
        if (!Shell.attempt("ip", "-V").ok()) {
            return refuse("sluice lab needs the command ip; install the Debian package iproute2");
        }
        Path directory = Files.createTempDirectory("sluice-lab-" + ProcessHandle.current().pid() + "-");
        UndoLog undo;
        try {
            undo = UndoLog.open();
        } catch (LabException e) {
            return refuse(e.getMessage());
        }
        Thread hook = new Thread(undo::close, "lab-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try (undo) {
            undo.directory(directory);
            try {
                return run(directory, undo) ? 0 : 1;
            } catch (LabException e) {
                keepLogs(directory, undo);
                return refuse(e.getMessage());
            }
        }
    }

    private void keepLogs(Path directory, UndoLog undo) {
        undo.keep(directory);
        say("the logs are in " + directory);
    }

    private boolean run(Path directory, UndoLog undo) throws IOException {
        Topology topology = Topology.make(undo);
        String address = listen == null ? freeAddress() : listen;
        GatewayFile file = new GatewayFile(topology.inside(), topology.outside(), HELPERS, List.of(), address);
        say("client %s (%s) ── gateway %s │ %s ── server %s (%s)".formatted(Topology.CLIENT_ADDRESS,
                topology.client().name(), Topology.INSIDE_ADDRESS, Topology.OUTSIDE_ADDRESS, Topology.SERVER_ADDRESS,
                topology.server().name()));
        LabHosts hosts = LabHosts.start(topology, directory, undo);
        try (GatewayProcess gateway = GatewayProcess.start(JavaCommand.again(List.of()), file, directory, undo)) {
            boolean passed = traffic(new LabTraffic(hosts, new Accounts(gateway)));
            if (!passed) {
                keepLogs(directory, undo);
            }
            if (!check) {
                say("");
                say("dashboard    " + gateway.url() + "/");
                say("try          packaging/bin/sluice show flows --url " + gateway.url());
                say("and          ip netns exec %s curl -o /dev/null http://%s/%s".formatted(topology.client().name(),
                        Topology.SERVER_ADDRESS, LabServer.FILE));
                say("Ctrl-C ends the lab and removes everything it made.");
                stay();
            }
            return passed;
        }
    }

    private boolean traffic(LabTraffic traffic) {
        int failed = 0;
        List<LabTraffic.Step> steps = traffic.steps();
        for (LabTraffic.Step step : steps) {
            try {
                say("ok      %-13s %s".formatted(step.name(), step.action().call()));
            } catch (Exception e) {
                failed++;
                say("FAILED  %-13s %s".formatted(step.name(), e.getMessage()));
            }
        }
        say(failed == 0 ? "all " + steps.size() + " passed" : failed + " of " + steps.size() + " failed");
        return failed == 0;
    }

    /** Until the process is told to end; the shutdown hook then cleans up. */
    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String freeAddress() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket socket = new ServerSocket()) {
            try {
                socket.bind(new InetSocketAddress(loopback, DEFAULT_PORT));
            } catch (IOException e) {
                socket.bind(new InetSocketAddress(loopback, 0));
            }
            return loopback.getHostAddress() + ":" + socket.getLocalPort();
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private int refuse(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sluice lab: " + message);
        err.flush();
        return 1;
    }
}
