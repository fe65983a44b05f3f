package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.OUTSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.Limit;
import org.sluice.slowpath.settings.PolicySettings.Match;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.settings.PolicySettings.State;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.PolicyView;

/** Rules about addresses, their limits and counters, and what they do to live flows. */
class PolicyTest {
    private static final String NEIGHBOR = "10.77.0.3";
    private static final Limit ONE_AN_HOUR = new Limit(1, Duration.ofHours(1), 1, 0);

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private static List<IpPrefix> set(String... addresses) {
        return Stream.of(addresses).map(IpPrefix::parse).toList();
    }

    private static Rule rule(List<IpPrefix> sources, List<IpPrefix> destinations, Action action) {
        Match match = new Match("inside", "outside", sources, destinations, Set.of(), List.of(), Set.of(State.NEW));
        return new Rule(null, match, null, false, action);
    }

    private static Rule limited(Limit limit) {
        Match match = new Match("inside", null, List.of(), List.of(), Set.of(), List.of(), Set.of(State.NEW));
        return new Rule("limited", match, limit, false, Action.ACCEPT);
    }

    /** @return whether it went out */
    private boolean passes(String from, int port, String to) {
        List<String> out = gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, from, port, to, 53, 20));
        return out.size() == 1 && out.getFirst().startsWith("outside ");
    }

    private boolean passes6(String from, String to) {
        return !gateway.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, from, 1_000, to, 53, 20)).isEmpty();
    }

    private List<PolicyView> view() {
        CompletableFuture<List<PolicyView>> rules = gateway.slowPath.view().policy();
        gateway.run();
        return rules.join();
    }

    private long flowsOf(String rule) {
        return view().stream().filter(r -> r.rule().equals(rule)).findFirst().orElseThrow().flows();
    }

    @Test
    void shouldLetSourcesOfASetPass() {
        gateway.policy(Action.DROP,
                rule(set("10.77.0.0/31", "10.77.0.3/32", "192.0.2.0/24"), List.of(), Action.ACCEPT));
        assertThat(passes(NEIGHBOR, 1_000, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_000, SERVER)).isFalse();
    }

    @Test
    void shouldRefuseDestinationsOfASet() {
        gateway.policy(Action.ACCEPT, rule(List.of(), set("198.51.100.2/32", "2001:db8:77::/64"), Action.DROP));
        assertThat(passes(CLIENT, 1_000, SERVER)).isFalse();
        assertThat(passes(CLIENT, 1_000, "198.51.100.3")).isTrue();
        assertThat(passes6(CLIENT6, SERVER6)).isFalse();
    }

    @Test
    void shouldTellTheFamiliesApart() {
        gateway.policy(Action.DROP, rule(set("0.0.0.0/0"), List.of(), Action.ACCEPT));
        assertThat(passes(CLIENT, 1_000, SERVER)).isTrue();
        assertThat(passes6(CLIENT6, SERVER6)).isFalse();
    }

    @Test
    void shouldCountTheFlowsThatEachRuleDecidedAbout() {
        gateway.policy(Action.DROP, rule(set("10.77.0.3/32"), List.of(), Action.DROP),
                rule(List.of(), set("198.51.100.0/24"), Action.ACCEPT));
        passes(NEIGHBOR, 1_000, SERVER);
        passes(CLIENT, 1_000, SERVER);
        passes(CLIENT, 1_000, SERVER);
        passes(CLIENT, 1_001, SERVER);
        passes(CLIENT, 1_002, "192.0.2.1");
        assertThat(view()).extracting(PolicyView::rule, PolicyView::flows).containsExactly(
                tuple("1", 1L), tuple("2", 2L),
                tuple("related", 0L), tuple("default", 1L));
    }

    @Test
    void shouldCountOnWhenARuleIsExchanged() {
        gateway.policy(Action.DROP, limited(null));
        passes(CLIENT, 1_000, SERVER);
        gateway.policy(Action.DROP, limited(ONE_AN_HOUR));
        passes(CLIENT, 1_001, SERVER);
        assertThat(flowsOf("limited")).isEqualTo(2);
    }

    @Test
    void shouldHoldEachSourceToItsRate() {
        gateway.policy(Action.DROP, limited(new Limit(1, Duration.ofHours(1), 3, 0)));
        for (int port = 1_000; port < 1_003; port++) {
            assertThat(passes(CLIENT, port, SERVER)).as("within the burst").isTrue();
        }
        assertThat(passes(CLIENT, 1_003, SERVER)).isFalse();
        assertThat(passes(CLIENT, 1_000, SERVER)).as("a flow that has begun").isTrue();
        assertThat(passes(NEIGHBOR, 1_003, SERVER)).as("another source").isTrue();
        assertThat(gateway.meter("sluice_drops", "reason", "limit")).isEqualTo(1);
        assertThat(view().getFirst().limited()).isEqualTo(1);
    }

    @Test
    void shouldHoldPingsToTheGatewayToARate() {
        gateway.policy(Action.DROP, limited(ONE_AN_HOUR));
        byte[] ping = Frames.echo(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, INSIDE, 8, 1);
        assertThat(gateway.fromInside(ping)).hasSize(1);
        assertThat(gateway.fromInside(ping)).isEmpty();
    }

    @Test
    void shouldHoldEachSourceToItsNumberOfFlows() {
        gateway.policy(Action.DROP, limited(new Limit(0, Duration.ofSeconds(1), 5, 2)));
        assertThat(passes(CLIENT, 1_000, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_001, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_002, SERVER)).isFalse();
        assertThat(passes(NEIGHBOR, 1_002, SERVER)).isTrue();

        CompletableFuture<Integer> ended = gateway.slowPath.view()
                .flushFlows(new FlowFilter(null, CLIENT, null, 1_001, -1, null, null));
        gateway.run();
        assertThat(ended).isCompletedWithValue(1);
        assertThat(passes(CLIENT, 1_002, SERVER)).as("in the place of one that ended").isTrue();
        assertThat(passes(CLIENT, 1_003, SERVER)).isFalse();
    }

    @Test
    void shouldTakeTheHostsOfAnIpv6NetworkForOneSource() {
        gateway.policy(Action.DROP, limited(ONE_AN_HOUR));
        assertThat(passes6("fd77::2", SERVER6)).isTrue();
        assertThat(passes6("fd77::3", SERVER6)).isFalse();
    }

    @Test
    void shouldKeepALimitWhenTheRuleStaysAsItWas() {
        gateway.policy(Action.DROP, limited(ONE_AN_HOUR));
        passes(CLIENT, 1_000, SERVER);
        gateway.policy(Action.REJECT, limited(ONE_AN_HOUR));
        assertThat(passes(CLIENT, 1_001, SERVER)).isFalse();
    }

    @Test
    void shouldEndTheLiveFlowsThatTheNewRulesRefuseWhenAsked() {
        passes(CLIENT, 1_000, SERVER);
        passes(NEIGHBOR, 1_000, SERVER);
        gateway.policy(Action.DROP, rule(set("10.77.0.3/32"), List.of(), Action.ACCEPT));
        assertThat(passes(CLIENT, 1_000, SERVER)).as("before it is asked").isTrue();

        CompletableFuture<Integer> ended = gateway.slowPath.view().endRefusedFlows();
        gateway.run();
        assertThat(ended).isCompletedWithValue(1);
        assertThat(passes(CLIENT, 1_000, SERVER)).isFalse();
        assertThat(passes(NEIGHBOR, 1_000, SERVER)).isTrue();
    }

    @Test
    void shouldKeepAHairpinThatTheRulesStillAllow() {
        gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4_000, OUTSIDE, 21, 2, 1, 0, ""));
        assertThat(gateway.flows()).hasSize(1);
        CompletableFuture<Integer> ended = gateway.slowPath.view().endRefusedFlows();
        gateway.run();
        assertThat(ended).isCompletedWithValue(0);
    }

    @Test
    void shouldKeepWhatComesThroughAMappingWhoseFilterIsOpen() {
        GatewayFixture open = new GatewayFixture(1_000, Map.of(),
                List.of(new NatSettings.Masquerade("outside", new NatSettings.Behaviour(
                        NatSettings.Mapping.ENDPOINT_INDEPENDENT, NatSettings.Filtering.ENDPOINT_INDEPENDENT, null))));
        open.fromInside(Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 4_000, SERVER, 53, 20));
        open.fromOutside(
                Frames.udp(GatewayFixture.GATEWAY_OUTSIDE, GatewayFixture.SERVER_MAC, "198.51.100.3", 9, OUTSIDE,
                        4_000, 20));
        assertThat(open.flows()).hasSize(2);
        CompletableFuture<Integer> ended = open.slowPath.view().endRefusedFlows();
        open.run();
        assertThat(ended).isCompletedWithValue(0);
    }
}
