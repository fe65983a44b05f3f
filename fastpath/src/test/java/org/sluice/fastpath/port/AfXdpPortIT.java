package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sluice.fastpath.port.NetworkRig.await;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.fastpath.wire.Ethernet;

/** Two hosts, each in a namespace, joined by a bridge of an AF_XDP port and another port: a - (AF_XDP) - (other) - b. */
@Timeout(120)
class AfXdpPortIT {
    private static final String A = "10.66.0.1";
    private static final String B = "10.66.0.2";
    private static final int BYTES = 20_000_000;

    private final NetworkRig rig = new NetworkRig();
    private AfXdpPort left;
    private Port right;
    private PortBridge bridge;

    @BeforeEach
    void makeTwoHosts() {
        rig.addNamespace("a");
        rig.addNamespace("b");
        rig.addPairInto("l", "a", A + "/24");
        rig.addPairInto("r", "b", B + "/24");
        left = AfXdpPort.open(0, "left", rig.name("l"));
    }

    @AfterEach
    void cleanUp() {
        try {
            if (bridge != null) {
                bridge.close();
            } else {
                left.close();
            }
        } finally {
            rig.close();
        }
    }

    private void joinByXdp() {
        right = AfXdpPort.open(1, "right", rig.name("r"));
        bridge = new PortBridge(left, right);
        await("answer to a ping", () -> rig.pings("a", B));
    }

    private void joinByPacket() {
        right = AfPacketPort.open(1, "right", rig.name("r"),
                new AfPacketPort.Options(2_000, 120, 500, true));
        bridge = new PortBridge(left, right);
        await("answer to a ping", () -> rig.pings("a", B));
    }

    @Test
    void shouldCarryAPingBothWaysThroughTheDriver() {
        joinByXdp();
        assertThat(left.description()).startsWith("AF_XDP in the driver");
        assertThat(rig.in("a", "ping", "-n", "-c", "20", "-i", "0.01", "-W", "2", B)).contains("20 received");
        assertThat(left.counters().get(PortCounter.RX_PACKETS)).isGreaterThanOrEqualTo(20);
        await("every frame to be counted on its way out",
                () -> left.counters().get(PortCounter.RX_PACKETS) == right.counters().get(PortCounter.TX_PACKETS));
    }

    /** The hosts leave checksums to the hardware that veth hasn't. */
    @Test
    void shouldCarryTcpBothWays() throws IOException {
        joinByXdp();
        transfer("a", "b", B);
        transfer("b", "a", A);
        assertThat(bridge.superFrames()).isZero();
        assertThat(right.counters().get(PortCounter.TX_REJECTED)).isZero();
    }

    @Test
    void shouldCutTheSuperFramesOfAnotherDriver() throws IOException {
        joinByPacket();
        transfer("b", "a", A);
        assertThat(bridge.superFrames()).isPositive();
        assertThat(left.counters().get(PortCounter.TX_FULL)).isZero();
        transfer("a", "b", B);
    }

    @Test
    void shouldCarryTcpOverIpv6() throws IOException {
        rig.in("a", "ip", "address", "add", "fd66::1/64", "dev", "e0", "nodad");
        rig.in("b", "ip", "address", "add", "fd66::2/64", "dev", "e0", "nodad");
        joinByPacket();
        await("answer to a ping", () -> rig.pings("a", "fd66::2"));
        transfer("a", "b", "fd66::2");
        transfer("b", "a", "fd66::1");
    }

    @Test
    void shouldGoOnWhenADeviceWasDown() {
        joinByXdp();
        rig.run("ip", "link", "set", rig.name("l"), "down");
        await("the port to be down", () -> !left.isUp());
        assertThat(rig.pings("b", A)).isFalse();

        rig.run("ip", "link", "set", rig.name("l"), "up");
        await("the port to be up", left::isUp);
        await("answer to a ping", () -> rig.pings("b", A));
    }

    @Test
    void shouldGoOnWithADeviceThatWasMadeAnew() {
        joinByXdp();
        int[] descriptors = left.fileDescriptors();
        rig.run("ip", "link", "del", rig.name("l"));
        await("the port to be down", () -> !left.isUp());

        rig.addPairInto("l", "a", A + "/24");
        await("the port to be up", left::isUp);
        await("answer to a ping", () -> rig.pings("b", A));
        assertThat(left.fileDescriptors()).isEqualTo(descriptors);
    }

    @Test
    void shouldFollowTheMtu() {
        joinByXdp();
        for (String role : new String[]{"l", "r"}) {
            rig.run("ip", "link", "set", rig.name(role), "mtu", "3000");
        }
        rig.in("a", "ip", "link", "set", "e0", "mtu", "3000");
        rig.in("b", "ip", "link", "set", "e0", "mtu", "3000");
        await("MTU", () -> left.mtu() == 3_000 && right.mtu() == 3_000 && left.isUp() && right.isUp());
        await("answer to a ping", () -> rig.pings("a", B));
        assertThat(rig.in("a", "ping", "-n", "-c", "3", "-W", "2", "-M", "do", "-s", "2900", B))
                .contains(" 3 received");
    }

    @Test
    void shouldLeaveNothingBehind() {
        joinByXdp();
        assertThat(rig.run("ip", "-d", "link", "show", rig.name("l"))).contains("xdp", "allmulti 1");
        bridge.close();
        bridge = null;
        assertThat(rig.run("ip", "-d", "link", "show", rig.name("l"))).doesNotContain("xdp").contains("allmulti 0");
    }

    @Test
    void shouldDropAndCountTaggedFrames() {
        rig.addPair("x", "y");
        rig.run("ip", "link", "set", rig.name("x"), "up");
        rig.run("ip", "link", "set", rig.name("y"), "up");
        UnsafeBuffer tagged = new UnsafeBuffer(new byte[80]);
        tagged.putInt(10 + 12, 0x8100_0005, ByteOrder.BIG_ENDIAN);
        FrameBurst burst = new FrameBurst(64);
        try (AfXdpPort sender = AfXdpPort.open(2, "x", rig.name("x"));
                AfXdpPort receiver = AfXdpPort.open(3, "y", rig.name("y"))) {
            await("both to be up", () -> {
                sender.maintain();
                receiver.maintain();
                return sender.isUp() && receiver.isUp();
            });
            assertThat(sender.transmit(tagged, 10, 60)).isTrue();
            sender.flush();
            await("the tagged frame", () -> {
                assertThat(FrameHandler.receive(receiver, burst, (b, frame, length, timestamp) -> assertThat(
                        Ethernet.type(b, frame)).isNotEqualTo(0x8100))).isNotNegative();
                return receiver.counters().get(PortCounter.RX_VLAN) == 1;
            });
        }
    }

    @Test
    void shouldAllocateNothingInSteadyState() {
        rig.addPair("x", "y");
        rig.run("ip", "link", "set", rig.name("x"), "up");
        rig.run("ip", "link", "set", rig.name("y"), "up");
        UnsafeBuffer frame = new UnsafeBuffer(new byte[80]);
        frame.putShort(10 + 12, (short) 0x88B5, ByteOrder.BIG_ENDIAN);
        FrameBurst burst = new FrameBurst(64);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (AfXdpPort sender = AfXdpPort.open(2, "x", rig.name("x"));
                AfXdpPort receiver = AfXdpPort.open(3, "y", rig.name("y"))) {
            sender.maintain();
            receiver.maintain();
            // at first there is the compiler's doing; steady is when a whole round has none
            await("a round without allocation", () -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10_000; i++) {
                    sender.transmit(frame, 10, 60);
                    if (i % 4 == 3) {
                        sender.flush();
                        receiver.receive(burst);
                        receiver.release();
                    }
                }
                return threads.getCurrentThreadAllocatedBytes() == before;
            });
            assertThat(receiver.counters().get(PortCounter.RX_PACKETS)).isPositive();
        }
    }

    @Test
    void shouldSayWhyItCannotBeHad() {
        assertThatThrownBy(() -> AfXdpPort.open(2, "again", rig.name("l"))).hasMessageContaining("EBUSY");
        rig.run("ip", "link", "set", rig.name("r"), "mtu", "9000");
        assertThatThrownBy(() -> AfXdpPort.open(2, "jumbo", rig.name("r"))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MTU of 9000");
        assertThatThrownBy(() -> AfXdpPort.open(2, "wan", "sluice-absent")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no device sluice-absent");
    }

    private void transfer(String from, String to, String address) throws IOException {
        Process receiver = tool(to, "tcp-receive");
        try (BufferedReader received = receiver.inputReader()) {
            assertThat(received.readLine()).isEqualTo("ready");
            Process sender = tool(from, "tcp-send", address, Integer.toString(BYTES), "1");
            try (BufferedReader sent = sender.inputReader()) {
                assertThat(received.readLine()).startsWith(BYTES + " ").isEqualTo(sent.readLine());
            }
        }
        receiver.destroy();
    }

    private Process tool(String namespace, String... arguments) {
        return rig.startIn(namespace, TrafficTool.command(arguments).toArray(String[]::new));
    }
}
