package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER_MAC;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NatSettings.Behaviour;
import org.sluice.slowpath.settings.NatSettings.Filtering;
import org.sluice.slowpath.settings.NatSettings.Mapping;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.Timeout;

/** What of RFC 4787 and RFC 5382 a rule can choose: mapping, filtering, ports; and hairpins between two hosts inside. */
class NatBehaviourTest {
    private static final String NEIGHBOR = "10.77.0.3";
    private static final String OTHER_SERVER = "198.51.100.3";

    private GatewayFixture gateway;

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private void open(NatSettings... rules) {
        open(Map.of(), rules);
    }

    private void open(Map<Timeout, Duration> timeouts, NatSettings... rules) {
        gateway = new GatewayFixture(1_000, timeouts, List.of(rules));
    }

    private static NatSettings masquerade(Mapping mapping, Filtering filtering, PortRange ports) {
        return new NatSettings.Masquerade("outside", false, new Behaviour(mapping, filtering, ports));
    }

    private static NatSettings filtering(Filtering filtering) {
        return masquerade(Mapping.ENDPOINT_INDEPENDENT, filtering, null);
    }

    /** @return what came out */
    private String inside(String from, int port, String to, int toPort) {
        return String.join("; ",
                gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, from, port, to, toPort, 20)));
    }

    private String outside(String from, int port, int toPort) {
        return String.join("; ",
                gateway.fromOutside(Frames.udp(GATEWAY_OUTSIDE, SERVER_MAC, from, port, OUTSIDE, toPort, 20)));
    }

    /** @return the outside port in "outside udp 198.51.100.1:PORT > ..." */
    private static int outsidePort(String sent) {
        return Integer.parseInt(sent.replaceFirst("outside udp 198\\.51\\.100\\.1:(\\d+) > .*", "$1"));
    }

    @Test
    void shouldLetAnybodyAnswerWhereFilteringIsEndpointIndependent() {
        open(filtering(Filtering.ENDPOINT_INDEPENDENT));
        inside(CLIENT, 4000, SERVER, 53);
        assertThat(outside(OTHER_SERVER, 9, 4000)).isEqualTo("inside udp 198.51.100.3:9 > 10.77.0.2:4000");
        assertThat(outside(SERVER, 54, 4000)).isEqualTo("inside udp 198.51.100.2:54 > 10.77.0.2:4000");
        assertThat(inside(CLIENT, 4000, OTHER_SERVER, 9)).as("answer")
                .isEqualTo("outside udp 198.51.100.1:4000 > 198.51.100.3:9");
        assertThat(outside(SERVER, 53, 4001)).as("where nobody listens").doesNotContain("inside");
    }

    @Test
    void shouldLetAConnectionInWhereFilteringIsEndpointIndependent() {
        open(filtering(Filtering.ENDPOINT_INDEPENDENT));
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 80, Tcp.SYN, 1, 0, ""));
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, OTHER_SERVER, 81, OUTSIDE, 5000, Tcp.SYN, 7, 0, "")))
                .containsExactly("inside tcp 198.51.100.3:81 > 10.77.0.2:5000");
    }

    @Test
    void shouldLetAHostAnswerFromAnotherPortWhereFilteringIsAddressDependent() {
        open(filtering(Filtering.ADDRESS_DEPENDENT));
        inside(CLIENT, 4000, SERVER, 53);
        assertThat(outside(SERVER, 54, 4000)).isEqualTo("inside udp 198.51.100.2:54 > 10.77.0.2:4000");
        assertThat(outside(OTHER_SERVER, 53, 4000)).doesNotContain("inside");
    }

    @Test
    void shouldForgetAHostWithItsLastFlow() {
        open(Map.of(Timeout.UDP, Duration.ofMillis(1), Timeout.UDP_STREAM, Duration.ofMillis(1)),
                filtering(Filtering.ADDRESS_DEPENDENT));
        inside(CLIENT, 4000, SERVER, 53);
        awaitNoFlows();
        assertThat(outside(SERVER, 54, 4000)).doesNotContain("inside");
    }

    @Test
    void shouldLetOnlyWhoWasAskedAnswerByDefault() {
        open(new NatSettings.Masquerade("outside"));
        inside(CLIENT, 4000, SERVER, 53);
        assertThat(outside(SERVER, 54, 4000)).doesNotContain("inside");
        assertThat(outside(SERVER, 53, 4000)).isEqualTo("inside udp 198.51.100.2:53 > 10.77.0.2:4000");
    }

    @Test
    void shouldKnowAServerByItsPortForwardWhenItSpeaksFirst() {
        open(new NatSettings.Dnat("outside", 17, 5060, 5060, GatewayFixture.address(CLIENT), 6060),
                new NatSettings.Masquerade("outside"));
        assertThat(inside(CLIENT, 6060, SERVER, 5060)).isEqualTo("outside udp 198.51.100.1:5060 > 198.51.100.2:5060");
        assertThat(outside(SERVER, 5060, 5060)).as("its peer speaks next")
                .isEqualTo("inside udp 198.51.100.2:5060 > 10.77.0.2:6060");
        assertThat(outsidePort(inside(NEIGHBOR, 5060, SERVER, 5060))).isNotEqualTo(5060);
    }

    @Test
    void shouldUseAnotherPortTowardEachDestinationWhereMappingDependsOnIt() {
        open(masquerade(Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, null));
        int first = outsidePort(inside(CLIENT, 4000, SERVER, 53));
        int second = outsidePort(inside(CLIENT, 4000, SERVER, 54));
        int third = outsidePort(inside(CLIENT, 4000, OTHER_SERVER, 53));
        assertThat(first).isEqualTo(4000);
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(outsidePort(inside(CLIENT, 4000, SERVER, 54))).as("the same flow").isEqualTo(second);
        assertThat(outside(SERVER, 54, second)).isEqualTo("inside udp 198.51.100.2:54 > 10.77.0.2:4000");
        assertThat(outside(SERVER, 53, second)).doesNotContain("inside");
    }

    @Test
    void shouldKeepTheParityOfAPortThatCantBeKept() {
        open(new NatSettings.Masquerade("outside"));
        inside(CLIENT, 4000, SERVER, 53);
        inside(CLIENT, 4001, SERVER, 53);
        for (int host = 3; host < 40; host++) {
            assertThat(outsidePort(inside("10.77.0." + host, 4000, SERVER, 53))).isEven().isGreaterThan(1023);
            assertThat(outsidePort(inside("10.77.0." + host, 4001, SERVER, 53))).isOdd().isGreaterThan(1023);
        }
    }

    @Test
    void shouldKeepToTheRangeOfTheRule() {
        open(masquerade(Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT,
                new PortRange(30_000, 30_003)));
        assertThat(outsidePort(inside(CLIENT, 4000, SERVER, 53))).isBetween(30_000, 30_003);
        assertThat(outsidePort(inside(CLIENT, 30_002, SERVER, 53))).isBetween(30_000, 30_003);
        assertThat(outsidePort(inside(CLIENT, 500, SERVER, 53))).isBetween(30_000, 30_003);
        assertThat(outsidePort(inside(CLIENT, 501, SERVER, 53))).isBetween(30_000, 30_003);
        assertThat(inside(CLIENT, 4005, SERVER, 53)).as("none left").startsWith("inside icmp");
    }

    @Test
    void shouldLetAPortRestBeforeAnotherHostGetsIt() {
        Map<Timeout, Duration> soon = Map.of(Timeout.UDP, Duration.ofMillis(1));
        open(soon, new NatSettings.Masquerade("outside"));
        inside(CLIENT, 4000, SERVER, 53);
        awaitNoFlows();
        assertThat(outsidePort(inside(NEIGHBOR, 4000, SERVER, 53))).as("another host").isNotEqualTo(4000);
        assertThat(outsidePort(inside(CLIENT, 4000, SERVER, 54))).as("the same").isEqualTo(4000);

        open(Map.of(Timeout.UDP, Duration.ofMillis(1), Timeout.NAT_PORT, Duration.ofMillis(1)),
                new NatSettings.Masquerade("outside"));
        inside(CLIENT, 4000, SERVER, 53);
        awaitNoFlows();
        LockSupport.parkNanos(1_000_000);
        gateway.run();
        assertThat(outsidePort(inside(NEIGHBOR, 4000, SERVER, 53))).as("rested").isEqualTo(4000);
    }

    private void awaitNoFlows() {
        while (!gateway.flows().isEmpty()) {
            LockSupport.parkNanos(1_000_000);
            gateway.run();
        }
    }

    @ParameterizedTest
    @EnumSource(Filtering.class)
    void shouldLetTwoHostsInsideSpeakByTheirOutsideEndpoints(Filtering filtering) {
        open(filtering(filtering));
        inside(CLIENT, 4000, SERVER, 53);
        inside(NEIGHBOR, 5000, SERVER, 53);
        assertThat(inside(CLIENT, 4000, OUTSIDE, 5000))
                .isEqualTo("inside udp 198.51.100.1:4000 > 10.77.0.3:5000");
        assertThat(inside(NEIGHBOR, 5000, OUTSIDE, 4000))
                .isEqualTo("inside udp 198.51.100.1:5000 > 10.77.0.2:4000");
    }

    @Test
    void shouldLeaveAloneWhatARuleExempts() {
        open(new NatSettings.None("outside", IpPrefix.parse("10.77.0.0/24"), IpPrefix.parse("198.51.100.3/32")),
                new NatSettings.Masquerade("outside"));
        assertThat(inside(CLIENT, 4000, OTHER_SERVER, 53)).isEqualTo("outside udp 10.77.0.2:4000 > 198.51.100.3:53");
        assertThat(inside(CLIENT, 4000, SERVER, 53)).isEqualTo("outside udp 198.51.100.1:4000 > 198.51.100.2:53");
    }

    @Test
    void shouldRedirectWhateverIsAskedForToOneHost() {
        open(new NatSettings.Redirect("inside", 17, 53, 53, GatewayFixture.address("198.51.100.9"), 5353),
                new NatSettings.Masquerade("outside"));
        assertThat(inside(CLIENT, 4000, "203.0.113.8", 53))
                .isEqualTo("outside udp 198.51.100.1:4000 > 198.51.100.9:5353");
        assertThat(outside("198.51.100.9", 5353, 4000)).isEqualTo("inside udp 203.0.113.8:53 > 10.77.0.2:4000");
        assertThat(inside(CLIENT, 4000, "203.0.113.8", 54)).isEqualTo("outside udp 198.51.100.1:4000 > 203.0.113.8:54");
    }

    @Test
    void shouldTranslateBothEndsOfAFlow() {
        open(new NatSettings.Dnat("outside", 6, 21, 21, GatewayFixture.address("10.77.0.20"), 21),
                new NatSettings.Masquerade("inside"));
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 9000, OUTSIDE, 21, Tcp.SYN, 7, 0, "")))
                .containsExactly("inside tcp 10.77.0.1:9000 > 10.77.0.20:21");
    }

    @Test
    void shouldForwardAPortOfAnAddressThatIsNotTheInterfacesOwn() {
        open(new NatSettings.Dnat("outside", GatewayFixture.address("198.51.100.77"), 6, 21, 21,
                GatewayFixture.address("10.77.0.20"), 21));
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 9000, "198.51.100.77", 21, Tcp.SYN, 7, 0, "")))
                .containsExactly("inside tcp 198.51.100.2:9000 > 10.77.0.20:21");
        assertThat(gateway.fromOutside(
                Frames.tcp(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, 9001, OUTSIDE, 21, Tcp.SYN, 7, 0, "")))
                .doesNotContain("inside");
    }
}
