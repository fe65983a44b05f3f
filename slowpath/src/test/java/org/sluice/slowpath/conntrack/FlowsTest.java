package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowLayout;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.SeenTime;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.IpAddress;

class FlowsTest {
    private static final long DAY = TimeUnit.DAYS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long UNIT = 1L << 22;
    /** Of the first packet. */
    private static final long BEGIN = -3 * DAY;

    private final FlowTable table = new FlowTable(16, new Random(1));
    private final Flows flows = new Flows(table);

    private int flow(int protocol) {
        int flow = table.allocate();
        long ports = FlowKey.ports(protocol, 3, 4);
        flows.fill(flow, FlowKey.addresses(1, 2), ports, FlowKey.addresses(5, 2), ports);
        flows.begin(flow, 1, 100, BEGIN);
        assertThat(table.publish(flow)).isTrue();
        return flow;
    }

    /** What a worker does. */
    private void forward(int flow, long time) {
        int seen = table.seen(flow);
        table.buffer(flow).putInt(seen + FlowLayout.LAST_SEEN, SeenTime.of(time));
        table.buffer(flow).putLong(seen + FlowLayout.PACKETS,
                table.buffer(flow).getLong(seen + FlowLayout.PACKETS) + 1);
    }

    @Test
    void shouldCountTheFirstPacketWithoutALineForMore() {
        int flow = flow(Ipv4.PROTOCOL_UDP);
        assertThat(flows.packets(flow)).isEqualTo(1);
        assertThat(flows.bytes(flow)).isEqualTo(100);
        assertThat(flows.packets(flow | 1)).isZero();
        assertThat(flows.parent(flow)).isZero();
        assertThat(flows.lastSeen(flow, BEGIN + SECOND)).isBetween(BEGIN, BEGIN + UNIT);
        assertThat(table.hasMore(flow)).isFalse();
    }

    @Test
    void shouldAddUpWhatBothPathsSaw() {
        int flow = flow(Ipv4.PROTOCOL_UDP);
        forward(flow | 1, BEGIN + SECOND);
        flows.seeSlow(flow | 1, 40, BEGIN + 2 * SECOND);
        assertThat(flows.packets(flow | 1)).isEqualTo(2);
        assertThat(flows.bytes(flow | 1)).isEqualTo(40);
        assertThat(flows.packets(flow)).isEqualTo(1);
        assertThat(flows.lastSeen(flow, BEGIN + 3 * SECOND)).isBetween(BEGIN + 2 * SECOND, BEGIN + 2 * SECOND + UNIT);
        forward(flow, BEGIN + 4 * SECOND);
        assertThat(flows.lastSeen(flow, BEGIN + 5 * SECOND)).isBetween(BEGIN + 4 * SECOND, BEGIN + 4 * SECOND + UNIT);
    }

    @Test
    void shouldKnowWhenAFlowWasSeenThatGetsAParent() {
        int flow = flow(Ipv4.PROTOCOL_UDP);
        flows.parent(flow, 6);
        assertThat(flows.parent(flow | 1)).isEqualTo(6);
        assertThat(flows.lastSeen(flow, BEGIN + SECOND)).isBetween(BEGIN, BEGIN + UNIT);
    }

    /** The conductor saw the handshake, and a host that went away its last answer, long ago. */
    @ParameterizedTest
    @ValueSource(longs = {1, 99, 103, 105, 150, 207, 210, 300, 420})
    void shouldGoByTheLatestHoweverOldTheOthersAre(long days) {
        int flow = flow(Ipv4.PROTOCOL_TCP);
        new TcpEvidence(table).begin(flow);
        flows.seeSlow(flow | 1, 40, BEGIN);
        forward(flow | 1, BEGIN);
        long last = BEGIN + days * DAY;
        forward(flow, last);
        assertThat(flows.lastSeen(flow, last + SECOND)).isBetween(last, last + UNIT);
    }

    @Test
    void shouldTellForHowLongADirectionHasBeenAlone() {
        int flow = flow(Ipv4.PROTOCOL_TCP);
        assertThat(flows.aloneFor(flow, BEGIN + SECOND)).as("the other never was there").isZero();
        flows.seeSlow(flow | 1, 40, BEGIN);
        assertThat(flows.aloneFor(flow, BEGIN + SECOND)).as("nothing since").isZero();
        new TcpEvidence(table).begin(flow);
        forward(flow, BEGIN + SECOND);
        assertThat(flows.aloneFor(flow, BEGIN + SECOND)).isBetween(SECOND - UNIT, SECOND + UNIT);
        forward(flow | 1, BEGIN + 2 * SECOND);
        forward(flow, BEGIN + 5 * SECOND);
        assertThat(flows.aloneFor(flow, BEGIN + 5 * SECOND)).isBetween(3 * SECOND - UNIT, 3 * SECOND + UNIT);
        assertThat(flows.aloneFor(flow | 1, BEGIN + 5 * SECOND)).isZero();
        flows.seeSlow(flow | 1, 40, BEGIN + 5 * SECOND);
        assertThat(flows.aloneFor(flow, BEGIN + 5 * SECOND)).as("the conductor has seen the other").isLessThan(UNIT);
    }

    @Test
    void shouldKeepStateAndStatusApart() {
        int flow = flow(Ipv4.PROTOCOL_TCP);
        for (TcpState state : TcpState.values()) {
            flows.state(flow, state);
            flows.mark(flow, Status.PUNTED | Status.LIVE);
            assertThat(flows.state(flow | 1)).isEqualTo(state);
            assertThat(flows.status(flow)).isEqualTo(Status.PUNTED | Status.LIVE);
            flows.unmark(flow, Status.PUNTED);
            assertThat(flows.is(flow, Status.PUNTED)).isFalse();
            assertThat(flows.state(flow)).isEqualTo(state);
        }
        for (SctpState state : SctpState.values()) {
            flows.state(flow, TcpState.of(state.ordinal()));
            assertThat(SctpState.of(flows.state(flow).ordinal())).isEqualTo(state);
        }
    }

    @Test
    void shouldTellWhatAPacketBecomesByTheOtherDirection() {
        int flow = table.allocate();
        flows.fill(flow, FlowKey.addresses(0x0A000001, 0xC6336402), FlowKey.call(11, 22),
                FlowKey.addresses(0xC6336401, 0xC6336403), FlowKey.call(33, 44));
        assertThat(flows.newSource(flow)).isEqualTo(IpAddress.v4(0xC6336401));
        assertThat(flows.newDestination(flow)).isEqualTo(IpAddress.v4(0xC6336403));
        assertThat(flows.newSourcePort(flow)).isEqualTo(33);
        assertThat(flows.newDestinationPort(flow)).isEqualTo(44);
        assertThat(flows.newSourcePort(flow | 1)).isEqualTo(22);
        assertThat(flows.newDestinationPort(flow | 1)).isEqualTo(11);
    }
}
