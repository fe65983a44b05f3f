package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.perf.suite.load.FlowCapture;

/**
 * Open vSwitch with DPDK and no device: its pcap driver replays one frame a flow out of memory, connection tracking and source NAT, its
 * null driver forgets what comes out. One polling thread on the last core.
 */
public final class OvsInMemory {
    /** In tables. */
    public static final String NAME = "ovs-dpdk in memory";
    /** The pcap driver holds a frame a flow in a buffer of its own, and Open vSwitch makes no more than 262,144 of them. */
    public static final int MAX_FLOWS = 200_000;

    private static final String PROGRAM = "ovs-vswitchd-dpdk";
    private static final int PAGES = 1_100;
    private static final long TRACKED_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Pattern RECEIVED = Pattern.compile("(?m)^ *packets received: (\\d+)$");
    private static final Pattern CYCLES = Pattern.compile("(?m)^ *avg processing cycles per packet: ([0-9.]+)");
    private static final Pattern TRACKED = Pattern.compile("(?m)^ *Total: (\\d+)$");

    private OvsInMemory() {}

    /**
     * What it reached.
     *
     * @param packets a second
     * @param cycles of the processor for a packet
     */
    public record Rate(double packets, double cycles) {
        @Override
        public String toString() {
            return "%,.0f packets/s".formatted(packets);
        }
    }

    /** @return why this machine can't run it; empty when it can. */
    public static String missing() {
        String missing = Programs.missing("ovsdb-tool", "ovsdb-server", "ovs-vsctl", "ovs-ofctl", "ovs-appctl",
                PROGRAM);
        return missing.isEmpty() && Runtime.getRuntime().availableProcessors() < 2 ? "needs two cores" : missing;
    }

    /** Forwards for a while. */
    public static Rate measure(int flows, int seconds) throws IOException {
        UndoLog undo = UndoLog.open();
        Thread hook = new Thread(undo::close, "ovs-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try (HugePages _ = HugePages.reserve(PAGES); undo) {
            Path directory = Files.createTempDirectory("sluice-bench");
            undo.directory(directory);
            Namespace namespace = Namespace.make("sluice-ovs-" + ProcessHandle.current().pid(), undo);
            Path capture = directory.resolve("flows.pcap");
            FlowCapture.write(capture, flows);
            int core = Runtime.getRuntime().availableProcessors() - 1;
            OvsDaemons daemons = new OvsDaemons(namespace, directory, PROGRAM,
                    List.of("other_config:dpdk-init=true", "other_config:pmd-cpu-mask=" + Long.toHexString(1L << core),
                            "other_config:dpdk-extra=--no-pci -m 2048"));
            daemons.bridge(flowRules());
            daemons.port("in", 1, "type=dpdk",
                    "options:dpdk-devargs=net_pcap0,rx_pcap=" + capture + ",infinite_rx=1");
            daemons.port("out", 2, "type=dpdk", "options:dpdk-devargs=net_null0,no-rx=1");
            awaitTracked(daemons, flows);
            LockSupport.parkNanos(WARM_NANOS);
            return measure(daemons, seconds);
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private static List<String> flowRules() {
        return List.of(
                "in_port=1,ip,actions=ct(commit,zone=1,nat(src=198.18.0.1-198.18.0.8:1024-65535),table=1)",
                "table=1,in_port=1,ip,actions=mod_dl_src:02:00:00:00:00:02,mod_dl_dst:02:00:00:00:00:0b,dec_ttl,output:2");
    }

    private static void awaitTracked(OvsDaemons daemons, int flows) {
        long deadline = System.nanoTime() + TRACKED_NANOS;
        while (number(TRACKED, daemons.control("dpctl/ct-stats-show")) < flows) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Open vSwitch did not track %d flows within a minute: %s"
                        .formatted(flows, daemons.control("dpctl/ct-stats-show").strip()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static Rate measure(OvsDaemons daemons, int seconds) {
        daemons.control("dpif-netdev/pmd-stats-clear");
        long begin = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        String statistics = daemons.control("dpif-netdev/pmd-stats-show");
        return rate(statistics, System.nanoTime() - begin);
    }

    /** @param statistics what pmd-stats-show prints; the first thread in it is the polling one */
    static Rate rate(String statistics, long nanos) {
        return new Rate(number(RECEIVED, statistics) * 1e9 / nanos, number(CYCLES, statistics));
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("Open vSwitch says nothing that matches " + pattern + ": " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
