package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.fastpath.wire.Tcp.ACK;
import static org.sluice.fastpath.wire.Tcp.FIN;
import static org.sluice.fastpath.wire.Tcp.RST;
import static org.sluice.fastpath.wire.Tcp.SYN;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.TcpSettings;
import org.sluice.slowpath.settings.Timeout;

/** How many TCP connections may be opening, which give way when the table is full, how they begin, and how long they last. */
class TcpLimitsTest {
    private static final List<NatSettings> NAT = List.of(new NatSettings.Masquerade("outside"));
    private static final int CAPACITY = 64;

    private GatewayFixture gateway;

    private void start(int capacity, TcpSettings tcp, Map<Timeout, Duration> timeouts) {
        gateway = new GatewayFixture(capacity, timeouts, NAT, tcp);
    }

    private TcpTalk talk(int port) {
        return new TcpTalk(gateway, port);
    }

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    @Test
    void shouldLetTheOldestUnansweredGiveWayWhenTooManyAreOpening() {
        start(1_000, new TcpSettings(false, 3), Map.of());
        for (int port = 5000; port < 5005; port++) {
            assertThat(talk(port).client(SYN, 0, 0, 0)).isTrue();
        }
        assertThat(gateway.flows()).extracting(f -> f.original().sport()).containsExactlyInAnyOrder(5002, 5003, 5004);
        assertThat(gateway.meter("sluice_flows_ended", "reason", "early_drop")).isEqualTo(2);
    }

    @Test
    void shouldRefuseANewConnectionWhenAllThatAreOpeningWereAnswered() {
        start(1_000, new TcpSettings(false, 2), Map.of());
        for (int port = 5000; port < 5002; port++) {
            talk(port).client(SYN, 0, 0, 0);
            talk(port).server(SYN | ACK, 0, 1, 0);
        }
        assertThat(talk(5002).client(SYN, 0, 0, 0)).isFalse();
        assertThat(gateway.meter("sluice_drops", "reason", "half_open")).isEqualTo(1);

        talk(5000).client(ACK, 1, 1, 0);
        assertThat(talk(5000).state()).isEqualTo("ESTABLISHED");
        assertThat(talk(5002).client(SYN, 0, 0, 0)).as("one is open now").isTrue();
        assertThat(gateway.flows()).hasSize(3);
    }

    /** RFC 6888 REQ-11D: what was answered stays. */
    @Test
    void shouldGiveUpOnlyWhatNobodyAnsweredWhenTheTableIsFull() {
        start(CAPACITY, new TcpSettings(false, CAPACITY), Map.of());
        int open = CAPACITY / 2;
        for (int port = 5000; port < 5000 + open; port++) {
            talk(port).open();
        }
        for (int port = 6000; port < 6000 + 4 * CAPACITY; port++) {
            talk(port).client(SYN, 0, 0, 0);
            assertThat(gateway.meter("sluice_flows")).isLessThanOrEqualTo(CAPACITY);
        }
        for (int port = 5000; port < 5000 + open; port++) {
            assertThat(talk(port).state()).as("port %d", port).isEqualTo("ESTABLISHED");
        }
        assertThat(gateway.meter("sluice_flows_ended", "reason", "early_drop")).isPositive();
    }

    @Test
    void shouldRefuseTheNextWhenTheTableIsFullOfAnsweredFlows() {
        start(CAPACITY, new TcpSettings(false, CAPACITY), Map.of());
        for (int port = 5000; port < 5000 + CAPACITY; port++) {
            talk(port).open();
        }
        assertThat(talk(9000).state()).isEmpty();
        talk(9000).client(SYN, 0, 0, 0);
        assertThat(talk(9000).state()).isEmpty();
        assertThat(gateway.flows()).hasSize(CAPACITY);
        assertThat(gateway.meter("sluice_drops", "reason", "table_full")).isEqualTo(1);
    }

    @Test
    void shouldPickAConnectionUpInItsMiddleOnlyWhenToldTo() {
        start(1_000, TcpSettings.byDefault(1_000), Map.of());
        assertThat(talk(5000).client(ACK, 7_000, 9_000, 10)).isFalse();
        assertThat(gateway.meter("sluice_drops", "reason", "not_a_flow")).isEqualTo(1);

        start(1_000, new TcpSettings(true, 100), Map.of());
        TcpTalk tcp = talk(5000);
        for (int flags : new int[]{SYN | ACK, FIN | ACK, RST, RST | ACK}) {
            assertThat(tcp.client(flags, 7_000, 9_000, 0)).isFalse();
        }
        assertThat(tcp.client(ACK, 7_000, 9_000, 10)).isTrue();
        assertThat(tcp.state()).isEqualTo("ESTABLISHED");
        assertThat(tcp.server(ACK, 9_000, 7_010, 1_000)).isTrue();
        assertThat(tcp.client(ACK, 7_010, 10_000, 0)).isTrue();
        tcp.server(RST, 9_000, 0, 0);
        assertThat(tcp.state()).isEqualTo("ESTABLISHED");
        tcp.server(FIN | ACK, 10_000, 7_010, 0);
        tcp.client(FIN | ACK, 7_010, 10_001, 0);
        tcp.server(ACK, 10_001, 7_011, 0);
        assertThat(tcp.state()).isEqualTo("TIME_WAIT");
    }

    @Test
    void shouldNotKeepLongWhatWasPickedUpAndNobodyAnswers() {
        start(1_000, new TcpSettings(true, 100), Map.of());
        talk(5000).client(ACK, 7_000, 9_000, 10);
        assertThat(gateway.flows().getFirst().timeoutSeconds()).isLessThanOrEqualTo(300);
        talk(5000).server(ACK, 9_000, 7_010, 0);
        assertThat(gateway.flows().getFirst().timeoutSeconds()).isGreaterThan(400_000);
    }

    private long left() {
        return gateway.flows().getFirst().timeoutSeconds();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TCP_SYN_SENT    | >S
            TCP_SYN_SENT2   | >S <S
            TCP_SYN_RECV    | >S <SA
            TCP_ESTABLISHED | >S <SA >A
            TCP_FIN_WAIT    | >S <SA >A >FA
            TCP_CLOSE_WAIT  | >S <SA >A >FA <A
            TCP_LAST_ACK    | >S <SA >A >FA <FA
            TCP_TIME_WAIT   | >S <SA >A >FA <FA >A
            TCP_CLOSE       | >S <SA >A >R
            """)
    void shouldKeepAConnectionForAsLongAsItsStateSays(Timeout timeout, String segments) {
        start(1_000, TcpSettings.byDefault(1_000), Map.of(timeout, Duration.ofSeconds(77)));
        int[] next = new int[2];
        for (String segment : segments.split(" ")) {
            int side = segment.charAt(0) == '>' ? 0 : 1;
            int flags = (segment.contains("S") ? SYN : 0) | (segment.contains("A") ? ACK : 0)
                    | (segment.contains("F") ? FIN : 0) | (segment.contains("R") ? RST : 0);
            int acknowledgement = (flags & ACK) != 0 ? next[side ^ 1] : 0;
            if (side == 0) {
                talk(5000).client(flags, next[0], acknowledgement, 0);
            } else {
                talk(5000).server(flags, next[1], acknowledgement, 0);
            }
            next[side] += (flags & (SYN | FIN)) != 0 ? 1 : 0;
        }
        assertThat(left()).as(gateway.flows().getFirst().state()).isBetween(70L, 77L);
    }

    @Test
    void shouldKeepAConnectionShorterWhileItsDataIsNotAcknowledged() {
        start(1_000, TcpSettings.byDefault(1_000), Map.of(Timeout.TCP_UNACKNOWLEDGED, Duration.ofSeconds(500)));
        talk(5000).open();
        assertThat(left()).isGreaterThan(400_000);
        talk(5000).client(ACK, 1, 1, 100);
        assertThat(left()).isBetween(490L, 500L);
        talk(5000).server(ACK, 1, 101, 0);
        assertThat(left()).isGreaterThan(400_000);
    }

    @Test
    void shouldKeepAConnectionShorterWhileASideRepeatsWhatNobodyAcknowledges() {
        start(1_000, TcpSettings.byDefault(1_000), Map.of(Timeout.TCP_UNACKNOWLEDGED, Duration.ofSeconds(500),
                Timeout.TCP_MAX_RETRANS, Duration.ofSeconds(50)));
        talk(5000).open();
        talk(5000).client(ACK, 1, 1, 100);
        talk(5000).server(ACK, 1, 101, 100);
        talk(5000).client(ACK, 101, 101, 100);
        assertThat(left()).isBetween(490L, 500L);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (left() > 50 && System.nanoTime() - deadline < 0) {
            talk(5000).client(ACK, 101, 101, 100);
        }
        assertThat(left()).isBetween(40L, 50L);
    }
}
