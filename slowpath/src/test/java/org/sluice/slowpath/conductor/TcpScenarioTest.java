package org.sluice.slowpath.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.fastpath.wire.Tcp.ACK;
import static org.sluice.fastpath.wire.Tcp.FIN;
import static org.sluice.fastpath.wire.Tcp.RST;
import static org.sluice.fastpath.wire.Tcp.SYN;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT;
import static org.sluice.slowpath.conductor.GatewayFixture.CLIENT_MAC;
import static org.sluice.slowpath.conductor.GatewayFixture.GATEWAY_INSIDE;
import static org.sluice.slowpath.conductor.GatewayFixture.SERVER;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.slowpath.view.FlowView;

/** Conversations that are not orderly, worker and conductor together; the first six are those of Linux's own conntrack tests. */
class TcpScenarioTest {
    private static final int SEGMENT = 1_000;
    /** The id of the first flow. */
    private static final int FIRST = 2;

    private final GatewayFixture gateway = new GatewayFixture();
    private final TcpTalk tcp = new TcpTalk(gateway);

    @AfterEach
    void everyFrameHasOneFate() {
        gateway.assertAllAccountedFor();
    }

    private long refusedResets() {
        return gateway.meter("sluice_drops", "reason", "tcp_reset");
    }

    @Test
    void shouldPassDataOnceMoreWhoseAcknowledgementsWereLost() {
        tcp.open();
        int last = 1 + 60 * SEGMENT;
        for (int at = 1; at < last; at += SEGMENT) {
            assertThat(tcp.client(ACK, at, 1, SEGMENT)).isTrue();
            assertThat(tcp.server(ACK, 1, at + SEGMENT, 0)).isTrue();
        }
        assertThat(tcp.client(ACK, 1, 1, SEGMENT)).isTrue();
        assertThat(tcp.server(ACK, 1, last, 0)).isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.client(RST, last, 0, 0)).as("the evidence stands where it stood").isTrue();
        tcp.assertState("CLOSE");
    }

    @Test
    void shouldCloseOnAResetOfAHalfClosedConnectionAndPassTheOtherSidesInexactOne() {
        tcp.open();
        tcp.server(ACK, 1, 1, 3 * SEGMENT);
        tcp.client(ACK, 1, 3_001, SEGMENT);
        tcp.server(FIN | ACK, 3_001, 1_001, 0);
        tcp.assertState("FIN_WAIT");
        tcp.client(ACK, 1_001, 3_002, 0);
        tcp.assertState("CLOSE_WAIT");

        assertThat(tcp.client(RST | ACK, 1_001, 3_002, 0)).isTrue();
        tcp.assertState("CLOSE");
        assertThat(tcp.server(RST, 2_001, 0, 0)).as("the server has forgotten it too").isTrue();
        tcp.assertState("CLOSE");
        assertThat(refusedResets()).isZero();
    }

    @Test
    void shouldDropResetsOutsideTheWindowAndStayEstablished() {
        tcp.open();
        for (int at = 1; at < 3_001; at += SEGMENT) {
            tcp.server(ACK, at, 1, SEGMENT);
            tcp.client(ACK, 1, at + SEGMENT, 0);
        }
        for (int sequence : new int[]{0, 1_000_000, 42}) {
            assertThat(tcp.server(RST, sequence, 0, 0)).as("RST at %d", sequence).isFalse();
            tcp.assertState("ESTABLISHED");
        }
        tcp.client(ACK, 1, 3_001, SEGMENT);
        tcp.server(ACK, 3_001, 1_001, 0);
        assertThat(tcp.server(RST | ACK, 3_000, 1_001, 0)).as("off by one").isFalse();
        tcp.assertState("ESTABLISHED");
        assertThat(refusedResets()).isEqualTo(4);

        assertThat(tcp.server(RST | ACK, 3_001, 1_001, 0)).isTrue();
        tcp.assertState("CLOSE");
        assertThat(refusedResets()).isEqualTo(4);
    }

    @Test
    void shouldPassTheChallengeThatAnOlderConnectionsServerAnswersASynWith() {
        assertThat(tcp.client(SYN, 0, 0, 0)).isTrue();
        assertThat(tcp.server(ACK, 145_824_453, 643_160_523, 0)).as("challenge").isTrue();
        assertThat(tcp.client(RST, 643_160_523, 0, 0)).as("its answer").isTrue();
        tcp.assertState("SYN_SENT");
        assertThat(tcp.client(SYN, 0, 0, 0)).isTrue();
        assertThat(tcp.server(SYN | ACK, 0, 1, 0)).isTrue();
        assertThat(tcp.client(ACK, 1, 1, 0)).isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(gateway.flows().getFirst().assured()).isTrue();
        assertThat(refusedResets()).isZero();
    }

    @Test
    void shouldNotLearnFromTheAnswerToAnOlderSyn() {
        tcp.client(SYN, 0, 0, 0);
        assertThat(tcp.server(SYN | ACK, 145_824_453, 643_160_523, 0)).isTrue();
        tcp.assertState("SYN_SENT");
        tcp.client(SYN, 0, 0, 0);
        tcp.assertState("SYN_SENT");
        assertThat(tcp.server(SYN | ACK, 145_758_918, 1, 0)).isTrue();
        tcp.assertState("SYN_RECV");
        assertThat(tcp.client(ACK, 1, 145_758_919, 1)).isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(gateway.flows().getFirst().assured()).isTrue();
    }

    @Test
    void shouldPassSynChallengeAndResetAndOpenAnewOnReusedPorts() {
        tcp.open();
        tcp.client(ACK, 1, 1, 100);
        tcp.server(ACK, 1, 101, 0);

        assertThat(tcp.client(SYN, 2_000, 0, 0)).isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.server(ACK, 1, 101, 0)).as("challenge").isTrue();
        assertThat(tcp.client(RST | ACK, 101, 1, 0)).as("its answer").isTrue();
        tcp.assertState("CLOSE");
        assertThat(tcp.client(SYN, 2_000, 0, 0)).isTrue();
        tcp.assertState("SYN_SENT");
        assertThat(tcp.server(SYN | ACK, 7_000, 2_001, 0)).isTrue();
        tcp.assertState("SYN_RECV");
    }

    @Test
    void shouldFollowAServerThatHasForgottenTheConnectionAndTakesANewOneOnItsPorts() {
        tcp.open();
        tcp.client(ACK, 1, 1, 100);
        tcp.server(ACK, 1, 101, 0);

        tcp.client(SYN, -2_000_000, 0, 0);
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.server(SYN | ACK, 1 << 30, -1_999_999, 0)).isTrue();
        tcp.assertState("SYN_RECV");
        tcp.client(ACK, -1_999_999, (1 << 30) + 1, 10);
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.client(RST, 101, 0, 0)).as("of the old connection").isFalse();
        tcp.client(RST, -1_999_989, 0, 0);
        tcp.assertState("CLOSE");
    }

    @Test
    void shouldBelieveARefusalOfANewConnectionOnOldPorts() {
        tcp.open();
        tcp.client(SYN, 5_000_000, 0, 0);
        assertThat(tcp.server(RST | ACK, 0, 5_000_002, 0)).as("one off").isFalse();
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.server(RST | ACK, 0, 5_000_001, 0)).isTrue();
        tcp.assertState("CLOSE");
    }

    @Test
    void shouldPassTheHandshakeRepeatedAndChangeNothing() {
        tcp.open();
        tcp.client(ACK, 1, 1, 500);
        assertThat(tcp.client(SYN, 0, 0, 0)).isTrue();
        assertThat(tcp.server(SYN | ACK, 0, 1, 0)).isTrue();
        tcp.assertState("ESTABLISHED");
        tcp.client(RST, 501, 0, 0);
        tcp.assertState("CLOSE");
    }

    /** The hole that window tracking closes. */
    @Test
    void shouldNotForgetAFlowOverAForgedSegmentAndAResetAtItsEnd() {
        tcp.open();
        for (int sequence : new int[]{70_000, 1 << 30, -5_000_000}) {
            assertThat(tcp.server(ACK, sequence, 1, 10)).as("data is the receiver's to judge").isTrue();
            tcp.server(RST, sequence + 10, 0, 0);
            tcp.assertState("ESTABLISHED");
        }
        assertThat(tcp.server(ACK, 500, 900_000, 10)).as("in the window, acknowledging what was never sent").isTrue();
        tcp.server(RST, 510, 0, 0);
        tcp.assertState("ESTABLISHED");
    }

    @Test
    void shouldPassAResetInTheWindowThatIsNotExactAndStayEstablished() {
        tcp.open();
        assertThat(tcp.server(RST, 2, 0, 0)).isTrue();
        assertThat(tcp.server(RST, 65_000, 0, 0)).isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(refusedResets()).isZero();
    }

    @Test
    void shouldNotTakeAForgedFinForTheEnd() {
        tcp.open();
        for (int sequence : new int[]{0, 2, 500, 60_000, 70_000, 1 << 30, -4}) {
            assertThat(tcp.server(FIN | ACK, sequence, 1, 0)).as("FIN at %d", sequence).isTrue();
            tcp.assertState("ESTABLISHED");
        }
        assertThat(tcp.server(FIN | ACK, 1, 700_000, 0)).as("exact, acknowledging what was never sent").isTrue();
        tcp.assertState("ESTABLISHED");
    }

    /** RFC 9293 3.10.7.4: the other side acknowledges a FIN only when all before it has come. */
    @Test
    void shouldSeeAFinThatOvertookLostDataOnceItIsAcknowledged() {
        tcp.open();
        assertThat(tcp.server(FIN | ACK, 1_001, 1, 0)).isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.server(ACK, 1, 1, SEGMENT)).as("what was lost").isTrue();
        tcp.assertState("ESTABLISHED");
        assertThat(tcp.client(ACK, 1, 1_002, 0)).isTrue();
        tcp.assertState("CLOSE_WAIT");
        assertThat(tcp.client(FIN | ACK, 1, 1_002, 0)).isTrue();
        assertThat(tcp.server(ACK, 1_002, 2, 0)).isTrue();
        tcp.assertState("TIME_WAIT");
    }

    @Test
    void shouldTakeBackAFinThatItsSidesDataDisproves() {
        tcp.open();
        tcp.server(FIN | ACK, 1, 1, 0);
        tcp.assertState("FIN_WAIT");
        tcp.server(ACK, 1, 1, SEGMENT);
        tcp.assertState("ESTABLISHED");
    }

    @Test
    void shouldTakeBackAResetThatItsSidesDataDisproves() {
        tcp.open();
        tcp.server(RST, 1, 0, 0);
        tcp.assertState("CLOSE");
        tcp.client(ACK, 1, 1, SEGMENT);
        tcp.assertState("CLOSE");
        tcp.server(ACK, 1, 1_001, SEGMENT);
        tcp.assertState("ESTABLISHED");
    }

    @Test
    void shouldKeepAnOpenConnectionInItsRecordAloneAndCountAllOfIt() {
        tcp.open();
        tcp.client(ACK, 1, 1, SEGMENT);
        tcp.server(ACK, 1, 1_001, SEGMENT);
        assertThat(gateway.table().hasMore(FIRST)).isFalse();
        tcp.client(FIN | ACK, 1_001, 1_001, 0);
        assertThat(gateway.table().hasMore(FIRST)).as("the end of one side is the conductor's to note").isTrue();
        tcp.server(FIN | ACK, 1_001, 1_002, 0);
        tcp.client(ACK, 1_002, 1_002, 0);
        tcp.assertState("TIME_WAIT");
        FlowView flow = gateway.flows().getFirst();
        assertThat(flow.original().packets()).isEqualTo(5);
        assertThat(flow.original().bytes()).isEqualTo(5 * 40 + SEGMENT);
        assertThat(flow.reply().packets()).isEqualTo(3);
        assertThat(flow.reply().bytes()).isEqualTo(3 * 40 + SEGMENT);
    }

    /** Answers take another way; what is not judged need not be punted either. */
    @Test
    void shouldLeaveAConnectionToTheWorkerOfWhichOnlyOneSidePassesHere() {
        tcp.client(SYN, 0, 0, 0);
        assertThat(tcp.client(ACK, 1, 1, 0)).isTrue();
        long punted = gateway.meter("sluice_punts", "reason", "tcp_state");
        assertThat(tcp.client(ACK, 1, 1, SEGMENT)).isTrue();
        assertThat(gateway.meter("sluice_punts", "reason", "tcp_state")).isEqualTo(punted);
        assertThat(gateway.flows().getFirst().original().packets()).isEqualTo(3);
        tcp.assertState("SYN_SENT");
        assertThat(tcp.server(SYN | ACK, 0, 1, 0)).as("they come back").isTrue();
        tcp.client(ACK, 1_001, 1, 0);
        tcp.assertState("ESTABLISHED");
    }

    /** What an older connection's numbers, or a guess, might say. */
    @Test
    void shouldNotTakeAnOlderAcknowledgementForTheEndOfTheHandshake() {
        tcp.client(SYN, 0, 0, 0);
        tcp.server(SYN | ACK, 100_000, 1, 0);
        assertThat(tcp.client(ACK, 1, 50_000, 0)).isTrue();
        tcp.assertState("SYN_RECV");
        tcp.client(ACK, 1, 100_001, 0);
        tcp.assertState("ESTABLISHED");
    }

    /** A fragment is looked up as of ports 0, which a connection can have. */
    @Test
    void shouldPutFragmentsTogetherWhileAConnectionOfPortsZeroIsOpening() {
        tcp.open();
        assertThat(gateway.fromInside(Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 0, SERVER, 0, SYN, 0, 0, "")))
                .hasSize(1);
        byte[] segment = Frames.tcp(GATEWAY_INSIDE, CLIENT_MAC, CLIENT, 5000, SERVER, 80, ACK, 1, 1,
                "x".repeat(SEGMENT));
        int half = 504;
        gateway.fromInside(Frames.fragment(segment, 0, half, true));
        assertThat(gateway.fromInside(Frames.fragment(segment, half, segment.length - Frames.L4 - half, false)))
                .containsExactly("outside tcp 198.51.100.1:5000 > 198.51.100.2:80");
        assertThat(gateway.meter("sluice_drops")).isZero();
    }

    @Test
    void shouldFollowASimultaneousOpen() {
        tcp.client(SYN, 0, 0, 0);
        assertThat(tcp.server(SYN, 0, 0, 0)).isTrue();
        tcp.assertState("SYN_SENT2");
        tcp.client(SYN | ACK, 0, 1, 0);
        tcp.assertState("SYN_RECV");
        tcp.server(SYN | ACK, 0, 1, 0);
        tcp.assertState("ESTABLISHED");
        tcp.client(ACK, 1, 1, SEGMENT);
        tcp.server(ACK, 1, 1_001, SEGMENT);
        tcp.client(RST, 1_001, 0, 0);
        tcp.assertState("CLOSE");
    }

    @Test
    void shouldFollowASimultaneousOpenThatIsAnsweredByPlainAcknowledgements() {
        tcp.client(SYN, 0, 0, 0);
        tcp.server(SYN, 0, 0, 0);
        tcp.client(SYN | ACK, 0, 1, 0);
        tcp.server(ACK, 1, 1, 0);
        tcp.assertState("ESTABLISHED");
    }

    @Test
    void shouldFollowASimultaneousClose() {
        tcp.open();
        tcp.client(FIN | ACK, 1, 1, 0);
        tcp.server(FIN | ACK, 1, 1, 0);
        tcp.assertState("LAST_ACK");
        tcp.client(ACK, 2, 2, 0);
        tcp.server(ACK, 2, 2, 0);
        tcp.assertState("TIME_WAIT");
    }

    private void close() {
        tcp.open();
        tcp.client(FIN | ACK, 1, 1, 0);
        tcp.server(FIN | ACK, 1, 2, 0);
        tcp.client(ACK, 2, 2, 0);
        tcp.assertState("TIME_WAIT");
    }

    @Test
    void shouldOpenAnewInTimeWaitOnASynWithAHigherNumber() {
        close();
        assertThat(tcp.client(SYN, 3, 0, 0)).isTrue();
        tcp.assertState("SYN_SENT");
        assertThat(gateway.meter("sluice_flows_ended", "reason", "reopened")).isEqualTo(1);
    }

    /** RFC 6191: by its time stamp the server may take a SYN with a lower number too; its answer tells. */
    @Test
    void shouldLeaveASynWithALowerNumberInTimeWaitToTheServer() {
        close();
        assertThat(tcp.client(SYN, -2_000_000, 0, 0)).isTrue();
        tcp.assertState("TIME_WAIT");
        assertThat(tcp.server(SYN | ACK, 90, -1_999_999, 0)).isTrue();
        tcp.assertState("SYN_RECV");
    }

    @Test
    void shouldNotLetTheAnsweringSideOpenAnew() {
        close();
        tcp.server(SYN, 1_000, 0, 0);
        tcp.assertState("TIME_WAIT");
        tcp.client(SYN | ACK, 500, 1_001, 0);
        tcp.assertState("TIME_WAIT");
    }

    @Test
    void shouldFollowAServerThatAnswersASynTwiceWithDifferentNumbers() {
        tcp.client(SYN, 0, 0, 0);
        tcp.server(SYN | ACK, 1_000_000, 1, 0);
        tcp.server(SYN | ACK, 9_000_000, 1, 0);
        tcp.assertState("SYN_RECV");
        tcp.client(ACK, 1, 9_000_001, 10);
        tcp.assertState("ESTABLISHED");
        tcp.server(RST, 9_000_001, 0, 0);
        tcp.assertState("CLOSE");
    }

    @Test
    void shouldProbeAClosedWindowAndGoOn() {
        tcp.open();
        for (int at = 1; at < 65_001; at += SEGMENT) {
            tcp.server(ACK, at, 1, SEGMENT);
        }
        tcp.server(ACK, 65_001, 1, 535);
        assertThat(tcp.server(ACK, 65_536, 1, 1)).as("one byte beyond the window").isTrue();
        assertThat(tcp.client(ACK, 1, 65_537, 0)).isTrue();
        tcp.server(ACK, 65_537, 1, SEGMENT);
        tcp.client(ACK, 1, 66_537, 0);
        tcp.server(RST, 66_537, 0, 0);
        tcp.assertState("CLOSE");
    }
}
