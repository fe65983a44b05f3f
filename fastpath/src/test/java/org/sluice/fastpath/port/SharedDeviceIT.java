package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.fastpath.port.NetworkRig.await;

import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two workers share both devices, each a bridge with a port of either and a thread of its own; host a has a hundred addresses, so that its
 * frames to b are dealt out among them.
 */
@Timeout(120)
class SharedDeviceIT {
    private static final String B = "10.66.0.250";
    private static final int ADDRESSES = 100;
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(2_000, 120, 500, true);

    private final NetworkRig rig = new NetworkRig();
    private final List<AutoCloseable> bridges = new ArrayList<>();
    private List<? extends Port> left;
    private List<? extends Port> right;

    @BeforeEach
    void makeHosts() {
        rig.addNamespace("a");
        rig.addNamespace("b");
        rig.addPairInto("r", "b", B + "/24");
        right = AfPacketPort.open(1, "right", rig.name("r"), OPTIONS, 2);
    }

    @AfterEach
    void cleanUp() {
        try {
            if (bridges.isEmpty()) {
                CloseHelper.closeAll(right);
            }
            CloseHelper.closeAll(bridges);
        } finally {
            rig.close();
        }
    }

    private void joinBy(List<? extends Port> ports) {
        left = ports;
        for (int worker = 0; worker < 2; worker++) {
            bridges.add(new PortBridge(left.get(worker), right.get(worker)));
        }
    }

    private void giveAddresses(String device) {
        for (int i = 1; i <= ADDRESSES; i++) {
            rig.in("a", "ip", "address", "add", "10.66.0." + i + "/24", "dev", device);
        }
        rig.in("a", "ip", "link", "set", device, "up");
    }

    private void addVeth() {
        rig.addPairInto("l", "a", "10.66.0.200/24");
        giveAddresses("e0");
    }

    private static long received(Port port) {
        return port.counters().get(PortCounter.RX_PACKETS);
    }

    private static long sum(List<? extends Port> ports, PortCounter counter) {
        return ports.stream().mapToLong(p -> p.counters().get(counter)).sum();
    }

    /** @return frames that came while the other device was not up, or are on their way. */
    private long lost() {
        return sum(left, PortCounter.RX_PACKETS) - sum(right, PortCounter.TX_PACKETS);
    }

    /** Each request and each answer goes through exactly one worker, and on the left each of them has had some. */
    private void assertThatBothCarry() {
        // each port finds out by itself, so the one that the ping takes may be up before the others
        await("the ports to be up",
                () -> left.stream().allMatch(Port::isUp) && right.stream().allMatch(Port::isUp));
        await("answer to a ping", () -> rig.pings("a", B));
        long lost = lost();
        List<Long> before = left.stream().map(SharedDeviceIT::received).toList();
        StringBuilder script = new StringBuilder("set -e; ");
        for (int i = 1; i <= ADDRESSES; i++) {
            script.append("ping -n -c 1 -W 5 -I 10.66.0.").append(i).append(' ').append(B).append("; ");
        }
        String report = rig.in("a", "sh", "-c", script.toString());

        assertThat(report).doesNotContain("DUP!");
        assertThat(report.split(" 1 received", -1)).hasSize(ADDRESSES + 1);
        for (int worker = 0; worker < 2; worker++) {
            assertThat(received(left.get(worker))).as("worker %d", worker).isGreaterThan(before.get(worker));
        }
        await("every frame to be counted once on its way out", () -> lost() <= lost);
        assertThat(lost()).as("frames received and not transmitted").isNotNegative();
    }

    @Test
    void shouldDealFramesOutAmongPacketSocketsAndGoOnWithADeviceThatWasMadeAnew() {
        addVeth();
        joinBy(AfPacketPort.open(0, "left", rig.name("l"), OPTIONS, 2));
        assertThatBothCarry();

        rig.run("ip", "link", "del", rig.name("l"));
        await("the ports to be down", () -> left.stream().noneMatch(Port::isUp));
        addVeth();
        // the host's new device has another Ethernet address
        rig.in("b", "ip", "neigh", "flush", "dev", "e0");
        assertThatBothCarry();

        rig.run("ip", "link", "set", rig.name("l"), "down");
        await("the ports to be down", () -> left.stream().noneMatch(Port::isUp));
        rig.run("ip", "link", "set", rig.name("l"), "up");
        assertThatBothCarry();
    }

    /** Another size of frames takes other sockets, which can't be had before all workers have closed theirs. */
    @Test
    void shouldDealQueuesOutAndFollowTheMtu() {
        addVeth();
        rig.run("ethtool", "-L", rig.name("l"), "rx", "2", "tx", "2");
        rig.in("a", "ethtool", "-L", "e0", "rx", "2", "tx", "2");
        joinBy(AfXdpPort.open(0, "left", rig.name("l"), 2));
        assertThatBothCarry();

        rig.run("ip", "link", "set", rig.name("l"), "mtu", "3000");
        await("the ports to be up with the MTU",
                () -> left.stream().allMatch(p -> p.isUp() && p.mtu() == 3_000));
        assertThatBothCarry();
    }

    @Test
    void shouldLetBothWriteToATapDeviceAndMakeItAgainWhenItWasDeleted() {
        joinBy(TapPort.open(0, "left", rig.name("t"), 2));
        giveTapToHostA();
        await("answer to a ping", () -> rig.pings("a", B));

        rig.in("a", "ip", "link", "del", rig.name("t"));
        await("the device to be there again",
                () -> rig.tryRun(new StringBuilder(), "ip", "link", "show", rig.name("t")) == 0);
        giveTapToHostA();
        await("the ports to be up", () -> left.stream().allMatch(Port::isUp));
        await("answer to a ping", () -> rig.pings("a", B));
        String report = rig.in("a", "sh", "-c", "for i in $(seq 1 40); do ping -n -c 1 -W 5 -I 10.66.0.$i " + B
                + " || exit 1; done");
        assertThat(report.split(" 1 received", -1)).hasSize(41);
        assertThat(left.stream().map(p -> p.counters().get(PortCounter.TX_PACKETS))).allMatch(sent -> sent > 0);
        assertThat(received(left.get(1))).as("only the first one reads").isZero();
    }

    private void giveTapToHostA() {
        rig.run("ip", "link", "set", rig.name("t"), "netns", rig.name("a"));
        giveAddresses(rig.name("t"));
    }
}
