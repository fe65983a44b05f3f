package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.fastpath.worker.Worker;
import org.sluice.fastpath.worker.WorkerContext;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.settings.RouteSettings;
import org.sluice.slowpath.settings.TcpSettings;
import org.sluice.slowpath.settings.Timeout;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.Meter;

/**
 * A whole gateway on the test's own thread: worker and conductor over in-memory ports, a client inside (10.77.0.2), a server
 * outside (198.51.100.2) and a router beyond (198.51.100.254). The hosts answer ARP and neighbour solicitations by themselves.
 */
final class GatewayFixture {
    static final long GATEWAY_INSIDE = 0x02_00_00_00_00_01L;
    static final long GATEWAY_OUTSIDE = 0x02_00_00_00_00_02L;
    static final long CLIENT_MAC = 0x02_00_00_00_00_0AL;
    static final long SERVER_MAC = 0x02_00_00_00_00_0BL;
    static final String CLIENT = "10.77.0.2";
    static final String SERVER = "198.51.100.2";
    static final String INSIDE = "10.77.0.1";
    static final String OUTSIDE = "198.51.100.1";
    static final String CLIENT6 = "fd77::2";
    static final String SERVER6 = "2001:db8:77::2";
    static final String INSIDE6 = "fd77::1";
    static final String OUTSIDE6 = "2001:db8:77::1";
    private static final int RING = 1 << 22;

    final MemoryPort inside = new MemoryPort(0, "inside", GATEWAY_INSIDE, 1_500, 64, 70_000);
    final MemoryPort outside = new MemoryPort(1, "outside", GATEWAY_OUTSIDE, 1_500, 64, 70_000);
    final Worker worker;
    final SlowPath slowPath;
    final GatewaySettings settings;
    private final FlowTable flows;
    private final List<String> silent = new ArrayList<>();
    private final Map<String, Long> macs = new HashMap<>();

    /** Masquerade out, the port 21 of 10.77.0.20 forwarded in, ftp, irc, talk and {@link SpokenHelper spoken} helpers; inside may go out and ping. */
    GatewayFixture() {
        this((Journal) null);
    }

    /** The same with a journal; null for none. */
    GatewayFixture(Journal journal) {
        this(1_000, Map.of(), List.of(new NatSettings.Dnat("outside", 6, 21, 21, address("10.77.0.20"), 21),
                new NatSettings.Masquerade("outside")), TcpSettings.byDefault(1_000), UnaryOperator.identity(),
                journal);
    }

    GatewayFixture(int capacity, Map<Timeout, Duration> timeouts, List<NatSettings> nat) {
        this(capacity, timeouts, nat, TcpSettings.byDefault(capacity));
    }

    GatewayFixture(int capacity, Map<Timeout, Duration> timeouts, List<NatSettings> nat, TcpSettings tcp) {
        this(capacity, timeouts, nat, tcp, UnaryOperator.identity(), null);
    }

    /** @param changed makes other settings of an interface's usual ones */
    GatewayFixture(UnaryOperator<InterfaceSettings> changed) {
        this(1_000, Map.of(), List.of(new NatSettings.Masquerade("outside")), TcpSettings.byDefault(1_000), changed,
                null);
    }

    private GatewayFixture(int capacity, Map<Timeout, Duration> timeouts, List<NatSettings> nat, TcpSettings tcp,
            UnaryOperator<InterfaceSettings> changed, Journal journal) {
        settings = new GatewaySettings(
                List.of(changed.apply(iface("inside", INSIDE, INSIDE6)),
                        changed.apply(iface("outside", OUTSIDE, OUTSIDE6))),
                List.of(new RouteSettings(IpPrefix.parse("0.0.0.0/0"), address("198.51.100.254")),
                        new RouteSettings(IpPrefix.parse("::/0"), address("2001:db8:77::fe"))),
                nat, policy(),
                List.of(new HelperSettings("ftp", null, List.of(), Map.of()),
                        new HelperSettings("irc", null, List.of(), Map.of()),
                        new HelperSettings("talk", null, List.of(), Map.of()),
                        new HelperSettings("spoken", null, List.of(), Map.of())),
                capacity, timeouts, tcp);
        flows = new FlowTable(capacity, new Random(1));
        AdjacencyTable adjacencies = new AdjacencyTable(64);
        OneToOneRingBuffer puntRing = new OneToOneRingBuffer(
                OffHeap.allocate(RING + RingBufferDescriptor.TRAILER_LENGTH));
        OneToOneRingBuffer injectRing = new OneToOneRingBuffer(
                OffHeap.allocate(RING + RingBufferDescriptor.TRAILER_LENGTH));
        List<Port> ports = List.of(inside, outside);
        SingleWriterRecorder latency = new SingleWriterRecorder(WorkerContext.MAX_LATENCY_NS, 2);
        worker = new Worker(
                new WorkerContext(0, ports, flows, adjacencies, puntRing, injectRing, () -> {}, () -> 0, latency));
        slowPath = new SlowPath(
                new SlowPathContext(settings, ports, flows, adjacencies, worker, puntRing, injectRing, () -> {},
                        latency, new HelperRegistry(settings.helpers()), new Random(2), journal));
    }

    private static InterfaceSettings iface(String name, String address, String address6) {
        return new InterfaceSettings(name, name + "0", InterfaceSettings.Driver.AF_PACKET,
                List.of(IpPrefix.parse(address + "/24"), IpPrefix.parse(address6 + "/64")), name, 0);
    }

    private static PolicySettings policy() {
        return new PolicySettings(Action.DROP,
                List.of(new Rule("inside", "outside", Set.of(), List.of(), Action.ACCEPT),
                        new Rule("outside", "inside", Set.of(6), List.of(new PortRange(21, 21)), Action.ACCEPT),
                        new Rule("inside", PolicySettings.SELF, Set.of(), List.of(), Action.ACCEPT)));
    }

    /** Puts another policy in force. */
    void policy(Action byDefault, Rule... rules) {
        reload(new GatewaySettings(settings.interfaces(), settings.routes(), settings.nat(),
                new PolicySettings(byDefault, List.of(rules)), settings.helpers(), settings.capacity(), Map.of()));
    }

    /** Exchanges addresses and rules. @return how many flows were ended */
    int reload(GatewaySettings next) {
        CompletableFuture<Integer> ended = slowPath.view().reload(next);
        run();
        assertThat(ended).isCompleted();
        return ended.join();
    }

    static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    /** The host does not answer ARP from now on. */
    void silence(String address) {
        silent.add(address);
    }

    /** The host answers ARP with that Ethernet address instead of the one of all hosts of its link. */
    void mac(String address, long mac) {
        macs.put(address, mac);
    }

    /** Gives a frame to the inside port and lets the gateway work. @return what came out, described; ARP and NDP aside */
    List<String> fromInside(byte[] frame) {
        assertThat(inside.offer(frame)).isTrue();
        return run();
    }

    List<String> fromOutside(byte[] frame) {
        assertThat(outside.offer(frame)).isTrue();
        return run();
    }

    /** Frames that came out at the last run; ARP and neighbour solicitations aside. */
    final List<byte[]> out = new ArrayList<>();

    /** Addresses that the gateway told by ARP, unasked, to have. */
    final List<String> announced = new ArrayList<>();

    /** Works until nothing is left to do; hosts answer ARP meanwhile. */
    List<String> run() {
        out.clear();
        List<String> described = new ArrayList<>();
        int idle = 0;
        while (idle < 3) {
            int work = worker.doWork() + slowPath.conductor().doWork();
            work += collect(inside, "inside", CLIENT_MAC, described);
            work += collect(outside, "outside", SERVER_MAC, described);
            idle = work == 0 ? idle + 1 : 0;
        }
        return described;
    }

    private int collect(MemoryPort port, String name, long hostMac, List<String> described) {
        int count = 0;
        for (byte[] frame = port.take(); frame != null; frame = port.take()) {
            count++;
            UnsafeBuffer b = new UnsafeBuffer(frame);
            if (Ethernet.type(b, 0) == Ethernet.TYPE_ARP) {
                answer(port, b, hostMac);
            } else if (isNdp(b)) {
                answerNdp(port, b, hostMac);
            } else {
                out.add(frame);
                described.add(name + " " + Frames.describe(frame));
            }
        }
        return count;
    }

    private void answer(MemoryPort port, UnsafeBuffer request, long hostMac) {
        String target = Ipv4Address.format(Arp.targetIp(request, Frames.IP));
        boolean isAnnouncement = Arp.targetIp(request, Frames.IP) == Arp.senderIp(request, Frames.IP);
        if (isAnnouncement) {
            announced.add(target);
        } else if (Arp.operation(request, Frames.IP) == Arp.REQUEST && !silent.contains(target)) {
            assertThat(port.offer(Frames.arp(port.macAddress(), macs.getOrDefault(target, hostMac), Arp.REPLY, target,
                    Ipv4Address.format(Arp.senderIp(request, Frames.IP))))).isTrue();
        }
    }

    private static boolean isNdp(UnsafeBuffer b) {
        return Ethernet.type(b, 0) == Ethernet.TYPE_IPV6 && Ipv6.nextHeader(b, Frames.IP) == Ipv6.PROTOCOL_ICMP
                && Icmp.type(b, Frames.l4(b)) == Icmpv6.NEIGHBOR_SOLICITATION;
    }

    private void answerNdp(MemoryPort port, UnsafeBuffer request, long hostMac) {
        String target = IpAddress.read(request, Frames.l4(request) + Ndp.TARGET).toString();
        if (!silent.contains(target)) {
            assertThat(port.offer(Frames.ndp(port.macAddress(), hostMac, Icmpv6.NEIGHBOR_ADVERTISEMENT,
                    Ndp.SOLICITED | Ndp.OVERRIDE, target, Frames.source(request).toString(), target,
                    Ndp.TARGET_LINK_ADDRESS))).isTrue();
        }
    }

    /** @return all flows. */
    List<FlowView> flows() {
        var answer = slowPath.view().flows(FlowFilter.ALL, 0, Integer.MAX_VALUE);
        slowPath.conductor().doWork();
        return answer.join().flows();
    }

    /** @return the flow table, which worker and conductor share. */
    FlowTable table() {
        return flows;
    }

    /** @return the value of a meter, summed over its labels where the given ones agree. */
    long meter(String name, String... labels) {
        double sum = 0;
        for (Meter meter : slowPath.view().meters()) {
            boolean agrees = meter.name().equals(name);
            for (int i = 0; i < labels.length; i += 2) {
                agrees &= labels[i + 1].equals(meter.labels().get(labels[i]));
            }
            sum += agrees ? meter.value().getAsDouble() : 0;
        }
        return (long) sum;
    }

    /** Every frame has exactly one fate, and nobody wrote where flows without a line for more have theirs. */
    void assertAllAccountedFor() {
        for (int at = 0; at < 64; at += Long.BYTES) {
            assertThat(flows.moreBuffer(FlowTable.NONE).getLong(flows.more(FlowTable.NONE) + at)).isZero();
        }
        assertThat(meter("sluice_rx_packets")).as("received = forwarded + delivered + held + dropped")
                .isEqualTo(meter("sluice_forwarded_packets") + meter("sluice_delivered_packets")
                        + meter("sluice_held_packets")
                        + meter("sluice_drops"));
        assertThat(meter("sluice_tx_packets")).as("transmitted = forwarded + originated")
                .isEqualTo(meter("sluice_forwarded_packets") + meter("sluice_originated_packets"));
    }
}
