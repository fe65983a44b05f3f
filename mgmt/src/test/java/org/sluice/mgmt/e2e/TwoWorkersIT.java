package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Accounts;
import org.sluice.mgmt.lab.Topology;

/**
 * Ordinary traffic with two workers. AF_XDP is asked for: while the devices have one queue each, AF_PACKET takes over, which all but the
 * last scenario are about.
 */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about the workers of Sluice")
class TwoWorkersIT extends OrdinaryTraffic {
    private static final Pattern OUT_OF_ORDER = Pattern.compile("\"out_of_order\":\\s*([1-9]\\d*)");
    private static final String TAKES_OVER = "AF_PACKET takes over: it has 1 receive queues, and each of 2 workers needs one";

    /** So many that hardly ever all of them are one worker's. */
    private static final int PINGS = 8;

    TwoWorkersIT() {
        super(Plan.TWO_WORKERS);
    }

    private SluiceMiddle gateway() {
        return (SluiceMiddle) rig().middle();
    }

    @Test
    void shouldSayWhatTheWorkersShare() {
        assertThat(gateway().log()).contains(TAKES_OVER, "AF_PACKET, shared by 2 workers");
    }

    @Test
    void shouldUseBothWorkersAndKeepEveryFlowInOrder() {
        manyFlowsInOrder();
    }

    @Test
    void shouldGoOnAfterItWasKilled() {
        gateway().kill();
        gateway().restart();
        manyFlowsInOrder();
    }

    /** The kernel takes all sockets out of their groups and puts them in again. */
    @Test
    void shouldGoOnWhenALinkWasDown() {
        rig().atDevices("ip", "link", "set", rig().topology().inside(), "down");
        rig().atDevices("ip", "link", "set", rig().topology().inside(), "up");
        // each worker sees for itself that the link is back, and each ping is another flow, of one worker or the other
        Rig.await("both workers forward again", () -> IntStream.range(0, PINGS).allMatch(i -> rig().client()
                .attempt(10, Tools.find("ping"), "-n", "-c", "1", "-W", "1", SERVER_ADDRESS).ok()));
        manyFlowsInOrder();
    }

    @Test
    void shouldHaveAQueueForEachWorkerWhereTheDeviceHasEnough() {
        queues(2);
        try {
            assertThat(gateway().log()).contains("AF_XDP in the driver, 2 queues of 2 workers")
                    .doesNotContain("AF_PACKET takes over");
            manyFlowsInOrder();
        } finally {
            queues(1);
        }
        assertThat(gateway().log()).contains(TAKES_OVER);
    }

    private void queues(int number) {
        gateway().stop();
        String count = Integer.toString(number);
        for (String device : new String[]{rig().topology().inside(), rig().topology().outside()}) {
            rig().atDevices(Tools.find("ethtool"), "-L", device, "rx", count, "tx", count);
        }
        rig().client().run(Tools.find("ethtool"), "-L", Topology.DEVICE, "rx", count, "tx", count);
        rig().server().run(Tools.find("ethtool"), "-L", Topology.DEVICE, "rx", count, "tx", count);
        gateway().restart();
    }

    /** The receiver of each datagram flow looks at the numbers in it. */
    private void manyFlowsInOrder() {
        for (String direction : new String[]{"--client", "--reverse"}) {
            String report = rig().run(rig().client(), iperf(direction).toArray(String[]::new));
            assertThat(OUT_OF_ORDER.matcher(report).results().map(r -> r.group(1)).toList()).as(direction).isEmpty();
            assertThat(report).contains("\"out_of_order\"");
        }
        Accounts.Statement statement = gateway().accounts().atRest();
        assertThat(statement.get("sluice_fastpath_packets_total{worker=\"0\"}")).as("worker 0").isPositive();
        assertThat(statement.get("sluice_fastpath_packets_total{worker=\"1\"}")).as("worker 1").isPositive();
    }

    private static List<String> iperf(String direction) {
        List<String> command = new ArrayList<>(
                List.of(Tools.find("iperf3"), "--client", SERVER_ADDRESS, "--connect-timeout", "5000", "-u",
                        "-P", "16", "-b", "2M", "-l", "600", "-t", "1", "--json"));
        if (!direction.equals("--client")) {
            command.add(direction);
        }
        return command;
    }
}
