package org.sluice.perf.nat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.Sluice;
import org.sluice.mgmt.lab.Forward;
import org.sluice.mgmt.lab.GatewayFile;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a SYN flood with random sources leaves of an established iperf3 stream: sent to a port that is forwarded, where each SYN makes a
 * flow, and to one that is dropped, by turns, and none at all; all in fresh namespaces. The forwarded host answers nothing, as one that
 * is overrun.
 */
@Command(name = "flood", mixinStandardHelpOptions = true, description = "Measures what a SYN flood leaves of an established stream.")
public final class FloodComparison implements Runnable {
    private static final String LISTEN = "127.0.0.1:19464";
    private static final int FORWARDED = 80;
    private static final int DROPPED = 81;
    private static final int LEAD_SECONDS = 2;
    private static final Pattern RATE = Pattern
            .compile("\"sum_received\":\\s*\\{[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");
    private static final Pattern FLOWS = Pattern.compile("(?m)^sluice_flows(?:\\{[^}]*})? ([0-9.e+]+)$");

    @Option(names = "--seconds", defaultValue = "8", description = "length of each flood (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "turns (default: ${DEFAULT-VALUE})")
    private int rounds;

    /** Created by picocli. */
    public FloodComparison() {}

    /** See {@code --help}. Needs root, iperf3 and nft. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FloodComparison()).execute(arguments));
    }

    /** What came of one flood. */
    private record Result(double sent, double stream, long flows) {}

    @Override
    public void run() {
        Map<String, Integer> floods = new LinkedHashMap<>();
        floods.put("none", 0);
        floods.put("dropped", DROPPED);
        floods.put("forwarded", FORWARDED);
        Map<String, List<Double>> streams = new LinkedHashMap<>();
        System.out.println("round   flood to    SYN/s   iperf3 Gbit/s   flows at its end");
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<String, Integer> flood : floods.entrySet()) {
                Result result = measure(flood.getValue());
                System.out.printf("%-7d %-10s %,8.0f %12.2f %,17d%n", round, flood.getKey(), result.sent / seconds,
                        result.stream / 1e9, result.flows);
                streams.computeIfAbsent(flood.getKey(), _ -> new ArrayList<>()).add(result.stream);
            }
        }
        System.out.printf("median with the flood to the forwarded port / to the dropped port = %.2f%n",
                NatComparison.median(streams.get("forwarded")) / NatComparison.median(streams.get("dropped")));
    }

    /** @param port 0 for no flood */
    private Result measure(int port) {
        UndoLog undo = UndoLog.open();
        Thread hook = new Thread(undo::close, "bench-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try (undo) {
            Path directory = Files.createTempDirectory("sluice-bench");
            undo.directory(directory);
            Topology topology = Topology.make(undo);
            GatewayFile file = new GatewayFile(topology.inside(), topology.outside(), List.of(),
                    List.of(new Forward("tcp", FORWARDED)), LISTEN);
            Path configuration = directory.resolve("sluice.yaml");
            Files.writeString(configuration,
                    file.yaml() + "routes: [{to: 0.0.0.0/0, via: " + Topology.SERVER_ADDRESS + "}]\n");
            try (GatewayProcess _ = GatewayProcess.start(JavaCommand.alike(Sluice.class.getName(), List.of()), LISTEN,
                    configuration, directory.resolve("gateway.log"), undo)) {
                return measure(topology, port, directory);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the measurement failed: " + e.getMessage(), e);
        }
    }

    private Result measure(Topology topology, int port, Path directory) throws IOException, InterruptedException {
        topology.client().run("nft", "add table ip quiet; add chain ip quiet in "
                + "{ type filter hook prerouting priority -300; }; add rule ip quiet in tcp dport " + FORWARDED
                + " drop");
        topology.server().start(List.of("iperf3", "-s", "-1"), directory.resolve("server"));
        topology.client().run("ping", "-n", "-c", "3", "-i", "0.2", Topology.SERVER_ADDRESS);
        Path report = directory.resolve("client");
        Process client = topology.client().start(List.of("iperf3", "-c", Topology.SERVER_ADDRESS, "-t",
                Integer.toString(seconds), "-O", Integer.toString(LEAD_SECONDS), "-J"), report);
        double sent = 0;
        if (port > 0) {
            String mac = Files.readString(Path.of("/sys/class/net", topology.outside(), "address")).strip();
            List<String> command = JavaCommand.alike(SynFlood.class.getName(), List.of(Topology.DEVICE, mac,
                    Topology.OUTSIDE_ADDRESS, Integer.toString(port), Integer.toString(seconds + LEAD_SECONDS)));
            Shell.Result flood = topology.server().attempt(seconds + 30, command.toArray(String[]::new));
            sent = Double.parseDouble(flood.output().lines().reduce((a, b) -> b).orElse("0"));
        }
        long flows = flows();
        if (!client.waitFor(seconds + 60L, TimeUnit.SECONDS)) {
            throw new IllegalStateException("iperf3 did not end");
        }
        Matcher matcher = RATE.matcher(Files.readString(report));
        if (!matcher.find()) {
            throw new IllegalStateException("iperf3: " + Files.readString(report));
        }
        return new Result(sent * seconds / (seconds + LEAD_SECONDS), Double.parseDouble(matcher.group(1)), flows);
    }

    private static long flows() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String metrics = http.send(HttpRequest.newBuilder(URI.create("http://" + LISTEN + "/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            Matcher matcher = FLOWS.matcher(metrics);
            double sum = 0;
            while (matcher.find()) {
                sum += Double.parseDouble(matcher.group(1));
            }
            return (long) sum;
        }
    }
}
