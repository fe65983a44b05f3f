package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.InterfaceSettings.SourceValidation;
import org.sluice.slowpath.settings.PolicySettings.Action;

/** RFC 2827 and RFC 3704: who claims an address that can't be where the packet comes from. */
class SourceChecksTest {
    private static final String ELSEWHERE = "192.0.2.99";
    private GatewayFixture gateway;

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static InterfaceSettings with(InterfaceSettings i, SourceValidation validation, boolean refusesBogons) {
        return new InterfaceSettings(i.name(), i.device(), i.driver(), i.addresses(), i.zone(), i.mtu(), validation,
                refusesBogons);
    }

    private void fromInside(String source) {
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, source, 1_000, SERVER, 53, 20));
    }

    @Test
    void shouldRefuseASourceInsideToWhichTheRouteLeadsOutside() {
        gateway = new GatewayFixture();
        fromInside(ELSEWHERE);
        assertThat(gateway.flows()).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "martian")).isEqualTo(1);
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, "2001:db8:99::1", 1_000, SERVER6, 53, 20));
        assertThat(gateway.meter("sluice_drops", "reason", "martian")).isEqualTo(2);
    }

    @Test
    void shouldLetItPassWhereAnyRouteWillDo() {
        gateway = new GatewayFixture(i -> with(i, SourceValidation.LOOSE, false));
        fromInside(ELSEWHERE);
        assertThat(gateway.flows()).hasSize(1);
    }

    @Test
    void shouldRefuseBogonsWhereAsked() {
        gateway = new GatewayFixture(i -> with(i, SourceValidation.STRICT, i.name().equals("outside")));
        gateway.policy(Action.ACCEPT);
        for (String source : new String[]{SERVER, "100.64.3.4", "172.31.0.9"}) {
            gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, source, 1_000, "10.77.0.2", 53, 20));
        }
        assertThat(gateway.flows()).isEmpty();
        assertThat(gateway.meter("sluice_drops", "reason", "martian")).isEqualTo(3);
        gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, "172.32.0.9", 1_000, "10.77.0.2", 53, 20));
        gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, "10.77.0.2", 9, "172.32.0.9", 9, 20));
        assertThat(gateway.flows()).as("a public source, and the inside interface").hasSize(2);
    }
}
