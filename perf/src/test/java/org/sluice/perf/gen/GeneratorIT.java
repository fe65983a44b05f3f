package org.sluice.perf.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.fastpath.capture.CaptureReader;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.UndoLog;
import org.sluice.perf.gen.Attachment.Driver;
import org.sluice.perf.gen.load.Endpoints;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;
import org.sluice.perf.gen.load.Rate;

/** Generator and sink over veth: directly, and through a kernel that routes. Needs root. */
@Timeout(120)
class GeneratorIT {
    private static final long COUNT = 20_000;
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Rate RATE = Rate.packets(20_000);

    private final UndoLog undo = UndoLog.open();
    private final String suffix = Long.toString(ProcessHandle.current().pid(), 36);
    private final Namespace left = Namespace.make("sluice-gen-l" + suffix, undo);
    private final Namespace right = Namespace.make("sluice-gen-r" + suffix, undo);

    @BeforeEach
    void quiet() {
        quiet(left);
        quiet(right);
    }

    @AfterEach
    void cleanUp() {
        undo.close();
    }

    /** No router solicitations among the frames. */
    private static void quiet(Namespace host) {
        host.run("sh", "-c", "for f in all default; do echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
    }

    private void join() {
        left.run("ip", "link", "add", "e0", "type", "veth", "peer", "name", "e0", "netns", right.name());
        left.run("ip", "link", "set", "e0", "up");
        right.run("ip", "link", "set", "e0", "up");
    }

    private static Load load(String from, String to) {
        return Load.between(Endpoints.parse(from, Load.UNPRIVILEGED), Endpoints.parse(to, Load.DISCARD)).rate(RATE)
                .count(COUNT).duration(Duration.ofSeconds(60));
    }

    private Generator open(Driver driver) {
        Attachment device = Attachment.of("e0").driver(driver);
        return Generator.open(device.in(left.name()), device.in(right.name()));
    }

    private static void assertAllCame(Result result) {
        assertThat(result.sent()).isEqualTo(COUNT);
        assertThat(result.received()).as(result.toString()).isEqualTo(COUNT);
        assertThat(result.lost()).isZero();
        assertThat(result.refused()).isZero();
        assertThat(result.receivedBytes()).isEqualTo(result.sentBytes());
        assertThat(result.duplicates()).isZero();
        assertThat(result.reordered()).isZero();
        assertThat(result.other()).isZero();
    }

    @Test
    void shouldSendWithoutASink() throws Exception {
        join();
        String received = "/sys/class/net/e0/statistics/rx_packets";
        long mac = Ethernet.parseAddress(right.run("cat", "/sys/class/net/e0/address").strip());
        try (Generator generator = Generator.open(Attachment.of("e0").in(left.name()), null)) {
            long before = Long.parseLong(right.run("cat", received).strip());

            assertThat(generator.send(load("198.18.0.1", "198.19.0.1"), mac, true).frames()).isEqualTo(COUNT);

            assertThat(Long.parseLong(right.run("cat", received).strip()) - before).isGreaterThanOrEqualTo(COUNT);
        }
    }

    @ParameterizedTest
    @EnumSource(Driver.class)
    void shouldReceiveAllThatWasSent(Driver driver) {
        join();
        try (Generator generator = open(driver)) {
            Load load = load("198.18.0.1", "198.19.0.1");
            Result first = generator.run(load.flows(1_000));
            assertAllCame(first);
            assertThat(first.sentBytes()).isEqualTo(64 * COUNT);
            assertThat(first.latency().count()).isEqualTo(COUNT);
            assertThat(first.latency().min()).isPositive().isLessThanOrEqualTo(first.latency().p50());
            assertThat(first.latency().p50()).isLessThanOrEqualTo(first.latency().p99());
            assertThat(first.latency().p99()).isLessThanOrEqualTo(first.latency().max());

            Result mixed = generator.run(load.stamped(false).sizes(FrameSizes.IMIX).flows(10).newFlows(1_000));
            assertAllCame(mixed);
            assertThat(mixed.sentBytes()).isCloseTo((long) (COUNT * FrameSizes.IMIX.mean()),
                    Offset.offset(1_518L * 12));
            assertThat(mixed.latency()).isNull();

            assertAllCame(generator.run(load.sizes(FrameSizes.parse("128,1518")).protocol(Protocol.TCP).flows(50)));
            assertAllCame(generator.run(load("2001:db8::1-2001:db8::99", "2001:db8:1::1").flows(100_000)));
        }
    }

    @Test
    void shouldGoThroughARouter() throws Exception {
        Namespace router = Namespace.make("sluice-gen-m" + suffix, undo);
        quiet(router);
        router.run("ip", "link", "add", "toleft", "type", "veth", "peer", "name", "e0", "netns", left.name());
        router.run("ip", "link", "add", "toright", "type", "veth", "peer", "name", "e0", "netns", right.name());
        router.run("ip", "address", "add", "198.18.0.254/24", "dev", "toleft");
        router.run("ip", "address", "add", "198.19.0.254/24", "dev", "toright");
        router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; ip link set toleft up; ip link set toright up");
        left.run("ip", "link", "set", "e0", "up");
        right.run("ip", "link", "set", "e0", "up");
        try (Generator generator = open(Driver.AF_PACKET)) {
            Load load = load("198.18.0.1-198.18.0.99", "198.19.0.1-198.19.0.9").flows(5_000);
            assertAllCame(generator.run(load, InetAddress.ofLiteral("198.18.0.254")));
            assertAllCame(generator.run(load.protocol(Protocol.ICMP), InetAddress.ofLiteral("198.18.0.254")));
        }
    }

    @Test
    void shouldTakeTheAnswersOfAHost() throws Exception {
        join();
        right.run("ip", "address", "add", "198.18.0.254/24", "dev", "e0");
        // as many as are asked for; the kernel answers fewer by default
        right.run("sh", "-c", "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit");
        try (Generator generator = Generator.open(Attachment.of("e0").in(left.name()), null)) {
            Load pings = load("198.18.0.1", "198.18.0.254").protocol(Protocol.ICMP);
            assertAllCame(generator.run(pings));
        }
    }

    /** @return a capture of so many frames that are no IP, a fifth of a millisecond apart. */
    private static byte[] capture(int frames) {
        Random random = new Random(frames);
        ByteBuffer b = ByteBuffer.allocate(24 + frames * 1_530).putInt(0xA1B2_3C4D).putInt(0x0002_0004).putLong(0)
                .putInt(65_535).putInt(1);
        for (int i = 0; i < frames; i++) {
            byte[] frame = new byte[60 + random.nextInt(1_455)];
            random.nextBytes(frame);
            // to everybody, of a type for experiments (RFC 5342 B.2)
            System.arraycopy(new byte[]{-1, -1, -1, -1, -1, -1, 2, 0, 0, 0, 0, 1, (byte) 0x88, (byte) 0xB5}, 0, frame,
                    0,
                    14);
            b.putInt(1_000_000_000).putInt(i * 200_000).putInt(frame.length).putInt(frame.length).put(frame);
        }
        return Arrays.copyOf(b.array(), b.position());
    }

    private static List<String> frames(Path file) throws IOException {
        List<String> frames = new ArrayList<>();
        CaptureReader reader = CaptureReader.open(file);
        while (reader.next()) {
            frames.add(HexFormat.of().formatHex(reader.frame()));
        }
        return frames;
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime() - deadline).as("not within 30 s: " + what).isNegative();
            LockSupport.parkNanos(POLL);
        }
    }

    @ParameterizedTest
    @EnumSource(Driver.class)
    void shouldReplayACaptureByteByByte(Driver driver, @TempDir Path directory) throws Exception {
        join();
        Path file = Files.write(directory.resolve("in.pcap"), capture(500));
        Path seen = directory.resolve("seen.pcap");
        Path log = directory.resolve("log");
        right.start(List.of("tcpdump", "-i", "e0", "-w", seen.toString(), "-U", "-Z", "root",
                "--immediate-mode", "-s", "2000", "ether", "proto", "0x88b5"), log);
        await("tcpdump listens", () -> Files.exists(log) && Files.readString(log).contains("listening on"));
        // what AF_XDP receives nobody else can see
        try (Generator generator = Generator.open(Attachment.of("e0").driver(driver).in(left.name()),
                Attachment.of("e0").in(right.name()))) {
            Result result = generator.replay(Replay.of(file));
            assertThat(result.sent()).isEqualTo(500);
            assertThat(result.received()).isEqualTo(500);
            assertThat(result.lost()).isZero();
            assertThat(result.sentBytes() - 4 * 500).isEqualTo(
                    frames(file).stream().mapToLong(f -> f.length() / 2).sum())
                    .isEqualTo(result.receivedBytes() - 4 * 500);
            await("tcpdump has seen all", () -> Files.size(seen) >= Files.size(file));
            assertThat(frames(seen)).isEqualTo(frames(file));
            assertThat(generator.replay(Replay.of(file).rate(RATE).loops(3)).received()).isEqualTo(1_500);
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        join();
        try (Generator generator = Generator.open(Attachment.of("e0").in(left.name()), null)) {
            assertThatThrownBy(() -> generator.run(load("198.18.0.1", "198.18.0.254")))
                    .hasMessageStartingWith("198.18.0.254 doesn't answer on e0 within 5 s");
            assertThatThrownBy(() -> generator.run(load("198.18.0.1", "198.18.0.254").sizes(FrameSizes.of(1_519)), 1))
                    .hasMessageContaining("the largest size is 1518");
        }
    }
}
