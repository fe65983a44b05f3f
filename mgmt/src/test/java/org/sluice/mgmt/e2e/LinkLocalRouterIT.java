package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.DEVICE;

import java.io.IOException;
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

    private void ping() {
        assertThat(rig().run(rig().client(), Tools.find("ping"), "-6", "-n", "-c", "3", "-i", "0.1", "-W", "2", FAR))
                .contains(" 0% packet loss");
    }

    @Test
    void shouldReachWhatIsBehindIt() {
        ping();
    }

    @Test
    void shouldCarryAPage() throws IOException {
        WebServer.assertLoads(rig(), rig().client(), BYTES, "http://[" + FAR + "]/" + PAGE);
    }

    @Test
    void shouldShowTheRouteAndTheRouter() {
        ping();
        SluiceMiddle sluice = (SluiceMiddle) rig().middle();
        assertThat(sluice.command("show", "routes").output())
                .contains("2001:db8:99::/48 via " + ROUTER + " dev outside proto static");
        assertThat(sluice.command("show", "neighbors").output()).contains(ROUTER + " dev outside lladdr ");
        assertThat(sluice.command("show", "config").output()).contains("%outside");
        assertThat(sluice.command("reload").status()).as("the same once more").isZero();
        ping();
    }
}
