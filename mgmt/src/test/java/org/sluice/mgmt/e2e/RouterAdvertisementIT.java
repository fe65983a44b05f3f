package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.DEVICE;
import static org.sluice.mgmt.lab.Topology.OUTSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.PREFIX6_LENGTH;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS6;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;

/** A host that is told nothing but by the gateway (RFC 4862) is on the Internet. */
class RouterAdvertisementIT extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final byte[] BYTES = TestData.bytes(1_000_000, 4862);

    RouterAdvertisementIT() {
        super(Plan.ADVERTISING);
    }

    @Override
    void startServers() throws IOException {
        speakIpv6(rig().server(), 0);
        rig().server().run("ip", "address", "add", SERVER_ADDRESS6 + "/" + PREFIX6_LENGTH, "dev", DEVICE, "nodad");
        rig().server().run("ip", "route", "add", "default", "via", OUTSIDE_ADDRESS6);
        WebServer.start(rig(), rig().server(), SERVER_ADDRESS6, PAGE, BYTES);
        speakIpv6(rig().client(), 1);
    }

    private static void speakIpv6(Namespace host, int acceptsAdvertisements) {
        host.run("sh", "-c", "cd /proc/sys/net/ipv6/conf; echo 0 >all/disable_ipv6; echo 0 >" + DEVICE
                + "/forwarding; echo " + acceptsAdvertisements + " >" + DEVICE + "/accept_ra; echo 0 >" + DEVICE
                + "/disable_ipv6; echo 0 >lo/disable_ipv6");
    }

    private String ip(String... what) {
        String[] command = new String[what.length + 2];
        command[0] = "ip";
        command[1] = "-6";
        System.arraycopy(what, 0, command, 2, what.length);
        return rig().run(rig().client(), command);
    }

    @Test
    void shouldBeAllThatAHostNeeds() throws IOException {
        Rig.await("the host has made itself an address", () -> {
            String addresses = ip("address", "show", "dev", DEVICE);
            return addresses.contains("inet6 fd77:") && !addresses.contains("tentative");
        });
        assertThat(ip("route", "show", "default")).contains("via fe80:").contains("proto ra");
        assertThat(rig().run(rig().client(), "cat", "/proc/sys/net/ipv6/conf/" + DEVICE + "/mtu")).isEqualTo("1400\n");
        WebServer.assertLoads(rig(), rig().client(), BYTES, "http://[" + SERVER_ADDRESS6 + "]/" + PAGE);
    }

    @Test
    void shouldStayOnItsLink() {
        assertThat(rig().run(rig().server(), "ip", "-6", "address", "show", "dev", DEVICE)).doesNotContain("fd77:");
    }
}
