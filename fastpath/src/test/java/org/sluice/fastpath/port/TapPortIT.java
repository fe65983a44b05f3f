package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.fastpath.port.NetworkRig.await;

import java.io.BufferedReader;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Host a has the kernel's side of a TAP device, host b one end of a veth pair: a - (TAP) - (AF_PACKET) - b. */
@Timeout(120)
class TapPortIT {
    private static final String A = "10.66.0.1";
    private static final String B = "10.66.0.2";
    private static final int BYTES = 20_000_000;

    private final NetworkRig rig = new NetworkRig();
    private TapPort left;
    private AfPacketPort right;
    private PortBridge bridge;

    @BeforeEach
    void joinTwoHosts() {
        rig.addNamespace("a");
        rig.addNamespace("b");
        rig.addPairInto("r", "b", B + "/24");
        left = TapPort.open(0, "left", rig.name("t"));
        right = AfPacketPort.open(1, "right", rig.name("r"), new AfPacketPort.Options(2_000, 120, 500, true));
        bridge = new PortBridge(left, right);
        // a frame that comes before is refused, and not counted on its way out
        await("the device on the other side to be up", right::isUp);
    }

    @AfterEach
    void cleanUp() {
        try {
            if (bridge != null) {
                bridge.close();
            }
        } finally {
            rig.close();
        }
    }

    /** Its name there is its own. */
    private void giveToHostA() {
        rig.run("ip", "link", "set", rig.name("t"), "netns", rig.name("a"));
        rig.in("a", "ip", "address", "add", A + "/24", "dev", rig.name("t"));
        rig.in("a", "ip", "link", "set", rig.name("t"), "up");
        await("answer to a ping", () -> rig.pings("a", B));
    }

    @Test
    void shouldCarryAPingBothWays() {
        giveToHostA();
        assertThat(rig.in("a", "ping", "-n", "-c", "20", "-i", "0.01", "-W", "2", B)).contains("20 received");
        await("every frame to be counted on its way out",
                () -> left.counters().get(PortCounter.RX_PACKETS) == right.counters().get(PortCounter.TX_PACKETS));
    }

    @Test
    void shouldCarrySuperFramesWholeBothWays() throws IOException {
        giveToHostA();
        transfer("a", "b", B);
        long toB = bridge.superFrames();
        assertThat(toB).isPositive();
        transfer("b", "a", A);
        assertThat(bridge.superFrames()).isGreaterThan(toB);
        assertThat(left.counters().get(PortCounter.TX_REJECTED)).isZero();
    }

    @Test
    void shouldFollowTheDeviceUpAndDownAndItsMtu() {
        assertThat(left.isUp()).isFalse();
        rig.run("ip", "link", "set", rig.name("t"), "mtu", "1400", "up");
        await("the port to be up", () -> left.isUp() && left.mtu() == 1_400);
        rig.run("ip", "link", "set", rig.name("t"), "down");
        await("the port to be down", () -> !left.isUp());
    }

    @Test
    void shouldMakeTheDeviceAgainWhenItWasDeleted() {
        int[] descriptors = left.fileDescriptors();
        long mac = left.macAddress();
        rig.run("ip", "link", "del", rig.name("t"));
        await("the device to be there again", () -> rig.tryRun(new StringBuilder(), "ip", "link", "set",
                rig.name("t"), "up") == 0);
        giveToHostA();
        assertThat(left.fileDescriptors()).isEqualTo(descriptors);
        assertThat(left.macAddress()).isEqualTo(mac);
    }

    @Test
    void shouldTakeTheDeviceWithItWhenItGoes() {
        bridge.close();
        bridge = null;
        assertThat(rig.tryRun(new StringBuilder(), "ip", "link", "show", rig.name("t"))).isNotZero();
    }

    private void transfer(String from, String to, String address) throws IOException {
        Process receiver = rig.startIn(to, TrafficTool.command("tcp-receive").toArray(String[]::new));
        try (BufferedReader received = receiver.inputReader()) {
            assertThat(received.readLine()).isEqualTo("ready");
            Process sender = rig.startIn(from,
                    TrafficTool.command("tcp-send", address, Integer.toString(BYTES), "1").toArray(String[]::new));
            try (BufferedReader sent = sender.inputReader()) {
                assertThat(received.readLine()).startsWith(BYTES + " ").isEqualTo(sent.readLine());
            }
        }
    }
}
