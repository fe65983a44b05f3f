package org.sluice.slowpath.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.IpAddress;

class MappingTableTest {
    private static final IpAddress OUTSIDE = IpAddress.parse("198.51.100.1");
    private static final IpAddress ALICE = IpAddress.parse("10.77.0.2");
    private static final IpAddress BOB = IpAddress.parse("10.77.0.3");
    private static final int TCP = Ipv4.PROTOCOL_TCP;
    private static final int UDP = Ipv4.PROTOCOL_UDP;

    private final MappingTable mappings = new MappingTable(new Random(1), System::nanoTime);

    private record Inside(int protocol, IpAddress address, int port) {}

    private record Outside(int protocol, int port) {}

    /** Both ways: one outside port for each inside endpoint, one inside endpoint for each outside port. */
    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldBeOneToOneForAsLongAsItIsUsed(long seed) {
        Random random = new Random(seed);
        Map<Inside, Mapping> there = new HashMap<>();
        Map<Outside, Inside> back = new HashMap<>();
        Map<Inside, Integer> users = new HashMap<>();
        List<Inside> held = new ArrayList<>();
        for (int step = 0; step < 100_000; step++) {
            String description = "seed " + seed + ", step " + step;
            if (held.isEmpty() || held.size() < 2_000 && random.nextInt(5) < 3) {
                Inside inside = new Inside(random.nextBoolean() ? TCP : UDP, ALICE.plus(random.nextInt(8)),
                        1 + random.nextInt(200));
                Mapping mapping = mappings.use(inside.protocol, inside.address, inside.port, OUTSIDE);
                assertThat(mapping.id()).as(description).isPositive();
                assertThat(mapping.outsideAddress()).isEqualTo(OUTSIDE);
                assertThat(mapping.insideAddress()).isEqualTo(inside.address);
                assertThat(mapping.insidePort()).isEqualTo(inside.port);
                assertThat(there.getOrDefault(inside, mapping)).as(description).isSameAs(mapping);
                Outside outside = new Outside(inside.protocol, mapping.outsidePort());
                assertThat(back.getOrDefault(outside, inside)).as(description).isEqualTo(inside);
                there.put(inside, mapping);
                back.put(outside, inside);
                users.merge(inside, 1, Integer::sum);
                held.add(inside);
            } else {
                Inside inside = held.remove(random.nextInt(held.size()));
                Mapping mapping = there.get(inside);
                if (random.nextBoolean()) {
                    mappings.release(mapping);
                } else {
                    mappings.release(mapping.id());
                }
                if (users.merge(inside, -1, Integer::sum) == 0) {
                    there.remove(inside);
                    back.remove(new Outside(inside.protocol, mapping.outsidePort()));
                }
            }
            assertThat(mappings.used(OUTSIDE, TCP) + mappings.used(OUTSIDE, UDP)).as(description)
                    .isEqualTo(there.size());
        }
    }

    @Test
    void shouldKeepThePortWhereItIsFreeAndTheClassWhereItIsNot() {
        assertThat(mappings.use(UDP, ALICE, 5000, OUTSIDE).outsidePort()).isEqualTo(5000);
        assertThat(mappings.use(UDP, BOB, 5000, OUTSIDE).outsidePort()).isNotEqualTo(5000).isGreaterThan(1023);
        assertThat(mappings.use(TCP, BOB, 5000, OUTSIDE).outsidePort()).as("each protocol has its own").isEqualTo(5000);
        assertThat(mappings.use(UDP, ALICE, 123, OUTSIDE).outsidePort()).isEqualTo(123);
        assertThat(mappings.use(UDP, BOB, 123, OUTSIDE).outsidePort()).isNotEqualTo(123).isBetween(1, 1023);
    }

    @Test
    void shouldSayWhenNoPortIsFreeAndGoOnWhenOneIs() {
        for (int port = 1024; port < 65_536; port++) {
            assertThat(mappings.use(UDP, ALICE, port, OUTSIDE)).isNotNull();
        }
        assertThat(mappings.use(UDP, BOB, 2000, OUTSIDE)).isNull();
        Mapping known = mappings.use(UDP, ALICE, 2000, OUTSIDE);
        assertThat(known).as("who has one keeps it").isNotNull();
        assertThat(mappings.use(UDP, BOB, 2000, OUTSIDE.plus(1))).as("another address").isNotNull();
        mappings.release(known);
        assertThat(mappings.use(UDP, BOB, 2000, OUTSIDE)).as("one user is left").isNull();
        mappings.release(known);
        assertThat(mappings.use(UDP, BOB, 7777, OUTSIDE).outsidePort()).isEqualTo(2000);
    }

    @Test
    void shouldNeverGiveOutWhatAPortForwardUses() {
        mappings.forward(OUTSIDE, TCP, 8080, BOB, 80);
        assertThat(mappings.use(TCP, ALICE, 8080, OUTSIDE).outsidePort()).isNotEqualTo(8080);
        assertThat(mappings.use(UDP, ALICE, 8080, OUTSIDE).outsidePort()).isEqualTo(8080);
    }

    @Test
    void shouldKnowAnEndpointByItsPortForward() {
        mappings.forward(OUTSIDE, TCP, 8080, BOB, 80);
        for (int round = 0; round < 2; round++) {
            Mapping mapping = mappings.use(TCP, BOB, 80, OUTSIDE);
            assertThat(mapping.outsidePort()).isEqualTo(8080);
            mappings.release(mapping);
        }
        assertThat(mappings.use(TCP, ALICE, 8080, OUTSIDE).outsidePort()).isNotEqualTo(8080);
        assertThat(mappings.use(TCP, BOB, 81, OUTSIDE).outsidePort()).isEqualTo(81);
    }

    @Test
    void shouldKnowAPairOfPortsByItsPortForwards() {
        mappings.forward(OUTSIDE, UDP, 20_000, BOB, 6000);
        mappings.forward(OUTSIDE, UDP, 20_001, BOB, 6001);
        MappingTable.Pair pair = mappings.usePair(UDP, BOB, 6000, OUTSIDE);
        assertThat(pair.even().outsidePort()).isEqualTo(20_000);
        assertThat(pair.odd().outsidePort()).isEqualTo(20_001);
        assertThat(mappings.usePair(UDP, BOB, 6000, OUTSIDE)).isEqualTo(pair);
    }

    @Test
    void shouldLeaveAPortToWhoHasItWhenItsForwardGoes() {
        mappings.forward(OUTSIDE, TCP, 8080, BOB, 80);
        Mapping mapping = mappings.use(TCP, BOB, 80, OUTSIDE);
        mappings.clearForwards();
        assertThat(mappings.use(TCP, ALICE, 8080, OUTSIDE).outsidePort()).isNotEqualTo(8080);
        mappings.release(mapping);
        assertThat(mappings.use(UDP, ALICE, 8080, OUTSIDE).outsidePort()).isEqualTo(8080);
        assertThat(mappings.used(OUTSIDE, TCP)).isEqualTo(1);
    }

    @Test
    void shouldKeepAPortForItsForwardWhenWhoHadItHasGone() {
        Mapping early = mappings.use(TCP, ALICE, 8080, OUTSIDE);
        mappings.forward(OUTSIDE, TCP, 8080, BOB, 80);
        assertThat(mappings.use(TCP, BOB, 80, OUTSIDE).outsidePort()).as("while another has it").isNotEqualTo(8080);
        mappings.release(early);
        assertThat(mappings.use(TCP, ALICE, 8080, OUTSIDE).outsidePort()).isNotEqualTo(8080);
    }

    @Test
    void shouldTakeNoNoticeOfNobodysMapping() {
        mappings.release(0);
        Mapping mapping = mappings.use(TCP, ALICE, 1, OUTSIDE);
        mappings.release(mapping.id());
        mappings.release(mapping.id());
        assertThat(mappings.used(OUTSIDE, TCP)).isZero();
        assertThat(mappings.usage()).containsExactly(new MappingTable.Usage(OUTSIDE, TCP, 0, 65_535));
    }

    @Test
    void shouldKeepNeighboursTogetherOutside() {
        MappingTable.Pair first = mappings.usePair(UDP, ALICE, 6000, OUTSIDE);
        MappingTable.Pair second = mappings.usePair(UDP, BOB, 6000, OUTSIDE);

        assertThat(first.even().outsidePort()).isEqualTo(6000);
        assertThat(first.odd().outsidePort()).isEqualTo(6001);
        assertThat(second.even().outsidePort()).isEven().isNotEqualTo(6000).isGreaterThanOrEqualTo(1024);
        assertThat(second.odd().outsidePort()).isEqualTo(second.even().outsidePort() + 1);
        assertThat(mappings.usePair(UDP, BOB, 6000, OUTSIDE)).isEqualTo(second);
    }

    @Test
    void shouldJoinAPortThatIsMappedAlreadyWhenItsNeighbourIsFree() {
        mappings.use(UDP, ALICE, 6001, OUTSIDE);
        assertThat(mappings.usePair(UDP, ALICE, 6000, OUTSIDE).even().outsidePort()).isEqualTo(6000);

        mappings.use(UDP, ALICE, 7000, OUTSIDE);
        mappings.use(UDP, BOB, 7001, OUTSIDE);
        int before = mappings.used(OUTSIDE, UDP);
        assertThat(mappings.usePair(UDP, ALICE, 7000, OUTSIDE)).isNull();
        assertThat(mappings.used(OUTSIDE, UDP)).as("nothing taken").isEqualTo(before);
    }

    @Test
    void shouldFindTheLastPairAndThenNone() {
        List<MappingTable.Pair> taken = new ArrayList<>();
        for (int port = 1024; port < 1 << 16; port += 2) {
            taken.add(mappings.usePair(UDP, ALICE, port, OUTSIDE));
        }
        assertThat(taken).doesNotContainNull();
        assertThat(mappings.usePair(UDP, BOB, 6000, OUTSIDE)).isNull();

        MappingTable.Pair gone = taken.get(12_345);
        mappings.release(gone.even());
        assertThat(mappings.usePair(UDP, BOB, 6000, OUTSIDE)).as("half of it is in use").isNull();
        mappings.release(gone.odd());
        assertThat(mappings.usePair(UDP, BOB, 6000, OUTSIDE).even().outsidePort())
                .isEqualTo(gone.even().outsidePort());
    }
}
