package org.sluice.mgmt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.WorkerCounter;
import org.sluice.fastpath.port.MemoryPort;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.helper.HeapWatch;
import org.sluice.slowpath.helper.HelperRegistry;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.view.FlowFilter;

/**
 * Sends packets through a gateway in memory, so that its classes are loaded and the JIT has compiled what each packet passes
 * before the real one takes its first: cold code costs the first pings some milliseconds each.
 *
 * <p>A client (10.0.0.2) begins flows to a server (192.0.2.2), which sends everything back. One thread; nothing leaves it.
 */
final class WarmUp {
    private static final int ROUNDS = 600;
    /** As often as all code is passed in each direction. */
    private static final int ROUNDS_AGAIN = 3;
    private static final int PACKETS_A_ROUND = 10;
    private static final int FLOWS = 4096;
    private static final int RING_BYTES = 1 << 20;
    private static final int SLOTS = 64;
    private static final int LONGEST = 2_048;
    private static final int MTU = 1_500;
    private static final int PAYLOAD = 32;
    private static final int FIRST_PORT = 20_000;
    private static final long GATEWAY_INSIDE = 0x02_00_00_00_00_01L;
    private static final long GATEWAY_OUTSIDE = 0x02_00_00_00_00_02L;
    private static final long CLIENT = 0x02_00_00_00_00_0AL;
    private static final long SERVER = 0x02_00_00_00_00_0BL;
    private static final int CLIENT_ADDRESS = 0x0A_00_00_02;
    private static final int SERVER_ADDRESS = 0xC0_00_02_02;
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;

    private final MemoryPort inside = new MemoryPort(0, "inside", GATEWAY_INSIDE, MTU, SLOTS, LONGEST);
    private final MemoryPort outside = new MemoryPort(1, "outside", GATEWAY_OUTSIDE, MTU, SLOTS, LONGEST);
    private final Engine engine;

    WarmUp() {
        InterfaceSettings in = network("inside", "10.0.0.1/24");
        InterfaceSettings out = network("outside", "192.0.2.1/24");
        PolicySettings policy = new PolicySettings(Action.DROP,
                List.of(new Rule(in.zone(), out.zone(), Set.of(), List.of(), Action.ACCEPT)));
        GatewaySettings settings = new GatewaySettings(List.of(in, out), List.of(),
                List.of(new NatSettings.Masquerade(out.name())), policy, List.of(), FLOWS, Map.of());
        engine = Engine.assemble(settings, List.of(List.of(inside, outside)), new HelperRegistry(List.of()), RING_BYTES,
                List.of(() -> {}), () -> {}, null);
    }

    private static InterfaceSettings network(String name, String prefix) {
        return new InterfaceSettings(name, name, InterfaceSettings.Driver.AF_PACKET, List.of(IpPrefix.parse(prefix)),
                name,
                MTU);
    }

    /** Runs for about a second. @return number of packets that took the fast path */
    long run() {
        return rounds(ROUNDS);
    }

    /**
     * After each collection of garbage from now on, sends some packets again: all compiled code looks once more where its objects are then,
     * which a real flow's first packet would have to wait for, some 1.3 ms.
     */
    void afterEachCollection() {
        HeapWatch.PROCESS.afterEach(this::again);
    }

    private long rounds(int count) {
        for (int round = 0; round < count; round++) {
            round(FIRST_PORT + round);
        }
        return engine.workers().getFirst().counters().get(WorkerCounter.FAST_FORWARDED);
    }

    /** New flows, as they were new at first. @return as {@link #run} */
    long again() {
        long forwarded = rounds(ROUNDS_AGAIN);
        CompletableFuture<Integer> ended = engine.slowPath().view().flushFlows(FlowFilter.ALL);
        while (!ended.isDone()) {
            work();
        }
        return forwarded;
    }

    private void round(int port) {
        byte[] udp = packet(Ipv4.PROTOCOL_UDP, Udp.HEADER_LENGTH + PAYLOAD, b -> {
            Udp.sourcePort(b, L4, port);
            Udp.destinationPort(b, L4, Udp.HEADER_LENGTH);
            Udp.length(b, L4, Udp.HEADER_LENGTH + PAYLOAD);
        });
        byte[] echo = packet(Ipv4.PROTOCOL_ICMP, Icmp.HEADER_LENGTH + PAYLOAD, b -> {
            Icmp.type(b, L4, Icmp.ECHO_REQUEST);
            Icmp.identifier(b, L4, port);
        });
        exchange(segment(port, Tcp.SYN, 0));
        byte[] data = segment(port, Tcp.ACK, PAYLOAD);
        for (int i = 0; i < PACKETS_A_ROUND; i++) {
            exchange(udp);
            exchange(echo);
            exchange(data);
        }
    }

    private static byte[] segment(int port, int flags, int payload) {
        return packet(Ipv4.PROTOCOL_TCP, Tcp.HEADER_LENGTH + payload, b -> {
            Tcp.sourcePort(b, L4, port);
            Tcp.destinationPort(b, L4, 9);
            Tcp.sequence(b, L4, flags == Tcp.SYN ? 0 : 1);
            Tcp.acknowledgement(b, L4, flags == Tcp.SYN ? 0 : 1);
            Tcp.headerLength(b, L4, Tcp.HEADER_LENGTH);
            Tcp.flags(b, L4, flags);
            Tcp.window(b, L4, 0xFFFF);
        });
    }

    private static byte[] packet(int protocol, int length, Consumer<UnsafeBuffer> header) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[L4 + length]);
        Ethernet.header(b, 0, GATEWAY_INSIDE, CLIENT, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(b, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, IP, Ipv4.HEADER_LENGTH + length);
        Ipv4.ttl(b, IP, 64);
        Ipv4.protocol(b, IP, protocol);
        Ipv4.source(b, IP, CLIENT_ADDRESS);
        Ipv4.destination(b, IP, SERVER_ADDRESS);
        Ipv4.updateChecksum(b, IP);
        header.accept(b);
        seal(b);
        return b.byteArray();
    }

    private static void seal(UnsafeBuffer b) {
        int length = b.capacity() - L4;
        switch (Ipv4.protocol(b, IP)) {
            case Ipv4.PROTOCOL_TCP -> Tcp.checksum(b, L4, Checksum.transport(b, IP, L4, length, Ipv4.PROTOCOL_TCP));
            case Ipv4.PROTOCOL_UDP -> Udp.checksum(b, L4, Checksum.transport(b, IP, L4, length, Ipv4.PROTOCOL_UDP));
            default -> {
                Icmp.checksum(b, L4, 0);
                Icmp.checksum(b, L4, ~Checksum.fold(Checksum.sum(b, L4, length)));
            }
        }
    }

    /** A packet to the server and its answer back. */
    private void exchange(byte[] frame) {
        inside.offer(frame);
        int work = 1;
        while (work > 0) {
            work = work();
            work += answer(outside, SERVER);
            work += answer(inside, CLIENT);
        }
    }

    private int work() {
        return engine.workers().getFirst().doWork() + engine.slowPath().conductor().doWork();
    }

    private static int answer(MemoryPort port, long host) {
        int count = 0;
        for (byte[] frame = port.take(); frame != null; frame = port.take()) {
            count++;
            UnsafeBuffer b = new UnsafeBuffer(frame);
            if (Ethernet.type(b, 0) == Ethernet.TYPE_ARP) {
                long gateway = Ethernet.source(b, 0);
                int sought = Arp.targetIp(b, IP);
                Ethernet.addresses(b, 0, gateway, host);
                Arp.write(b, IP, Arp.REPLY, host, sought, gateway, Arp.senderIp(b, IP));
                port.offer(frame);
            } else if (host == SERVER) {
                reflect(b);
                port.offer(frame);
            }
        }
        return count;
    }

    private static void reflect(UnsafeBuffer b) {
        Ethernet.addresses(b, 0, Ethernet.source(b, 0), SERVER);
        int source = Ipv4.source(b, IP);
        Ipv4.source(b, IP, Ipv4.destination(b, IP));
        Ipv4.destination(b, IP, source);
        switch (Ipv4.protocol(b, IP)) {
            case Ipv4.PROTOCOL_TCP -> {
                int port = Tcp.sourcePort(b, L4);
                Tcp.sourcePort(b, L4, Tcp.destinationPort(b, L4));
                Tcp.destinationPort(b, L4, port);
                if (Tcp.flags(b, L4) == Tcp.SYN) {
                    Tcp.flags(b, L4, Tcp.SYN | Tcp.ACK);
                    Tcp.acknowledgement(b, L4, 1);
                }
            }
            case Ipv4.PROTOCOL_UDP -> {
                int port = Udp.sourcePort(b, L4);
                Udp.sourcePort(b, L4, Udp.destinationPort(b, L4));
                Udp.destinationPort(b, L4, port);
            }
            default -> Icmp.type(b, L4, Icmp.ECHO_REPLY);
        }
        seal(b);
    }
}
