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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.CallTable;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.Timeout;
import org.sluice.slowpath.view.FlowView;

/** GRE of PPTP calls, and other GRE, crosses the gateway. */
class CallForwardingTest {
    private static final String OTHER_CLIENT = "10.77.0.3";
    private static final String SERVER_INSIDE = "10.77.0.20";
    /** Flow ids of control connections that exist only by their number. */
    private static final int CONTROL = 100;

    private GatewayFixture gateway = new GatewayFixture();
    private final List<String> outcomes = new ArrayList<>();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private CallTable calls() {
        CallTable calls = gateway.slowPath.tables().expectations().calls();
        calls.observe((helper, outcome) -> outcomes.add(outcome.label()));
        return calls;
    }

    private static int ip(String address) {
        return Ipv4Address.parse(address);
    }

    /** A client inside asks a server outside for a call. @return the call ID that the server is told */
    private int agree(int control, String client, int clientId, int serverId) {
        Call.End end = calls().reserve(ip(client), ip(OUTSIDE), clientId);
        assertThat(calls().open("pptp", control, 0, end, 4, System.nanoTime() + 1_000_000_000_000L)).isTrue();
        calls().answer(calls().find(control, 0, clientId), 1, calls().reserve(ip(SERVER), ip(SERVER), serverId),
                System.nanoTime() + 1_000_000_000_000L);
        return end.seenCallId();
    }

    private List<String> out(String client, int callId) {
        return gateway.fromInside(Frames.call(GATEWAY_INSIDE, CLIENT_MAC, client, SERVER, callId));
    }

    private List<String> back(int callId) {
        return gateway.fromOutside(Frames.call(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, callId));
    }

    private static String bothEnds(FlowView.Tuple t) {
        return t.src() + " " + t.sport() + " > " + t.dst() + " " + t.dport();
    }

    @Test
    void shouldCarryACallThatTheClientBegins() {
        agree(CONTROL, CLIENT, 7, 9);
        assertThat(out(CLIENT, 9)).containsExactly("outside gre 198.51.100.1 > 198.51.100.2 call 9");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
        assertThat(back(7)).containsExactly("inside gre 198.51.100.2 > 10.77.0.2 call 7");
        assertThat(outcomes).containsExactly("fulfilled");
        FlowView flow = gateway.flows().getFirst();
        assertThat(bothEnds(flow.original())).isEqualTo("10.77.0.2 7 > 198.51.100.2 9");
        assertThat(bothEnds(flow.reply())).isEqualTo("198.51.100.2 9 > 198.51.100.1 7");
        assertThat(flow.related()).isEqualTo(CONTROL >>> 1);
        assertThat(flow.assured()).isTrue();
    }

    @Test
    void shouldCarryACallThatTheServerBegins() {
        agree(CONTROL, CLIENT, 7, 9);
        assertThat(back(7)).containsExactly("inside gre 198.51.100.2 > 10.77.0.2 call 7");
        assertThat(out(CLIENT, 9)).containsExactly("outside gre 198.51.100.1 > 198.51.100.2 call 9");
        assertThat(gateway.flows()).singleElement()
                .satisfies(f -> assertThat(bothEnds(f.original())).isEqualTo("198.51.100.2 9 > 198.51.100.1 7"));
    }

    @Test
    void shouldTellTwoClientsApartThatChoseTheSameCallId() {
        assertThat(agree(CONTROL, CLIENT, 7, 9)).isEqualTo(7);
        int other = agree(CONTROL + 2, OTHER_CLIENT, 7, 10);
        assertThat(other).isNotIn(0, 7);
        assertThat(out(CLIENT, 9)).hasSize(1);
        assertThat(out(OTHER_CLIENT, 10)).containsExactly("outside gre 198.51.100.1 > 198.51.100.2 call 10");
        assertThat(back(7)).containsExactly("inside gre 198.51.100.2 > 10.77.0.2 call 7");
        assertThat(back(other)).containsExactly("inside gre 198.51.100.2 > 10.77.0.3 call 7");
        assertThat(Frames.isSealed(gateway.out.getFirst())).isTrue();
    }

    /** A server behind a port forward, which chose the call ID that a client inside has for another call. */
    @Test
    void shouldTranslateTheServersCallIdToo() {
        agree(CONTROL, CLIENT, 9, 5);
        CallTable calls = calls();
        calls.open("pptp", CONTROL + 2, 0, calls.reserve(ip(SERVER), ip(SERVER), 5), 4, Long.MAX_VALUE);
        Call.End server = calls.reserve(ip(SERVER_INSIDE), ip(OUTSIDE), 9);
        calls.answer(calls.find(CONTROL + 2, 0, 5), 1, server, Long.MAX_VALUE);
        assertThat(server.seenCallId()).isNotEqualTo(9);

        assertThat(back(server.seenCallId())).containsExactly("inside gre 198.51.100.2 > 10.77.0.20 call 9");
        assertThat(out(SERVER_INSIDE, 5)).containsExactly("outside gre 198.51.100.1 > 198.51.100.2 call 5");
    }

    /** Hairpin: both inside, and each knows the other by the gateway's outside address. */
    @Test
    void shouldTranslateBothEndsWhenBothAreInside() {
        CallTable calls = calls();
        Call.End client = calls.reserve(ip(CLIENT), ip(OUTSIDE), 9);
        calls.open("pptp", CONTROL, 0, client, 4, Long.MAX_VALUE);
        Call.End server = calls.reserve(ip(SERVER_INSIDE), ip(OUTSIDE), 9);
        calls.answer(calls.find(CONTROL, 0, 9), 1, server, Long.MAX_VALUE);
        assertThat(gateway.fromInside(
                Frames.call(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, OUTSIDE, server.seenCallId())))
                .containsExactly("inside gre 198.51.100.1 > 10.77.0.20 call 9");
        assertThat(gateway.fromInside(
                Frames.call(GATEWAY_INSIDE, CLIENT_MAC, SERVER_INSIDE, OUTSIDE, client.seenCallId())))
                .containsExactly("inside gre 198.51.100.1 > 10.77.0.2 call 9");
    }

    @Test
    void shouldForwardEstablishedCallsWithoutTheConductor() {
        agree(CONTROL, CLIENT, 7, 9);
        out(CLIENT, 9);
        back(7);
        long before = gateway.meter("sluice_fastpath_packets");
        out(CLIENT, 9);
        back(7);
        assertThat(gateway.meter("sluice_fastpath_packets") - before).isEqualTo(2);
    }

    @Test
    void shouldCarryAnIcmpErrorAboutACallToItsSender() {
        int seen = agree(CONTROL, OTHER_CLIENT, 7, 10);
        agree(CONTROL + 2, CLIENT, 7, 9);
        back(seen);
        out(CLIENT, 9);
        byte[] sent = gateway.out.getFirst();
        assertThat(gateway.fromOutside(Frames.icmpError(GATEWAY_OUTSIDE, SERVER_MAC, "198.51.100.254", OUTSIDE,
                Icmp.UNREACHABLE, Icmp.HOST_UNREACHABLE, sent, 28)))
                .containsExactly("inside icmp 3/1 198.51.100.254 > 10.77.0.2");
        byte[] embedded = new byte[Frames.IP + 28];
        System.arraycopy(gateway.out.getFirst(), Frames.L4 + Icmp.HEADER_LENGTH, embedded, Frames.IP, 28);
        assertThat(Frames.describe(embedded)).isEqualTo("gre 10.77.0.2 > 198.51.100.2 call 9");
    }

    /** The server was told another call ID than the client chose; the client has to find its own in the error. */
    @Test
    void shouldGiveTheServersErrorTheCallIdThatTheClientKnows() {
        agree(CONTROL, CLIENT, 7, 9);
        int seen = agree(CONTROL + 2, OTHER_CLIENT, 7, 10);
        back(seen);
        byte[] toClient = gateway.out.getFirst();
        assertThat(Frames.describe(toClient)).isEqualTo("gre 198.51.100.2 > 10.77.0.3 call 7");
        gateway.fromInside(Frames.icmpError(GATEWAY_INSIDE, CLIENT_MAC, OTHER_CLIENT, SERVER, Icmp.UNREACHABLE,
                Icmp.PROTOCOL_UNREACHABLE, toClient, 28));
        byte[] embedded = new byte[Frames.IP + 28];
        System.arraycopy(gateway.out.getFirst(), Frames.L4 + Icmp.HEADER_LENGTH, embedded, Frames.IP, 28);
        assertThat(Frames.describe(embedded)).isEqualTo("gre 198.51.100.2 > 198.51.100.1 call " + seen);
    }

    @Test
    void shouldEndTheFlowWithItsCall() {
        agree(CONTROL, CLIENT, 7, 9);
        out(CLIENT, 9);
        back(7);
        assertThat(calls().clear(CONTROL, 1, 9)).isTrue();
        assertThat(gateway.flows()).isEmpty();
        assertThat(back(7)).isEmpty();
        assertThat(gateway.meter("sluice_flows_ended", "reason", "cleared")).isEqualTo(1);
        assertThat(gateway.meter("sluice_nat_ports_used", "proto", "gre")).isZero();
        assertThat(outcomes).containsExactly("fulfilled");
    }

    @Test
    void shouldEndCallsWithTheirControlConnection() {
        agree(CONTROL, CLIENT, 7, 9);
        agree(CONTROL, CLIENT, 8, 10);
        back(8);
        gateway.slowPath.tables().expectations().removeAllOf(CONTROL);
        assertThat(gateway.flows()).isEmpty();
        assertThat(calls().all()).isEmpty();
        assertThat(outcomes).containsExactly("fulfilled", "ended");
        assertThat(gateway.meter("sluice_nat_ports_used", "proto", "gre")).isZero();
        assertThat(gateway.meter("sluice_expectations")).isZero();
    }

    /** A call may be silent for longer than its flow lives. */
    @Test
    void shouldBeginAgainWhenACallWasIdle() {
        gateway = new GatewayFixture(1_000,
                Map.of(Timeout.GRE, Duration.ofMillis(1), Timeout.GRE_STREAM, Duration.ofMillis(1)),
                List.of(new NatSettings.Masquerade("outside")));
        agree(CONTROL, CLIENT, 7, 9);
        out(CLIENT, 9);
        while (gateway.meter("sluice_flows_ended", "reason", "timeout") == 0) {
            gateway.run();
        }
        assertThat(back(7)).containsExactly("inside gre 198.51.100.2 > 10.77.0.2 call 7");
        assertThat(outcomes).containsExactly("fulfilled");
    }

    @Test
    void shouldLetNobodyInWithoutACall() {
        assertThat(back(7)).noneMatch(p -> p.startsWith("inside"));
        agree(CONTROL, CLIENT, 7, 9);
        assertThat(back(8)).noneMatch(p -> p.startsWith("inside"));
        assertThat(gateway.fromOutside(
                Frames.call(GATEWAY_OUTSIDE, SERVER_MAC, "198.51.100.9", OUTSIDE, 7)))
                .noneMatch(p -> p.startsWith("inside"));
        assertThat(outcomes).isEmpty();
    }

    /** What a client sent when the last call was over stands in the way of nothing. */
    @Test
    void shouldBeginACallWhereGreWithoutOneWentBefore() {
        out(CLIENT, 9);
        assertThat(gateway.flows()).hasSize(1);
        agree(CONTROL, CLIENT, 7, 9);
        assertThat(gateway.flows()).isEmpty();
        assertThat(out(CLIENT, 9)).hasSize(1);
        assertThat(back(7)).containsExactly("inside gre 198.51.100.2 > 10.77.0.2 call 7");
    }

    @Test
    void shouldGiveUpACallThatNobodyUses() {
        CallTable calls = calls();
        long now = System.nanoTime();
        calls.open("pptp", CONTROL, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 7), 4, now);
        calls.open("pptp", CONTROL, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 8), 4, now);
        calls.answer(calls.find(CONTROL, 0, 8), 1, calls.reserve(ip(SERVER), ip(SERVER), 9), now);
        gateway.slowPath.tables().expectations().expire(now);
        assertThat(calls.all()).isEmpty();
        assertThat(outcomes).containsExactly("expired");
    }

    @Test
    void shouldOpenNoMoreCallsThanAControlConnectionMayHave() {
        for (int id = 1; id <= 4; id++) {
            agree(CONTROL, CLIENT, id, id);
        }
        CallTable calls = calls();
        assertThat(calls.open("pptp", CONTROL, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 5), 4, Long.MAX_VALUE))
                .isFalse();
        calls.clear(CONTROL, 0, 1);
        assertThat(calls.open("pptp", CONTROL, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 5), 4, Long.MAX_VALUE))
                .isTrue();
        assertThat(calls.open("pptp", CONTROL, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 6), 4, Long.MAX_VALUE))
                .as("in the place of the one that nobody has answered").isTrue();
        assertThat(calls.find(CONTROL, 0, 5)).isNull();
        assertThat(gateway.meter("sluice_nat_ports_used", "proto", "gre")).isEqualTo(4);
    }

    @Test
    void shouldGiveOneHostNoMoreThanItsShareOfCalls() {
        CallTable calls = calls();
        for (int i = 0; i < CallTable.LIMIT_OF_HOST; i++) {
            assertThat(calls.open("pptp", CONTROL + 2 * i, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), i), 4,
                    Long.MAX_VALUE)).isTrue();
        }
        int control = CONTROL + 2 * CallTable.LIMIT_OF_HOST;
        assertThat(calls.open("pptp", control, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 1), 4, Long.MAX_VALUE))
                .isFalse();
        assertThat(calls.open("pptp", control, 0, calls.reserve(ip(OTHER_CLIENT), ip(OUTSIDE), 1), 4, Long.MAX_VALUE))
                .isTrue();
        calls.clear(CONTROL, 0, 0);
        assertThat(calls.open("pptp", control, 0, calls.reserve(ip(CLIENT), ip(OUTSIDE), 2), 4, Long.MAX_VALUE))
                .isTrue();
    }

    @Test
    void shouldLetALaterCallTakeThePlaceOfOneWithTheSameCallIds() {
        agree(CONTROL, CLIENT, 7, 9);
        out(CLIENT, 9);
        agree(CONTROL + 2, CLIENT, 7, 9);
        assertThat(gateway.flows()).isEmpty();
        assertThat(back(7)).containsExactly("inside gre 198.51.100.2 > 10.77.0.2 call 7");
        calls().clear(CONTROL, 0, 7);
        assertThat(gateway.flows()).hasSize(1);
    }

    /** GRE of another version, with a checksum, without a key, and too short: no call ID is read or written there. */
    @Test
    void shouldTrackOtherGreByAddressesAlone() {
        byte[][] others = {{0, 0, 8, 0}, {0x20, 0, 8, 0, 0, 0, 0, 7}, {(byte) 0xB0, 1, (byte) 0x88, 0xB, 0, 0, 0, 7},
                {0x10, 1, (byte) 0x88, 0xB, 0, 0, 0, 7}, {0x30, 1, (byte) 0x88, 0xB}, {0x30}, {}};
        agree(CONTROL, CLIENT, 7, 9);
        for (byte[] gre : others) {
            assertThat(gateway.fromInside(Frames.other(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, SERVER, 47, gre)))
                    .containsExactly("outside gre 198.51.100.1 > 198.51.100.2");
            assertThat(gateway.out.getFirst()).endsWith(gre);
            assertThat(gateway.fromOutside(Frames.other(GATEWAY_OUTSIDE, SERVER_MAC, SERVER, OUTSIDE, 47, gre)))
                    .containsExactly("inside gre 198.51.100.2 > 10.77.0.2");
        }
        assertThat(gateway.flows()).singleElement().satisfies(f -> assertThat(f.timeoutSeconds()).isGreaterThan(500));
    }
}
