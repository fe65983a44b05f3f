package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;

/** The rules change while traffic flows. */
class ReloadTest {
    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private void reload(List<NatSettings> nat, PolicySettings policy) {
        GatewaySettings now = gateway.settings;
        gateway.reload(new GatewaySettings(now.interfaces(), now.routes(), nat, policy, List.of(), now.capacity(),
                Map.of()));
    }

    private static byte[] fromClient(int port) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, port, SERVER, 53, 20);
    }

    @Test
    void shouldKeepFlowsThatANewRuleWouldRefuse() {
        gateway.fromInside(fromClient(1000));
        reload(gateway.settings.nat(), new PolicySettings(Action.DROP, List.of()));

        assertThat(gateway.fromInside(fromClient(1000))).hasSize(1);
        assertThat(gateway.fromInside(fromClient(1001))).isEmpty();
    }

    @Test
    void shouldForwardANewPortAndNoLongerAnOldOne() {
        reload(List.of(new NatSettings.Dnat("outside", 6, 80, 80, GatewayFixture.address(CLIENT), 80),
                new NatSettings.Masquerade("outside")), new PolicySettings(Action.ACCEPT, List.of()));

        assertThat(gateway.fromOutside(syn(80))).containsExactly("inside tcp 198.51.100.2:3000 > 10.77.0.2:80");
        assertThat(gateway.fromOutside(syn(21))).containsExactly("outside tcp 198.51.100.1:21 > 198.51.100.2:3000");
        assertThat(gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 21, SERVER, 9, Tcp.SYN, 1, 0, "")))
                .as("a port that is no longer forwarded can be given out")
                .containsExactly("outside tcp 198.51.100.1:21 > 198.51.100.2:9");
    }

    private static byte[] syn(int port) {
        return Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 3000, OUTSIDE, port, Tcp.SYN, 1, 0, "");
    }

    @Test
    void shouldGoOnReadingAControlConnectionWhoseHelperIsGone() {
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 21, Tcp.SYN, 99, 0, ""));
        reload(gateway.settings.nat(), gateway.settings.policy());

        assertThat(gateway.flows()).extracting("helper").containsExactly("ftp");
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5001, SERVER, 21, Tcp.SYN, 99, 0, ""));
        assertThat(gateway.flows()).extracting("helper").containsExactly("ftp", null);
    }
}
