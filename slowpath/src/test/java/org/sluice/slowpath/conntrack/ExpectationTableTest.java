package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.nat.MappingTable;

class ExpectationTableTest {
    private static final int LISTENER = 0x0A4D0002;
    private static final int OTHER_LISTENER = 0x0A4D0003;
    private static final int OUTSIDE = 0xC6336401;
    private static final int PEER = 0xC6336402;
    private static final int OTHER_PEER = 0xC6336403;
    private static final int PORT = 5000;
    private static final int MAX = 2;

    private final MappingTable mappings = new MappingTable(new Random(1));
    private final ExpectationTable table = new ExpectationTable(mappings);

    private Expectation expect(int parent, int peer, int listener, int seenPort) {
        Mapping mapping = mappings.use(Ipv4.PROTOCOL_TCP, listener, PORT, OUTSIDE);
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
        assertThat(mappings.used(OUTSIDE, Ipv4.PROTOCOL_TCP)).isZero();
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
