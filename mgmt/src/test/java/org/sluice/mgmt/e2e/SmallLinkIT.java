package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.INSIDE_ADDRESS;
import static org.sluice.mgmt.lab.Topology.INSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS6;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** A link on the way takes less than the links of both hosts. */
class SmallLinkIT extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final byte[] BYTES = TestData.bytes(3_000_000, 1300);

    SmallLinkIT() {
        super(Plan.WITHOUT_HELPERS);
    }

    @Override
    void startServers() throws IOException {
        rig().topology().enableIpv6();
        WebServer.start(rig(), rig().server(), SERVER_ADDRESS, PAGE, BYTES);
        WebServer.start(rig(), rig().server(), SERVER_ADDRESS6, PAGE, BYTES);
        // each segment by itself: the kernel lets super-frames pass any veth
        rig().setOffloads("off");
    }

    private void mtu(int outside, int server) {
        rig().atDevices("ip", "link", "set", rig().topology().outside(), "mtu", Integer.toString(outside));
        rig().server().run("ip", "link", "set", Topology.DEVICE, "mtu", Integer.toString(server));
        if (rig().middle() instanceof SluiceMiddle sluice) {
            Rig.await("the gateway sees the new MTU",
                    () -> sluice.get("/api/v1/interfaces").replace(" ", "").contains("\"mtu\":" + outside));
        }
    }

    @AfterEach
    void restore() {
        mtu(1500, 1500);
        for (String family : List.of("-4", "-6")) {
            rig().client().run("ip", family, "route", "flush", "cache");
            rig().server().run("ip", family, "route", "flush", "cache");
        }
    }

    /**
     * Behind the gateway's device for 1300 bytes is a host that believes in 1500: what is larger is lost without a word, in both
     * directions. Nothing but segments that fit from the first one on gets through.
     */
    @ParameterizedTest
    @CsvSource({"1300, " + SERVER_ADDRESS, "1280, " + SERVER_ADDRESS, "1300, " + SERVER_ADDRESS6,
            "1280, " + SERVER_ADDRESS6})
    void shouldKeepTcpToSegmentsThatFit(int mtu, String server) throws IOException {
        mtu(mtu, 1500);
        fetch(server);
    }

    private void fetch(String server) throws IOException {
        WebServer.assertLoads(rig(), rig().client(), BYTES, "http://" + inUrl(server) + "/" + PAGE);
    }

    private static String inUrl(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** IPv4 is cut for the link; the sender of IPv6 learns to cut (RFC 8201), and loses the first one. */
    @ParameterizedTest
    @CsvSource({"1300, " + SERVER_ADDRESS, "1280, " + SERVER_ADDRESS, "1300, " + SERVER_ADDRESS6,
            "1280, " + SERVER_ADDRESS6})
    void shouldPassLargePings(int mtu, String server) {
        mtu(mtu, mtu);
        Rig.await("a large ping is answered", () -> rig().client().attempt(5, Tools.find("ping"), "-n", "-c", "1", "-W",
                "1", "-s", "4000", server).ok());
        assertThat(rig().run(rig().client(), Tools.find("ping"), "-n", "-c", "5", "-i", "0.1", "-W", "2", "-s", "4000",
                server)).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "-I", "-T"})
    void shouldShowItselfToTraceroute(String probe) {
        mtu(1300, 1300);
        assertThat(traceroute("-4", probe, SERVER_ADDRESS)).containsPattern(" 1  " + INSIDE_ADDRESS)
                .containsPattern(" 2  " + SERVER_ADDRESS);
        assertThat(traceroute("-6", probe, SERVER_ADDRESS6)).containsPattern(" 1  " + INSIDE_ADDRESS6 + " ")
                .containsPattern(" 2  " + SERVER_ADDRESS6);
    }

    private String traceroute(String family, String probe, String server) {
        return rig().run(rig().client(), Tools.find("traceroute"), family, "-n", probe.equals("UDP") ? family : probe,
                "-q", "1", "-w", "2", "-m", "4", server);
    }

    @Test
    void shouldSayHowLargeAPacketMayBe() {
        mtu(1300, 1300);
        for (String server : List.of(SERVER_ADDRESS, SERVER_ADDRESS6)) {
            assertThat(rig().client().attempt(10, Tools.find("ping"), "-n", "-c", "1", "-W", "1", "-M", "do", "-s",
                    "1400", server).output()).containsPattern("mtu ?[=:] ?1300");
        }
    }
}
