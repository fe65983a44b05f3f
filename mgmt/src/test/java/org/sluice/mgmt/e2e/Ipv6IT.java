package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.CLIENT_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.INSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS6;

import org.junit.jupiter.api.Test;
import org.sluice.mgmt.lab.Topology;

/** The same gateway forwards IPv6, which it does not translate: the client is seen under its own address. */
class Ipv6IT extends GatewayScenario {

    Ipv6IT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() {
        rig().topology().enableIpv6();
    }

    @Test
    void shouldForwardPings() {
        assertThat(rig().run(rig().client(), "ping", "-6", "-n", "-c", "5", "-i", "0.2", SERVER_ADDRESS6))
                .contains(" 0% packet loss");
        assertThat(rig().run(rig().client(), "ping", "-6", "-n", "-c", "3", "-i", "0.2", INSIDE_ADDRESS6))
                .contains(" 0% packet loss");
    }

    @Test
    void shouldForwardFragmentsBothWays() {
        assertThat(rig().run(rig().client(), "ping", "-6", "-n", "-c", "5", "-i", "0.2", "-s", "4000", SERVER_ADDRESS6))
                .contains(" 0% packet loss");
    }
}
