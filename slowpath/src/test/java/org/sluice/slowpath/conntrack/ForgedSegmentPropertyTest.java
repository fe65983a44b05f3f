package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.TcpWindow;
import org.sluice.fastpath.wire.Tcp;

/**
 * Two ends transfer data, forwarded by the fast and the slow path in any mixture, with losses and repetitions on the way; somebody
 * on one side of the gateway, who knows everything but the next number, sends RST, FIN, SYN and data in between.
 */
class ForgedSegmentPropertyTest {
    private static final int CONNECTIONS = 300;
    private static final int STEPS = 200;
    private static final int WINDOW = 30_000;
    /** Numbers nearer than this to the right one might be taken for it. */
    private static final int NEAR = 100_000;

    private FlowTable table;
    private TcpTracker tracker;
    private Flows flows;
    private TcpEvidence evidence;
    private int flow;
    private Random random;
    private int forger;
    /** First byte not yet sent, by side; what the gateway has seen ends there too. */
    private final int[] next = new int[2];
    /** What each side has acknowledged. */
    private final int[] acknowledged = new int[2];

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldStayEstablishedWhateverIsForgedAndEndWhenTheEndsSaySo(long seed) {
        random = new Random(seed);
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            open();
            forger = random.nextInt(2);
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(3) == 0) {
                    forge();
                } else {
                    transfer();
                }
                tracker.catchUp(flow);
                assertThat(flows.state(flow)).as("seed %d, connection %d, step %d", seed, connection, step)
                        .isEqualTo(TcpState.ESTABLISHED);
                assertKnown(seed);
            }
            close();
        }
    }

    private void open() {
        table = new FlowTable(4, new Random(1));
        flows = new Flows(table);
        evidence = new TcpEvidence(table);
        tracker = new TcpTracker(flows);
        flow = table.allocate();
        flows.fill(flow, FlowKey.addresses(1, 2), FlowKey.ports(6, 3, 4), FlowKey.addresses(5, 2),
                FlowKey.ports(6, 3, 4));
        next[0] = random.nextInt();
        next[1] = random.nextInt();
        slow(0, Tcp.SYN, next[0]++, 0, 0);
        slow(1, Tcp.SYN | Tcp.ACK, next[1]++, next[0], 0);
        acknowledged[1] = next[0];
        acknowledged[0] = next[1];
        either(0, next[0], next[1], 0);
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

    private void slow(int side, int flags, int sequence, int acknowledgement, int payload) {
        UnsafeBuffer b = segment(flags, sequence, acknowledgement, payload);
        tracker.onSegment(flow | side, b, 0, b.capacity(), acknowledgement);
    }

    private void fast(int side, int sequence, int acknowledgement, int payload) {
        UnsafeBuffer b = segment(Tcp.ACK, sequence, acknowledgement, payload);
        TcpWindow.see(table, flow | side, b, 0, b.capacity());
    }

    private void either(int side, int sequence, int acknowledgement, int payload) {
        if (random.nextInt(4) == 0) {
            slow(side, Tcp.ACK, sequence, acknowledgement, payload);
        } else {
            fast(side, sequence, acknowledgement, payload);
        }
    }

    /** A side sends on, as far as the other one's window goes, or acknowledges, or repeats itself. */
    private void transfer() {
        int side = random.nextInt(2);
        int room = acknowledged[side ^ 1] + WINDOW - next[side];
        int payload = Math.min(room, random.nextInt(3_000));
        if (random.nextBoolean()) {
            acknowledged[side] += random.nextInt(next[side ^ 1] - acknowledged[side] + 1);
        }
        switch (random.nextInt(4)) {
            case 0 -> either(side, next[side], acknowledged[side], 0);
            case 1 -> {
                // once more from the first byte that was not acknowledged
                int from = acknowledged[side ^ 1];
                either(side, from, acknowledged[side], Math.min(next[side] - from, 1_460));
            }
            default -> {
                either(side, next[side], acknowledged[side], payload);
                next[side] += payload;
            }
        }
    }

    private void forge() {
        int side = forger;
        int sequence = guess(side);
        switch (random.nextInt(4)) {
            case 0 -> {
                if (sequence != next[side] && sequence != acknowledged[side ^ 1]) {
                    slow(side, random.nextBoolean() ? Tcp.RST : Tcp.RST | Tcp.ACK, sequence, guess(side ^ 1), 0);
                }
            }
            case 1 -> {
                if (sequence != next[side]) {
                    slow(side, Tcp.FIN | Tcp.ACK, sequence,
                            random.nextBoolean() ? acknowledged[side] : wrongAcknowledgement(side), 0);
                }
            }
            case 2 -> slow(side, random.nextBoolean() ? Tcp.SYN : Tcp.SYN | Tcp.ACK, sequence,
                    wrongAcknowledgement(side), 0);
            default -> forgeData(side, sequence);
        }
    }

    /** A guess that is right now and then would be somewhere in thousands of runs. */
    private int wrongAcknowledgement(int side) {
        int wrong = random.nextInt();
        return Math.abs(wrong - next[side ^ 1]) < NEAR ? wrong + 2 * NEAR : wrong;
    }

    /** Data, and then a RST at its end: one of the two numbers is right at most. */
    private void forgeData(int side, int sequence) {
        boolean rightAcknowledgement = random.nextBoolean();
        int acknowledgement = rightAcknowledgement ? acknowledged[side] : next[side ^ 1] + 1 + random.nextInt(1 << 30);
        int behindWindow = acknowledged[side ^ 1] + WINDOW + 1 + random.nextInt(1 << 30);
        int from = rightAcknowledgement ? behindWindow : sequence;
        either(side, from, acknowledgement, 100);
        if (from + 100 != next[side] && from + 100 != acknowledged[side ^ 1]) {
            slow(side, Tcp.RST, from + 100, 0, 0);
        }
    }

    private int guess(int side) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> next[side] + random.nextInt(-5, 6);
            case 2 -> acknowledged[side ^ 1] + random.nextInt(-5, 6);
            default -> acknowledged[side ^ 1] + random.nextInt(-WINDOW, 2 * WINDOW);
        };
    }

    /** Nothing of what was forged is taken for what the ends have sent. */
    private void assertKnown(long seed) {
        for (int side = 0; side < 2; side++) {
            assertThat(evidence.sequenceEnd(flow | side)).as("seed %d: side %d has sent", seed, side)
                    .isEqualTo(next[side]);
            assertThat(evidence.acknowledgement(flow | side) - acknowledged[side])
                    .as("seed %d: side %d has acknowledged", seed, side).isLessThanOrEqualTo(0);
        }
    }

    private void close() {
        if (random.nextBoolean()) {
            slow(random.nextInt(2), Tcp.ACK, 0, 0, 0);
            int side = random.nextInt(2);
            slow(side, Tcp.RST, next[side], 0, 0);
            assertThat(flows.state(flow)).isEqualTo(TcpState.CLOSE);
            return;
        }
        slow(0, Tcp.FIN | Tcp.ACK, next[0], acknowledged[0], 0);
        assertThat(flows.state(flow)).isEqualTo(TcpState.FIN_WAIT);
        slow(1, Tcp.FIN | Tcp.ACK, next[1], next[0] + 1, 0);
        fast(0, next[0] + 1, next[1] + 1, 0);
        tracker.catchUp(flow);
        assertThat(flows.state(flow)).isEqualTo(TcpState.TIME_WAIT);
    }
}
