package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.TcpWindow;
import org.sluice.fastpath.wire.Tcp;

/** A connection followed by sequence numbers, which may begin anywhere. */
class TcpTrackerTest {
    private static final int CLIENT = 0;
    private static final int SERVER = 1;
    private static final int WINDOW = 20_000;

    private final FlowTable table = new FlowTable(4, new Random(1));
    private final Flows flows = new Flows(table);
    private final TcpTracker tracker = new TcpTracker(flows);
    private final TcpEvidence evidence = new TcpEvidence(table);
    private final int flow = table.allocate();
    private int client;
    private int server;

    TcpTrackerTest() {
        flows.fill(flow, FlowKey.addresses(1, 2), FlowKey.ports(6, 3, 4), FlowKey.addresses(5, 2),
                FlowKey.ports(6, 3, 4));
    }

    private static UnsafeBuffer segment(int flags, int sequence, int acknowledgement, int payload) {
        UnsafeBuffer b = new UnsafeBuffer(new byte[Tcp.HEADER_LENGTH + payload]);
        Tcp.headerLength(b, 0, Tcp.HEADER_LENGTH);
        Tcp.flags(b, 0, flags);
        Tcp.sequence(b, 0, sequence);
        Tcp.acknowledgement(b, 0, acknowledgement);
        Tcp.window(b, 0, WINDOW);
        return b;
    }

    private void send(int side, int flags, int sequence, int acknowledgement, int payload) {
        UnsafeBuffer b = segment(flags, sequence, acknowledgement, payload);
        assertThat(tracker.onSegment(flow | side, b, 0, b.capacity(), acknowledgement)).isNull();
    }

    /** What a worker does with a segment that it forwards. */
    private void forwardFast(int side, int sequence, int acknowledgement, int payload) {
        UnsafeBuffer b = segment(Tcp.ACK, sequence, acknowledgement, payload);
        TcpWindow.see(table, flow | side, b, 0, b.capacity());
        tracker.catchUp(flow);
    }

    private void assertState(TcpState state) {
        assertThat(flows.state(flow)).isEqualTo(state);
    }

    /** First bytes of both sides are at {@code client} and {@code server} afterwards. */
    private void open(int start) {
        client = start;
        server = start * 31 + 7;
        send(CLIENT, Tcp.SYN, client++, 0, 0);
        assertState(TcpState.SYN_SENT);
        send(SERVER, Tcp.SYN | Tcp.ACK, server++, client, 0);
        assertState(TcpState.SYN_RECV);
        send(CLIENT, Tcp.ACK, client, server, 0);
        assertState(TcpState.ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE, -50, 0x7FFF_FFF0})
    void shouldFollowAnOrderlyClose(int start) {
        open(start);
        send(CLIENT, Tcp.FIN | Tcp.ACK, client, server, 100);
        client += 101;
        assertState(TcpState.FIN_WAIT);
        send(SERVER, Tcp.ACK, server, client - 1, 0);
        assertState(TcpState.FIN_WAIT);
        send(SERVER, Tcp.ACK, server, client, 0);
        assertState(TcpState.CLOSE_WAIT);
        send(SERVER, Tcp.ACK, server, client, 500);
        assertState(TcpState.CLOSE_WAIT);
        server += 500;
        send(SERVER, Tcp.FIN | Tcp.ACK, server++, client, 0);
        assertState(TcpState.LAST_ACK);
        send(CLIENT, Tcp.ACK, client, server, 0);
        assertState(TcpState.TIME_WAIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldFollowACloseThatTheFastPathAcknowledges(int start) {
        open(start);
        forwardFast(CLIENT, client, server, 1000);
        client += 1000;
        forwardFast(SERVER, server, client, 2000);
        server += 2000;
        assertState(TcpState.ESTABLISHED);
        send(SERVER, Tcp.FIN | Tcp.ACK, server++, client, 0);
        assertState(TcpState.FIN_WAIT);
        forwardFast(CLIENT, client, server, 0);
        assertState(TcpState.CLOSE_WAIT);
        send(CLIENT, Tcp.FIN | Tcp.ACK, client++, server, 0);
        assertState(TcpState.LAST_ACK);
        forwardFast(SERVER, server, client, 0);
        assertState(TcpState.TIME_WAIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void shouldFollowBothSidesClosingAtOnce(int start) {
        open(start);
        send(CLIENT, Tcp.FIN | Tcp.ACK, client, server, 0);
        send(SERVER, Tcp.FIN | Tcp.ACK, server, client, 0);
        assertState(TcpState.LAST_ACK);
        send(CLIENT, Tcp.FIN | Tcp.ACK, client, server, 0);
        assertState(TcpState.LAST_ACK);
        send(CLIENT, Tcp.ACK, client + 1, server + 1, 0);
        assertState(TcpState.LAST_ACK);
        send(SERVER, Tcp.ACK, server + 1, client + 1, 0);
        assertState(TcpState.TIME_WAIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void shouldSeeTheHandshakesEndThatTheFastPathForwarded(int start) {
        send(CLIENT, Tcp.SYN, start, 0, 0);
        send(SERVER, Tcp.SYN | Tcp.ACK, 900, start + 1, 0);
        forwardFast(CLIENT, start + 1, 901, 0);
        assertState(TcpState.ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldCloseOnlyOnAResetAtTheNextByte(int start) {
        open(start);
        for (int off : new int[]{1, 1000, WINDOW}) {
            send(CLIENT, Tcp.RST, client + off, 0, 0);
            send(SERVER, Tcp.RST | Tcp.ACK, server + off, client, 0);
            assertState(TcpState.ESTABLISHED);
        }
        send(SERVER, Tcp.RST, server, 0, 0);
        assertState(TcpState.CLOSE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void shouldCloseOnAResetBehindWhatWasSentLast(int start) {
        open(start);
        forwardFast(CLIENT, client, server, 1000);
        send(CLIENT, Tcp.RST, client + 1000, 0, 0);
        assertState(TcpState.CLOSE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void shouldBelieveARefusalOnlyIfItAcknowledgesTheSyn(int start) {
        send(CLIENT, Tcp.SYN, start, 0, 0);
        send(SERVER, Tcp.RST, 0, 0, 0);
        send(SERVER, Tcp.RST | Tcp.ACK, 0, start, 0);
        send(SERVER, Tcp.RST | Tcp.ACK, 0, start + 2, 0);
        assertState(TcpState.SYN_SENT);
        send(SERVER, Tcp.RST | Tcp.ACK, 0, start + 1, 0);
        assertState(TcpState.CLOSE);
    }

    /** RFC 5961 4: a SYN inside a connection brings a challenge from the endpoint, and nothing else. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void shouldNotLearnFromASynInsideAConnection(int start) {
        open(start);
        send(SERVER, Tcp.SYN, server + 5000, 0, 0);
        send(SERVER, Tcp.RST, server + 5001, 0, 0);
        assertState(TcpState.ESTABLISHED);
        assertThat(evidence.sequenceEnd(flow | SERVER)).isEqualTo(server);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void shouldStayClosed(int start) {
        open(start);
        send(SERVER, Tcp.RST, server, 0, 0);
        send(CLIENT, Tcp.FIN | Tcp.ACK, client, server, 0);
        send(SERVER, Tcp.ACK, server, client + 1, 0);
        assertState(TcpState.CLOSE);
    }
}
