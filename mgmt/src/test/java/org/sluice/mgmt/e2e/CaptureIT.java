package org.sluice.mgmt.e2e;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.capture.CaptureReader;
import org.sluice.fastpath.capture.CaptureWriter;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Udp;
import org.sluice.mgmt.Sluice;
import org.sluice.mgmt.lab.GatewayProcess;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.slowpath.route.Ipv4Address;

/** A capture is replayed through the gateway, which has no device at all. */
@Timeout(120)
class CaptureIT {
    private static final int DATAGRAMS = 500;
    private static final int CLIENT = Ipv4Address.parse("10.77.0.2");
    private static final int GATEWAY = Ipv4Address.parse("10.77.0.1");
    private static final int OUTSIDE = Ipv4Address.parse("198.51.100.1");
    private static final int NEXT_HOP = Ipv4Address.parse("198.51.100.254");
    private static final int SERVER = Ipv4Address.parse("203.0.113.5");
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;
    private static final int PAYLOAD = 100;
    /** Behind the first frame, before whose next hop has answered the gateway keeps only a few. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(3);
    private static final long GAP = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long BEGIN = 1_000_000_000_000_000_000L;

    @TempDir
    private Path directory;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[L4 + Udp.HEADER_LENGTH + PAYLOAD]);

    /** To a router that isn't there any more, by its Ethernet address. */
    private void packet(int source, int destination, int protocol) {
        frame.setMemory(0, frame.capacity(), (byte) 0);
        Ethernet.header(frame, 0, 0x02_00_00_00_00_99L, 0x02_00_00_00_00_02L, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(frame, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(frame, IP, frame.capacity() - IP);
        Ipv4.ttl(frame, IP, 64);
        Ipv4.protocol(frame, IP, protocol);
        Ipv4.source(frame, IP, source);
        Ipv4.destination(frame, IP, destination);
        Ipv4.updateChecksum(frame, IP);
    }

    private void datagram(int number) {
        packet(CLIENT, SERVER, Ipv4.PROTOCOL_UDP);
        int length = frame.capacity() - L4;
        Udp.sourcePort(frame, L4, 2_000 + number % 50);
        Udp.destinationPort(frame, L4, 53);
        Udp.length(frame, L4, length);
        frame.putInt(L4 + Udp.HEADER_LENGTH, number, BIG_ENDIAN);
        Udp.computedChecksum(frame, L4, Checksum.transport(frame, IP, L4, length, Ipv4.PROTOCOL_UDP));
    }

    private void ping() {
        packet(CLIENT, GATEWAY, Ipv4.PROTOCOL_ICMP);
        Icmp.type(frame, L4, Icmp.ECHO_REQUEST);
        Icmp.checksum(frame, L4, ~Checksum.fold(Checksum.sum(frame, L4, frame.capacity() - L4)));
    }

    private void capture(Path file) throws IOException {
        try (CaptureWriter writer = new CaptureWriter(file)) {
            for (int i = 0; i < DATAGRAMS; i++) {
                datagram(i);
                writer.write(i == 0 ? BEGIN : BEGIN + PAUSE + i * GAP, frame, 0, frame.capacity());
            }
            ping();
            writer.write(BEGIN + PAUSE + DATAGRAMS * GAP, frame, 0, frame.capacity());
        }
    }

    private static List<UnsafeBuffer> read(Path file, int type, int protocol) {
        List<UnsafeBuffer> frames = new ArrayList<>();
        try {
            CaptureReader reader = CaptureReader.open(file);
            while (reader.next()) {
                UnsafeBuffer b = new UnsafeBuffer(reader.frame());
                if (Ethernet.type(b, 0) == type && (type == Ethernet.TYPE_ARP || Ipv4.protocol(b, IP) == protocol)) {
                    frames.add(b);
                }
            }
        } catch (IOException e) {
            // it is being written
            return List.of();
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldTranslateACaptureIntoAnother(int workers) throws IOException {
        Path inside = directory.resolve("inside.pcap");
        Path outside = directory.resolve("outside.pcap");
        capture(inside);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Path configuration = Files.writeString(directory.resolve("sluice.yaml"),
                """
                        interfaces:
                          inside: {device: %s, driver: pcap, addresses: [10.77.0.1/24]}
                          outside: {device: %s, driver: pcap, addresses: [198.51.100.1/24]}
                        routes: [{to: 0.0.0.0/0, via: 198.51.100.254}]
                        nat: [{kind: masquerade, out: outside}]
                        policy: {default: drop, rules: [{from: inside, to: outside, action: accept}, {from: inside, to: self, action: accept}]}
                        workers: %d
                        management: {listen: "127.0.0.1:%d"}
                        """
                        .formatted(inside, outside, workers, port));
        Path log = directory.resolve("log");
        try (UndoLog undo = UndoLog.open();
                GatewayProcess gateway = GatewayProcess.start(JavaCommand.alike(Sluice.class.getName(), List.of()),
                        "127.0.0.1:" + port, configuration, log, undo)) {
            Path insideOut = directory.resolve("inside.out.pcap");
            Path outsideOut = directory.resolve("outside.out.pcap");
            Rig.await(() -> gateway.logged() + metrics(gateway),
                    () -> read(outsideOut, Ethernet.TYPE_IPV4, Ipv4.PROTOCOL_UDP).size() >= DATAGRAMS
                            && !read(insideOut, Ethernet.TYPE_IPV4, Ipv4.PROTOCOL_ICMP).isEmpty());
            assertTranslated(read(outsideOut, Ethernet.TYPE_IPV4, Ipv4.PROTOCOL_UDP));
            assertThat(read(outsideOut, Ethernet.TYPE_ARP, 0)).anyMatch(b -> Arp.targetIp(b, IP) == NEXT_HOP);
            UnsafeBuffer pong = read(insideOut, Ethernet.TYPE_IPV4, Ipv4.PROTOCOL_ICMP).getFirst();
            assertThat(Icmp.type(pong, L4)).isEqualTo(Icmp.ECHO_REPLY);
            assertThat(Ipv4.source(pong, IP)).isEqualTo(GATEWAY);
            assertThat(gateway.logged()).contains("replay, 501 frames", "so nothing comes in");
        }
    }

    private static String metrics(GatewayProcess gateway) {
        return gateway.get("/metrics").lines().filter(line -> line.matches("sluice_.*_total.* [^0].*"))
                .collect(Collectors.joining("\n"));
    }

    private static void assertTranslated(List<UnsafeBuffer> datagrams) {
        assertThat(datagrams).hasSize(DATAGRAMS);
        boolean[] seen = new boolean[DATAGRAMS];
        for (UnsafeBuffer b : datagrams) {
            int number = b.getInt(L4 + Udp.HEADER_LENGTH, BIG_ENDIAN);
            assertThat(seen[number]).as("datagram %d came before", number).isFalse();
            seen[number] = true;
            assertThat(Ipv4.source(b, IP)).isEqualTo(OUTSIDE);
            assertThat(Ipv4.destination(b, IP)).isEqualTo(SERVER);
            assertThat(Ipv4.ttl(b, IP)).isEqualTo(63);
            assertThat(Checksum.fold(Checksum.sum(b, IP, Ipv4.HEADER_LENGTH))).isEqualTo(0xFFFF);
            assertThat(Udp.checksum(b, L4))
                    .isEqualTo(Checksum.transport(b, IP, L4, b.capacity() - L4, Ipv4.PROTOCOL_UDP));
        }
    }
}
