package org.sluice.perf.helpers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.sluice.mgmt.Sluice;
import org.sluice.mgmt.lab.GatewayFile;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.KernelGateway;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.mgmt.lab.session.Session;
import org.sluice.mgmt.lab.session.Sessions;
import org.sluice.mgmt.lab.session.Stage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;

/** The same sessions through Linux's nf_conntrack helpers with NAT and through Sluice, each in fresh namespaces. */
@Command(name = "helpers", mixinStandardHelpOptions = true, description = {
        "Plays the same sessions through the kernel's helpers and Sluice's.",
        "Exit status 0 when all was played and Sluice passes wherever the kernel does, else 1."})
public final class HelperComparison implements Callable<Integer> {
    @Option(names = "--json", paramLabel = "FILE", description = "writes the table as JSON")
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "writes the table as Markdown")
    private Path markdown;

    @Option(names = "--only", paramLabel = "TEXT", defaultValue = "", description = "only sessions of this helper, or "
            + "with this text in their titles")
    private String only;

    /** Created by picocli. */
    public HelperComparison() {}

    /** See {@code --help}. Needs root, and nft for the kernel's side. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HelperComparison()).execute(arguments));
    }

    private interface Middle {
        AutoCloseable start(Topology topology, Path directory, UndoLog undo) throws IOException;
    }

    @Override
    public Integer call() throws Exception {
        List<Session> sessions = Sessions.all().stream()
                .filter(session -> session.helper().equals(only) || session.title().contains(only)).toList();
        if (sessions.isEmpty()) {
            System.err.println("no session has \"" + only + "\" in its title");
            return CommandLine.ExitCode.USAGE;
        }
        List<Outcome> kernel = play("kernel", sessions, HelperComparison::kernel);
        List<Outcome> sluice = play("sluice", sessions, HelperComparison::sluice);
        List<ComparisonTable.Row> rows = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            rows.add(new ComparisonTable.Row(session.helper(), session.title(), kernel.get(i), sluice.get(i)));
        }
        ComparisonTable table = new ComparisonTable(rows);
        System.out.print(table.text());
        if (json != null) {
            Files.writeString(json, new ObjectMapper().writeValueAsString(rows) + "\n");
        }
        if (markdown != null) {
            Files.writeString(markdown, table.markdown());
        }
        return table.noWorse() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static AutoCloseable kernel(Topology topology, Path directory, UndoLog undo) throws IOException {
        new KernelGateway(topology, Stage.KERNEL_HELPERS, Stage.FORWARDS, directory, undo);
        return () -> {};
    }

    private static AutoCloseable sluice(Topology topology, Path directory, UndoLog undo) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            port = socket.getLocalPort();
        }
        return GatewayProcess.start(JavaCommand.alike(Sluice.class.getName(), List.of()), new GatewayFile(
                topology.inside(), topology.outside(), Stage.HELPERS, Stage.FORWARDS, "127.0.0.1:" + port), directory,
                undo);
    }

    private static List<Outcome> play(String name, List<Session> sessions, Middle middle) throws Exception {
        UndoLog undo = UndoLog.open();
        Runtime.getRuntime().addShutdownHook(new Thread(undo::close, "helpers-cleanup"));
        try (undo) {
            Path directory = Files.createTempDirectory("sluice-helpers");
            undo.directory(directory);
            // the servers give up root before they open files
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Topology topology = Topology.make(undo);
            try (AutoCloseable _ = middle.start(topology, directory, undo);
                    Stage stage = new Stage(topology, directory)) {
                List<Outcome> outcomes = new ArrayList<>();
                for (Session session : sessions) {
                    Outcome outcome = Outcome.of(session, stage);
                    outcomes.add(outcome);
                    System.err.printf("%s %d/%d %s: %s%n", name, outcomes.size(), sessions.size(), session.title(),
                            outcome);
                }
                return outcomes;
            }
        }
    }
}
