package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.fastpath.port.NetworkRig.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two hosts, each in a namespace, joined by a bridge of two ports: a - (port) - (port) - b. What the hosts' kernels send is
 * what the ports must carry.
 */
@Timeout(120)
class AfPacketPortIT {
    private static final String A = "10.66.0.1";
    private static final String B = "10.66.0.2";
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(2_000, 120, 500, true);
    private static final int BYTES = 20_000_000;

    private final NetworkRig rig = new NetworkRig();
    private AfPacketPort left;
    private AfPacketPort right;
    private PortBridge bridge;

    @BeforeEach
    void joinTwoHosts() {
        rig.addNamespace("a");
        rig.addNamespace("b");
        rig.addPairInto("l", "a", A + "/24");
        rig.addPairInto("r", "b", B + "/24");
        left = AfPacketPort.open(0, "left", rig.name("l"), OPTIONS);
        right = AfPacketPort.open(1, "right", rig.name("r"), OPTIONS);
        bridge = new PortBridge(left, right);
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

    @Test
    void shouldCarryAPingBothWays() {
        await("answer to a ping", () -> rig.pings("a", B));

        String report = rig.in("a", "ping", "-n", "-c", "20", "-i", "0.01", "-W", "2", B);
        assertThat(report).contains("20 received");
        assertThat(left.counters().get(PortCounter.RX_PACKETS)).isGreaterThanOrEqualTo(20);
        await("every frame to be counted on its way out",
                () -> left.counters().get(PortCounter.RX_PACKETS) == right.counters().get(PortCounter.TX_PACKETS));
    }

    @Test
    void shouldCarrySuperFramesWhole() throws IOException {
        transfer();

        assertThat(bridge.superFrames()).isPositive();
        assertThat(bridge.frames()).isLessThan(BYTES / 1_448);
        assertThat(right.counters().get(PortCounter.TX_REJECTED)).isZero();
        assertThat(left.counters().get(PortCounter.RX_TRUNCATED)).isZero();
    }

    @Test
    void shouldCarryOrdinaryFramesOnly() throws IOException {
        for (String[] end : new String[][]{{"a", "e0"}, {"b", "e0"}}) {
            rig.in(end[0], "ethtool", "-K", end[1], "tso", "off", "gso", "off", "gro", "off", "tx", "off");
        }
        for (String device : List.of(rig.name("l"), rig.name("r"))) {
            rig.run("ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off", "tx", "off");
        }
        transfer();

        assertThat(bridge.superFrames()).isZero();
        assertThat(bridge.frames()).isGreaterThanOrEqualTo(BYTES / 1_460);
    }

    @Test
    void shouldCarrySuperFramesToADeviceThatTakesOrdinaryOnes() throws IOException {
        rig.run("ethtool", "-K", rig.name("r"), "tso", "off", "gso", "off", "tx", "off", "sg", "off");
        transfer();

        assertThat(bridge.superFrames()).isPositive();
        assertThat(right.counters().get(PortCounter.TX_REJECTED)).isZero();
    }

    @Test
    void shouldKeepSmallAndLargeFramesInOrder() throws IOException {
        changeMtu(9_000);
        await("MTU", () -> left.mtu() == 9_000 && right.mtu() == 9_000);
        await("answer to a ping", () -> rig.pings("a", B));
        Process receiver = tool("b", "udp-receive", "300");
        try (BufferedReader output = receiver.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            tool("a", "udp-send", B, "300");
            assertThat(output.readLine()).isEqualTo("in order");
        }
    }

    @Test
    void shouldGoOnWhenADeviceWasDown() {
        await("answer to a ping", () -> rig.pings("a", B));
        rig.run("ip", "link", "set", rig.name("l"), "down");
        await("the port to be down", () -> !left.isUp());
        assertThat(rig.pings("b", A)).isFalse();

        rig.run("ip", "link", "set", rig.name("l"), "up");
        await("the port to be up", left::isUp);
        await("answer to a ping", () -> rig.pings("b", A));
    }

    @Test
    void shouldGoOnWhenThePeerWasDown() {
        await("answer to a ping", () -> rig.pings("a", B));
        rig.in("b", "ip", "link", "set", "e0", "down");
        await("the port to have lost its carrier", () -> !right.isUp());
        assertThat(rig.pings("a", B)).isFalse();

        rig.in("b", "ip", "link", "set", "e0", "up");
        await("answer to a ping", () -> rig.pings("a", B));
    }

    @Test
    void shouldFollowTheMtu() {
        changeMtu(3_000);
        await("MTU", () -> left.mtu() == 3_000 && right.mtu() == 3_000);

        await("answer to a ping", () -> rig.pings("a", B));
        assertThat(rig.in("a", "ping", "-n", "-c", "3", "-W", "2", "-M", "do", "-s", "2900", B))
                .contains(" 3 received");
    }

    @Test
    void shouldGoOnWithADeviceThatWasMadeAnew() {
        await("answer to a ping", () -> rig.pings("a", B));
        long mac = left.macAddress();
        int[] descriptors = left.fileDescriptors();
        rig.run("ip", "link", "del", rig.name("l"));
        await("the port to be down", () -> !left.isUp());

        rig.addPairInto("l", "a", A + "/24");
        await("the port to be up", left::isUp);
        await("answer to a ping", () -> rig.pings("b", A));
        assertThat(left.macAddress()).isNotEqualTo(mac);
        assertThat(left.fileDescriptors()).isEqualTo(descriptors);
        assertThat(left.bypassDescription()).startsWith("tc ingress filter");
    }

    @Test
    void shouldKeepTheKernelFromAnsweringAndGiveTheDeviceBack() {
        rig.run("ip", "address", "add", "10.66.0.9/32", "dev", rig.name("l"));
        rig.run("ip", "route", "add", A + "/32", "dev", rig.name("l"), "src", "10.66.0.9");
        rig.in("a", "ip", "neigh", "replace", "10.66.0.9", "lladdr", "%012x".formatted(left.macAddress())
                .replaceAll("..(?=.)", "$0:"), "dev", "e0", "nud", "permanent");
        assertThat(rig.pings("a", "10.66.0.9")).isFalse();

        bridge.close();
        bridge = null;
        assertThat(rig.pings("a", "10.66.0.9")).isTrue();
        assertThat(rig.run("tc", "qdisc", "show", "dev", rig.name("l"))).doesNotContain("clsact");
    }

    /** Neighbour solicitations of IPv6 go to multicast addresses, which a network card lets in only when it is told to. */
    @Test
    void shouldTakeMulticastAsLongAsItHasTheDevice() {
        assertThat(rig.run("ip", "-d", "link", "show", rig.name("l"))).contains("allmulti 1");
        bridge.close();
        bridge = null;
        assertThat(rig.run("ip", "-d", "link", "show", rig.name("l"))).contains("allmulti 0");
    }

    @Test
    void shouldStartWhereACrashedProcessLeftItsFilter() {
        bridge.close();
        bridge = null;
        rig.run("tc", "qdisc", "add", "dev", rig.name("l"), "clsact");
        rig.run("tc", "filter", "add", "dev", rig.name("l"), "ingress", "pref", "7", "protocol", "all", "bpf",
                "direct-action", "bytecode", "1,6 0 0 2");

        AfPacketPort again = AfPacketPort.open(0, "left", rig.name("l"), OPTIONS);
        assertThat(again.bypassDescription()).startsWith("tc ingress filter");
        again.close();
        assertThat(rig.run("tc", "qdisc", "show", "dev", rig.name("l"))).doesNotContain("clsact");
    }

    private void changeMtu(int mtu) {
        for (String role : List.of("l", "r")) {
            rig.run("ip", "link", "set", rig.name(role), "mtu", Integer.toString(mtu));
        }
        rig.in("a", "ip", "link", "set", "e0", "mtu", Integer.toString(mtu));
        rig.in("b", "ip", "link", "set", "e0", "mtu", Integer.toString(mtu));
    }

    private void transfer() throws IOException {
        await("answer to a ping", () -> rig.pings("a", B));
        Process receiver = tool("b", "tcp-receive");
        try (BufferedReader received = receiver.inputReader()) {
            assertThat(received.readLine()).isEqualTo("ready");
            Process sender = tool("a", "tcp-send", B, Integer.toString(BYTES), "1");
            try (BufferedReader sent = sender.inputReader()) {
                assertThat(received.readLine()).startsWith(BYTES + " ").isEqualTo(sent.readLine());
            }
        }
    }

    private Process tool(String namespace, String... arguments) {
        return rig.startIn(namespace, TrafficTool.command(arguments).toArray(String[]::new));
    }
}
