package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.DEVICE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;

/** The router outside is known by an address of the link alone, and knows the gateway by such a one: as providers do it. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about the routes of Sluice")
class LinkLocalRouterIT extends GatewayScenario {
    private static final String ROUTER = "fe80::fe";
    private static final String FAR = "2001:db8:99::1";
    private static final String PAGE = "page.bin";
    private static final byte[] BYTES = TestData.bytes(3_000_000, 4007);

    LinkLocalRouterIT() {
        super(Plan.LINK_LOCAL_ROUTER);
    }

    @Override
    void startServers() throws IOException {
        rig().topology().enableIpv6();
        Namespace router = rig().server();
        router.run("ip", "addr", "add", ROUTER + "/64", "dev", DEVICE, "nodad");
        router.run("ip", "addr", "add", FAR + "/128", "dev", "lo");
        router.run("ip", "-6", "route", "replace", "default", "via", linkLocalOf(rig().topology().outside()), "dev",
                DEVICE);
        WebServer.start(rig(), router, FAR, PAGE, BYTES);
    }

    private String ping(Namespace from, String to) {
        return rig().run(from, Tools.find("ping"), "-6", "-n", "-c", "3", "-i", "0.1", "-W", "2", to);
    }

    @Test
    void shouldReachWhatIsBehindItAndBeReached() {
        assertThat(ping(rig().client(), FAR)).contains(" 0% packet loss");
        assertThat(ping(rig().client(), FAR)).as("the address is known now").contains(" 0% packet loss");
    }

    @Test
    void shouldCarryAPage() throws IOException {
        Path got = rig().newDirectory("got").resolve("page");
        rig().run(rig().client(), Tools.find("curl"), "-sS", "-g", "--max-time", "30", "-o", got.toString(),
                "http://[" + FAR + "]/" + PAGE);
        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(TestData.sha256(BYTES));
    }

    @Test
    void shouldShowTheRouteAndTheRouter() {
        ping(rig().client(), FAR);
        SluiceMiddle sluice = (SluiceMiddle) rig().middle();
        assertThat(sluice.command("show", "routes").output())
                .contains("2001:db8:99::/48 via " + ROUTER + " dev outside proto static");
        assertThat(sluice.command("show", "neighbors").output()).contains(ROUTER + " dev outside lladdr ");
        assertThat(sluice.command("show", "config").output()).contains("%outside");
        assertThat(List.of(sluice.command("reload").output())).as("the same once more").isNotEmpty();
        assertThat(ping(rig().client(), FAR)).contains(" 0% packet loss");
    }
}
