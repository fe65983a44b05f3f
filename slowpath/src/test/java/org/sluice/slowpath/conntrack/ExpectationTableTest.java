package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.route.IpAddress;

class ExpectationTableTest {
    private static final IpAddress LISTENER = IpAddress.v4(0x0A4D0002);
    private static final IpAddress OTHER_LISTENER = IpAddress.v4(0x0A4D0003);
    private static final IpAddress OUTSIDE = IpAddress.v4(0xC6336401);
    private static final IpAddress PEER = IpAddress.v4(0xC6336402);
    private static final IpAddress OTHER_PEER = IpAddress.v4(0xC6336403);
    private static final int PORT = 5000;
    private static final int MAX = 2;

    private final MappingTable mappings = new MappingTable(new Random(1));
    private final ExpectationTable table = new ExpectationTable(mappings);

    private Expectation expect(int parent, IpAddress peer, IpAddress listener, int seenPort) {
        Mapping mapping = mappings.use(Ipv4.PROTOCOL_TCP, listener.v4(), PORT, OUTSIDE.v4());
        return new Expectation("talk", parent, Ipv4.PROTOCOL_TCP, peer, OUTSIDE, seenPort, listener, PORT, mapping, 0);
    }

    @Test
    void shouldLetAListenerRepeatItselfOnAnotherControlConnection() {
        Expectation first = expect(2, PEER, LISTENER, PORT);
        Expectation again = expect(4, PEER, LISTENER, PORT);

        assertThat(table.add(first, MAX)).isTrue();
        assertThat(table.add(again, MAX)).isTrue();
        assertThat(table.all()).containsExactly(again);
        table.removeAllOf(2);
        assertThat(table.find(Ipv4.PROTOCOL_TCP, PEER, OUTSIDE, PORT)).isSameAs(again);
        table.removeAllOf(4);
        assertThat(mappings.used(OUTSIDE.v4(), Ipv4.PROTOCOL_TCP)).isZero();
    }

    @Test
    void shouldNotLetAnotherListenerOrPeerTakeAnEndpointOver() {
        Expectation first = expect(2, PEER, LISTENER, PORT);

        assertThat(table.add(first, MAX)).isTrue();
        assertThat(table.add(expect(4, OTHER_PEER, LISTENER, PORT), MAX)).isFalse();
        assertThat(table.add(expect(4, PEER, OTHER_LISTENER, PORT), MAX)).isFalse();
        assertThat(table.all()).containsExactly(first);
    }
}
