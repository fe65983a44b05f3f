package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT6;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER6;

import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HostLimits;
import org.sluice.slowpath.settings.HostLimits.Answer;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.TcpSettings;
import org.sluice.slowpath.view.FlowFilter;

/** No host takes everything of what all share, and who gets nothing is told so. */
class HostLimitsTest {
    private static final String NEIGHBOR = "10.77.0.3";
    private static final int MANY = 1_000;
    private GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private void limit(HostLimits limits) {
        GatewaySettings now = gateway.settings;
        gateway.reload(new GatewaySettings(now.interfaces(), now.routes(), now.nat(), now.policy(), now.helpers(),
                now.capacity(), now.timeouts(), now.tcp(), limits));
    }

    private static byte[] question(String from, int port, String to) {
        return Frames.udp(GATEWAY_INSIDE, CLIENT_MAC, from, port, to, 53, 20);
    }

    private boolean passes(String from, int port, String to) {
        return gateway.fromInside(question(from, port, to)).stream().anyMatch(frame -> frame.startsWith("outside"));
    }

    private long drops(String reason) {
        return gateway.meter("sluice_drops", "reason", reason);
    }

    private int icmpCode() {
        UnsafeBuffer answer = new UnsafeBuffer(gateway.out.getFirst());
        return Icmp.code(answer, Frames.l4(answer));
    }

    @ParameterizedTest
    @CsvSource({"PROHIBITED,13,1", "HOST_UNREACHABLE,1,3"})
    void shouldLetNoHostBeginMoreFlowsThanAHostMay(Answer answer, int code, int code6) {
        limit(new HostLimits(2, MANY, 0, answer));
        assertThat(passes(CLIENT, 1_000, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_001, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_002, SERVER)).isFalse();
        assertThat(icmpCode()).isEqualTo(code);
        assertThat(drops("host_quota")).isEqualTo(1);
        assertThat(passes(NEIGHBOR, 1_002, SERVER)).isTrue();

        for (int port = 1_000; port < 1_003; port++) {
            passes(CLIENT6, port, SERVER6);
        }
        assertThat(icmpCode()).isEqualTo(code6);
    }

    @Test
    void shouldSayNothingWhenAskedTo() {
        limit(new HostLimits(1, MANY, 0, Answer.SILENT));
        passes(CLIENT, 1_000, SERVER);
        assertThat(gateway.fromInside(question(CLIENT, 1_001, SERVER))).isEmpty();
    }

    /** RFC 6888 REQ-4: as many outside ports, whatever they are used for. */
    @Test
    void shouldGiveNoHostMorePortsThanAHostMayHave() {
        limit(new HostLimits(MANY, 2, 0, Answer.HOST_UNREACHABLE));
        assertThat(passes(CLIENT, 1_000, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_000, "203.0.113.9")).as("the same port once more").isTrue();
        assertThat(gateway.fromInside(
                Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 1_000, SERVER, 80, Tcp.SYN, 1, 0, ""))).hasSize(1);
        assertThat(passes(CLIENT, 1_001, SERVER)).isFalse();
        assertThat(icmpCode()).isEqualTo(1);
        assertThat(drops("host_quota")).isEqualTo(1);
        assertThat(passes(CLIENT, 1_000, "203.0.113.10")).as("what it has goes on").isTrue();
        assertThat(passes(NEIGHBOR, 1_001, SERVER)).isTrue();
    }

    @Test
    void shouldGiveAPortThatWasGivenBackToTheSameHost() {
        limit(new HostLimits(MANY, 1, 0, Answer.PROHIBITED));
        assertThat(passes(CLIENT, 1_000, SERVER)).isTrue();
        assertThat(passes(CLIENT, 1_001, SERVER)).isFalse();
        gateway.slowPath.view().flushFlows(FlowFilter.ALL);
        gateway.run();
        assertThat(passes(CLIENT, 1_001, SERVER)).isTrue();
    }

    /** Junk of one host leaves the slow path to the others, and flows that are known are not touched. */
    @Test
    void shouldLookAtNoMoreOfAHostThanItMaySend() {
        passes(CLIENT, 999, SERVER);
        limit(new HostLimits(MANY, MANY, 100, Answer.PROHIBITED));
        for (int i = 0; i < MANY; i++) {
            gateway.fromInside(question(CLIENT, 1_000 + i, SERVER));
        }
        assertThat(drops("punt_quota")).isPositive();
        assertThat(gateway.flows()).hasSizeGreaterThanOrEqualTo(100);
        assertThat(drops("punt_quota") + gateway.flows().size()).isEqualTo(MANY + 1);
        assertThat(passes(NEIGHBOR, 1_000, SERVER)).isTrue();
        assertThat(passes(CLIENT, 999, SERVER)).as("a known flow").isTrue();
    }

    @Test
    void shouldAnswerAsAskedWhenTheTableIsFull() {
        gateway = new GatewayFixture(10, Map.of(), List.of(new NatSettings.Masquerade("outside")),
                TcpSettings.byDefault(10));
        limit(new HostLimits(MANY, MANY, 0, Answer.HOST_UNREACHABLE));
        for (int port = 1; port <= 11; port++) {
            gateway.fromInside(question(CLIENT, 1_000 + port, SERVER));
        }
        assertThat(drops("table_full")).isEqualTo(1);
        assertThat(icmpCode()).isEqualTo(1);
    }
}
