package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.mgmt.lab.Topology;

/**
 * DPDK's testpmd, which only exchanges the frames' Ethernet addresses: no tracking, no NAT. What its driver reaches is the limit of what
 * any gateway could over that interface.
 *
 * @param driver af_packet or af_xdp
 */
public record Testpmd(String driver) implements Rival {
    private static final String PROGRAM = "dpdk-testpmd";
    private static final String FORWARDING = "Configuring Port 1";
    private static final String READY = "Done";
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @Override
    public String name() {
        return "testpmd " + driver;
    }

    @Override
    public String missing() {
        return Programs.missing(PROGRAM);
    }

    @Override
    public Middle start(Stand stand) throws IOException {
        stand.introduceGateway();
        Topology topology = stand.topology();
        Path log = stand.directory().resolve("testpmd.log");
        Process process = stand.router().start(List.of("env", "RUNTIME_DIRECTORY=" + stand.directory(), PROGRAM, "-l",
                "0,1", "--no-huge", "-m", "1024", "--no-pci", "--no-telemetry", "--vdev", device(0, topology.inside()),
                "--vdev", device(1, topology.outside()), "--", "--forward-mode=mac",
                "--eth-peer=0," + stand.clientMac(), "--eth-peer=1," + stand.serverMac(), "--auto-start",
                "--total-num-mbufs=16384",
                // with it, testpmd does not end when its standard input does
                "--stats-period=3600"), log);
        awaitForwarding(process, log);
        return new Middle() {
            @Override
            public List<ProcessHandle> processes() {
                return List.of(process.toHandle());
            }
        };
    }

    private String device(int number, String device) {
        return "net_%s%d,iface=%s".formatted(driver, number, device);
    }

    private static void awaitForwarding(Process process, Path log) throws IOException {
        long deadline = System.nanoTime() + START_NANOS;
        while (!isForwarding(Files.readString(log))) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                List<String> lines = Files.readAllLines(log);
                throw new IllegalStateException("testpmd did not start: "
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean isForwarding(String log) {
        int configured = log.indexOf(FORWARDING);
        return configured >= 0 && log.indexOf(READY, configured) >= 0;
    }
}
