package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.perf.gen.Attachment;

/**
 * A client's and a server's network namespace with a place between them for what is measured; fresh for each measurement. One thread,
 * but for the end of the process, which also takes it down.
 */
public final class Stand implements AutoCloseable {
    /** The hosts' own stacks would answer what the sources send, and those answers would go through the gateway too. */
    private static final String QUIET = "add table ip quiet; add counter ip quiet datagrams; add chain ip quiet in { type filter hook prerouting priority -300; };"
            + " add rule ip quiet in udp dport 9-4999 counter name datagrams drop; add rule ip quiet in udp sport 9-4999 drop;"
            + " add rule ip quiet in tcp dport 9-4999 drop; add rule ip quiet in tcp sport 9-4999 drop";

    /** An address of nobody, so that the kernel forgets a frame as soon as it has it. */
    public static final long NOBODY = 0x0200_0000_0009L;

    private static final long LISTEN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long SETTLE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String FLOOR = "floor0";

    private static final Pattern PACKETS = Pattern.compile("packets (\\d+) bytes");

    private final UndoLog undo;
    private final Thread hook;
    private final Path directory;
    private final Topology topology;
    private final String insideMac;
    private final String outsideMac;

    private Stand(UndoLog undo) throws IOException {
        this.undo = undo;
        hook = new Thread(undo::close, "stand-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        directory = Files.createTempDirectory("sluice-bench");
        undo.directory(directory);
        topology = Topology.make(undo);
        // now, because a rival may take the devices into a namespace of its own
        insideMac = mac(topology.inside());
        outsideMac = mac(topology.outside());
        topology.client().run("nft", QUIET);
        topology.server().run("nft", QUIET);
    }

    /** Makes the namespaces. */
    public static Stand make() throws IOException {
        UndoLog undo = UndoLog.open();
        try {
            return new Stand(undo);
        } catch (IOException | RuntimeException e) {
            undo.close();
            throw e;
        }
    }

    public Topology topology() {
        return topology;
    }

    /** @return where rivals may keep what they write; deleted in the end. */
    public Path directory() {
        return directory;
    }

    public UndoLog undo() {
        return undo;
    }

    /** @return address of the gateway's device towards the client. */
    public String insideMac() {
        return insideMac;
    }

    /** @return the same, in the lower 48 bits. */
    public long insideMacAddress() {
        return Ethernet.parseAddress(insideMac);
    }

    /** @return address of the gateway's device towards the server. */
    public String outsideMac() {
        return outsideMac;
    }

    private static String mac(String device) throws IOException {
        return Files.readString(Path.of("/sys/class/net", device, "address")).strip();
    }

    /** @return the client's device, for a generator. */
    public Attachment clientDevice() {
        return device(topology.client(), Topology.DEVICE);
    }

    /** @return the server's device, for a generator. */
    public Attachment serverDevice() {
        return device(topology.server(), Topology.DEVICE);
    }

    /** Over AF_XDP, because hosts share the processor with what is measured: a frame costs them less so. */
    private static Attachment device(Namespace host, String name) {
        return Attachment.of(name).in(host.name()).driver(Attachment.Driver.AF_XDP);
    }

    /** @return address of the client's device. */
    public String clientMac() {
        return topology.client().run("cat", "/sys/class/net/" + Topology.DEVICE + "/address").strip();
    }

    /** @return address of the server's device. */
    public String serverMac() {
        return topology.server().run("cat", "/sys/class/net/" + Topology.DEVICE + "/address").strip();
    }

    /** Tells the hosts the gateway's addresses, for a rival that answers no ARP. */
    public void introduceGateway() {
        introduce(topology.client(), Topology.INSIDE_ADDRESS, insideMac);
        introduce(topology.server(), Topology.OUTSIDE_ADDRESS, outsideMac);
    }

    private static void introduce(Namespace host, String address, String mac) {
        host.run("ip", "neigh", "replace", address, "lladdr", mac, "dev", Topology.DEVICE, "nud", "permanent");
    }

    /** Has the hosts and the gateway learn each other's addresses, if it is one that speaks ARP. */
    public void meet() {
        topology.client().attempt(10, "ping", "-n", "-c", "3", "-i", "0.2", Topology.SERVER_ADDRESS);
    }

    /** Waits until a program on the server listens on a TCP port. */
    public void awaitListening(Process program, int port) {
        long deadline = System.nanoTime() + LISTEN_NANOS;
        while (topology.server().run("ss", "-Hltn", "sport = :" + port).isBlank()) {
            if (!program.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("nothing listens on the server's port " + port);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** @return a device of the client that leads nowhere; made now. */
    public Attachment floor() {
        topology.client().run("ip", "link", "add", FLOOR, "type", "veth", "peer", "name", "floor1");
        topology.client().run("ip", "link", "set", FLOOR, "up");
        topology.client().run("ip", "link", "set", "floor1", "up");
        return device(topology.client(), FLOOR);
    }

    /** Takes the gateway's devices into a namespace of their own. @return the namespace. */
    public Namespace router() {
        Namespace router = Namespace.make(topology.client().name().replace("client", "router"), undo);
        for (String device : List.of(topology.inside(), topology.outside())) {
            Shell.run("ip", "link", "set", device, "netns", router.name());
            router.run("ip", "link", "set", device, "up");
        }
        return router;
    }

    /** @return {@link #received} when the last of what was sent has arrived: nothing came for a while, or five seconds are over. */
    public long receivedInTheEnd() {
        long deadline = System.nanoTime() + SETTLE_LIMIT_NANOS;
        long before = -1;
        long now = received();
        while (now != before && System.nanoTime() - deadline < 0) {
            before = now;
            LockSupport.parkNanos(SETTLE_NANOS);
            now = received();
        }
        return now;
    }

    /** @return datagrams for the ports of the sources that have arrived at the server. */
    public long received() {
        return packets(topology.server().run("nft", "list", "counter", "ip", "quiet", "datagrams"));
    }

    /** @param counter as nft prints it */
    static long packets(String counter) {
        Matcher matcher = PACKETS.matcher(counter);
        if (!matcher.find()) {
            throw new IllegalStateException("nft says no number of packets: " + counter);
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() {
        undo.close();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
