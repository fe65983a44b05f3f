package org.sluice.perf.nat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.mgmt.Sluice;
import org.sluice.mgmt.lab.GatewayFile;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.KernelGateway;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.perf.gen.Attachment;
import org.sluice.perf.gen.Generator;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Rate;
import org.sluice.perf.suite.load.HostFlows;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * 60-byte UDP packets from a client through a masquerading gateway to a server, as many as come through: Linux's own NAT and
 * Sluice by turns, each in fresh namespaces, on the same machine in one run. What the server's device received counts.
 */
@Command(name = "nat", mixinStandardHelpOptions = true, description = "Compares small-packet NAT with the kernel's own.")
public final class NatComparison implements Runnable {
    private static final String LISTEN = "127.0.0.1:19464";
    private static final int WARM_SECONDS = 3;
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    @Option(names = "--seconds", defaultValue = "5", description = "length of each measurement (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "turns (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--flows", split = ",", defaultValue = "1,1000", description = "concurrent flows (default: ${DEFAULT-VALUE})")
    private List<Integer> flows;

    @Option(names = "--drivers", split = ",", defaultValue = "af_packet,af_xdp", description = "of Sluice's interfaces "
            + "(default: ${DEFAULT-VALUE})")
    private List<String> drivers;

    @Option(names = "--workers", defaultValue = "1", description = "of Sluice, for AF_XDP as many queues are needed (default: "
            + "${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--rate", defaultValue = "0", description = "packets a second offered; 0: as many as the generator can "
            + "(default: ${DEFAULT-VALUE})")
    private long rate;

    /** Created by picocli. */
    public NatComparison() {}

    /** See {@code --help}. Needs root, and nft for the kernel's side. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new NatComparison()).execute(arguments));
    }

    private interface Middle {
        AutoCloseable start(Topology topology, Path directory, UndoLog undo) throws IOException;
    }

    @Override
    public void run() {
        Map<String, Middle> middles = new LinkedHashMap<>();
        middles.put("kernel", NatComparison::kernel);
        for (String driver : drivers) {
            middles.put("sluice " + driver, (topology, directory, undo) -> sluice(driver, topology, directory, undo));
        }
        System.out.println("flows   round   gateway            offered/s   delivered/s");
        for (int count : flows) {
            Map<String, List<Double>> results = new LinkedHashMap<>();
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, Middle> middle : middles.entrySet()) {
                    double[] result = measure(middle.getValue(), count);
                    System.out.printf("%-7d %-7d %-17s %,11.0f %,13.0f%n", count, round, middle.getKey(), result[0],
                            result[1]);
                    results.computeIfAbsent(middle.getKey(), k -> new ArrayList<>()).add(result[1]);
                }
            }
            for (String driver : drivers) {
                System.out.printf("%d flows: median of sluice %s / median of kernel = %.2f%n", count, driver,
                        median(results.get("sluice " + driver)) / median(results.get("kernel")));
            }
        }
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static AutoCloseable kernel(Topology topology, Path directory, UndoLog undo) throws IOException {
        new KernelGateway(topology, List.of(), List.of(), directory, undo);
        return () -> {};
    }

    private AutoCloseable sluice(String driver, Topology topology, Path directory, UndoLog undo) {
        return GatewayProcess.start(JavaCommand.alike(Sluice.class.getName(), List.of()),
                new GatewayFile(topology.inside(), topology.outside(), List.of(), List.of(),
                        GatewayFile.MASQUERADE + "\nworkers: " + workers, LISTEN, "none", "", driver),
                directory, undo);
    }

    /** @return offered and delivered packets a second */
    private double[] measure(Middle middle, int count) {
        UndoLog undo = UndoLog.open();
        Thread hook = new Thread(undo::close, "bench-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try (undo) {
            Path directory = Files.createTempDirectory("sluice-bench");
            undo.directory(directory);
            Topology topology = Topology.make(undo);
            long mac = Ethernet.parseAddress(
                    Files.readString(Path.of("/sys/class/net", topology.inside(), "address")).strip());
            Attachment device = Attachment.of(Topology.DEVICE).in(topology.client().name());
            try (AutoCloseable _ = middle.start(topology, directory, undo);
                    Generator generator = Generator.open(device, null)) {
                quietServer(topology);
                topology.client().run("ping", "-n", "-c", "3", "-i", "0.2", Topology.SERVER_ADDRESS);
                flood(generator, mac, count, WARM_SECONDS);
                long before = received(topology);
                Sent sent = flood(generator, mac, count, seconds);
                LockSupport.parkNanos(SETTLE_NANOS);
                return new double[]{sent.rate(), (received(topology) - before) * 1e9 / sent.nanos()};
            }
        } catch (Exception e) {
            throw new IllegalStateException("the measurement failed: " + e.getMessage(), e);
        }
    }

    /** Its answers would go through the gateway too. */
    private static void quietServer(Topology topology) {
        topology.server().run("nft", "add table ip quiet; add chain ip quiet in "
                + "{ type filter hook prerouting priority -300; }; add rule ip quiet in udp dport 9-100 drop");
    }

    private Sent flood(Generator generator, long mac, int count, int duration) {
        Load load = HostFlows.of(count).flows(count).duration(Duration.ofSeconds(duration))
                .rate(rate == 0 ? Rate.MAX : Rate.packets(rate));
        return generator.send(load, mac, false);
    }

    private static long received(Topology topology) {
        return Long.parseLong(
                topology.server().run("cat", "/sys/class/net/" + Topology.DEVICE + "/statistics/rx_packets").strip());
    }
}
