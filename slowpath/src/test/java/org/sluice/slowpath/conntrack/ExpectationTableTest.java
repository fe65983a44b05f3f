package org.sluice.slowpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.conntrack.ExpectationTable.Answer;
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

    private final MappingTable mappings = new MappingTable(new Random(1), System::nanoTime);
    private final ExpectationTable table = new ExpectationTable(mappings);

    private Expectation expect(int parent, IpAddress peer, IpAddress listener, int seenPort) {
        Mapping mapping = mappings.use(Ipv4.PROTOCOL_TCP, listener, PORT, OUTSIDE);
        return new Expectation("talk", parent, Ipv4.PROTOCOL_TCP, peer, OUTSIDE, seenPort, listener, PORT, mapping, 0);
    }

    @Test
    void shouldLetAListenerRepeatItselfOnAnotherControlConnection() {
        Expectation first = expect(2, PEER, LISTENER, PORT);
        Expectation again = expect(4, PEER, LISTENER, PORT);

        assertThat(table.add(first, MAX)).isEqualTo(Answer.ADDED);
        assertThat(table.add(again, MAX)).isEqualTo(Answer.ADDED);
        assertThat(table.all()).containsExactly(again);
        table.removeAllOf(2);
        assertThat(table.find(Ipv4.PROTOCOL_TCP, PEER, OUTSIDE, PORT)).isSameAs(again);
        table.removeAllOf(4);
        assertThat(mappings.used(OUTSIDE, Ipv4.PROTOCOL_TCP)).isZero();
    }

    @Test
    void shouldNotLetAnotherListenerOrPeerTakeAnEndpointOver() {
        Expectation first = expect(2, PEER, LISTENER, PORT);

        assertThat(table.add(first, MAX)).isEqualTo(Answer.ADDED);
        assertThat(table.add(expect(4, OTHER_PEER, LISTENER, PORT), MAX)).isEqualTo(Answer.TAKEN);
        assertThat(table.add(expect(4, PEER, OTHER_LISTENER, PORT), MAX)).isEqualTo(Answer.TAKEN);
        assertThat(table.all()).containsExactly(first);
    }

    @Test
    void shouldTellPeersApartAtAWellKnownPort() {
        Expectation first = daemon(2, PEER, LISTENER);
        Expectation second = daemon(4, OTHER_PEER, OTHER_LISTENER);

        assertThat(table.add(first, MAX)).isEqualTo(Answer.ADDED);
        assertThat(table.add(second, MAX)).isEqualTo(Answer.ADDED);
        assertThat(table.add(daemon(6, PEER, OTHER_LISTENER), MAX)).isEqualTo(Answer.TAKEN);

        assertThat(table.find(Ipv4.PROTOCOL_UDP, PEER, OUTSIDE, 518)).isSameAs(first);
        assertThat(table.find(Ipv4.PROTOCOL_UDP, OTHER_PEER, OUTSIDE, 518)).isSameAs(second);
        assertThat(table.find(Ipv4.PROTOCOL_UDP, LISTENER, OUTSIDE, 518)).isNull();
        table.removeAllOf(2);
        assertThat(table.all()).containsExactly(second);
    }

    private static Expectation daemon(int parent, IpAddress peer, IpAddress listener) {
        return new Expectation("talk", parent, Ipv4.PROTOCOL_UDP, peer, OUTSIDE, 518, listener, 518, null, 0);
    }

    /** One host with many control connections, beside one that has hardly any. */
    @Test
    void shouldLetNoHostTakeMoreThanItsShare() {
        int parent = fill(LISTENER, 0, ExpectationTable.LIMIT_OF_HOST);

        assertThat(table.add(untranslated(parent, LISTENER, 60_000), MAX)).isEqualTo(Answer.HOST_FULL);
        assertThat(table.add(untranslated(parent, OTHER_LISTENER, 60_000), MAX)).isEqualTo(Answer.ADDED);
        table.removeAllOf(2);
        assertThat(table.add(untranslated(parent, LISTENER, 60_001), MAX)).as("once one of its own is gone")
                .isEqualTo(Answer.ADDED);
    }

    @Test
    void shouldLetAHostThatHasItsShareReplaceWhatItAnnounced() {
        fill(LISTENER, 0, ExpectationTable.LIMIT_OF_HOST);

        assertThat(table.add(untranslated(2, LISTENER, 60_000), 1)).isEqualTo(Answer.ADDED);
        assertThat(table.size()).isEqualTo(ExpectationTable.LIMIT_OF_HOST);
    }

    @Test
    void shouldTakeNoMoreThanItsLimit() {
        int parent = 2;
        for (int host = 0; table.size() < ExpectationTable.LIMIT; host++) {
            parent = fill(IpAddress.v4(0x0A4D0100 + host), parent, ExpectationTable.LIMIT_OF_HOST);
        }

        assertThat(table.add(untranslated(parent, IpAddress.v4(1), PORT), MAX)).isEqualTo(Answer.FULL);
        table.expire(1);
        assertThat(table.size()).isZero();
        assertThat(table.add(untranslated(parent, LISTENER, PORT), MAX)).isEqualTo(Answer.ADDED);
    }

    /** Each from a parent of its own. @return a parent that has none yet */
    private int fill(IpAddress listener, int lastParent, int count) {
        int parent = lastParent;
        for (int i = 0; i < count; i++) {
            parent += 2;
            assertThat(table.add(untranslated(parent, listener, 1024 + i), MAX)).isEqualTo(Answer.ADDED);
        }
        return parent + 2;
    }

    private Expectation lasting(int parent, IpAddress peer, String group, long deadline) {
        Mapping mapping = mappings.use(Ipv4.PROTOCOL_TCP, LISTENER, PORT, OUTSIDE);
        return new Expectation("sip", parent, Ipv4.PROTOCOL_TCP, peer, OUTSIDE, PORT, LISTENER, PORT, mapping, deadline,
                new Expectation.Lasting(group, 100, false), null);
    }

    @Test
    void shouldKeepOneThatLastsUntilItsLimitIsOverWithoutASign() {
        table.add(lasting(2, PEER, "call", 100), MAX);
        table.fulfil(table.find(Ipv4.PROTOCOL_TCP, PEER, OUTSIDE, PORT), 50);

        assertThat(table.keptUntil(2, 0)).isEqualTo(150);
        table.expire(149);
        assertThat(table.find(Ipv4.PROTOCOL_TCP, PEER, OUTSIDE, PORT)).isNotNull();
        table.expire(150);
        assertThat(table.find(Ipv4.PROTOCOL_TCP, PEER, OUTSIDE, PORT)).isNull();
        assertThat(table.keptUntil(2, 7)).isEqualTo(7);
        assertThat(mappings.used(OUTSIDE, Ipv4.PROTOCOL_TCP)).as("the flow's use").isOne();
    }

    @Test
    void shouldTellTheOutcomeOfOneThatLastsOnce() {
        List<ExpectationOutcome> outcomes = new ArrayList<>();
        table.observe((e, outcome) -> outcomes.add(outcome));
        table.add(lasting(2, PEER, "call", 100), MAX);
        for (int i = 0; i < 3; i++) {
            table.fulfil(table.find(Ipv4.PROTOCOL_TCP, PEER, OUTSIDE, PORT), i);
            assertThat(table.add(lasting(2, PEER, "call", 100), MAX)).isEqualTo(Answer.RENEWED);
        }
        table.removeGroup(2, "call");

        assertThat(outcomes).containsExactly(ExpectationOutcome.FULFILLED);
        assertThat(table.size()).isZero();
    }

    /** The end of a call was not seen, and the phone uses the port for the next one. */
    @Test
    void shouldLetAListenerUseItsPortForAnotherCall() {
        table.add(lasting(2, PEER, "call", 100), MAX);

        assertThat(table.add(lasting(4, OTHER_PEER, "next", 100), MAX)).isEqualTo(Answer.ADDED);
        table.removeGroup(2, "call");
        assertThat(table.find(Ipv4.PROTOCOL_TCP, OTHER_PEER, OUTSIDE, PORT)).isNotNull();
        table.removeGroup(4, "next");
        assertThat(mappings.used(OUTSIDE, Ipv4.PROTOCOL_TCP)).isZero();
    }

    private static Expectation untranslated(int parent, IpAddress listener, int port) {
        return new Expectation("ftp", parent, Ipv4.PROTOCOL_TCP, PEER, listener, port, listener, port, null, 1);
    }
}
