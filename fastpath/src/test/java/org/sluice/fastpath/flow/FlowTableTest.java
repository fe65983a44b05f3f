package org.sluice.fastpath.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table against a map. */
class FlowTableTest {
    private static final int CAPACITY = 1_000;

    private record Key(long addresses, long ports) {
        Key reply() {
            return new Key(Long.rotateRight(addresses, 32), ports ^ 0xFFFF_FFFFL << 32);
        }
    }

    private final Map<Key, Integer> model = new HashMap<>();
    private final List<Key> originals = new ArrayList<>();
    private FlowTable table;

    /** From so few that a run meets the same keys again and again. */
    private static Key key(Random random) {
        int host = 0x0A4D0000 | random.nextInt(1 << 6);
        return new Key(FlowKey.addresses(host, 0xC6336402), FlowKey.ports(6, random.nextInt(1 << 6), 80));
    }

    private int fill(Key key) {
        int flow = table.allocate();
        if (flow != FlowTable.NONE) {
            for (int direction = 0; direction < 2; direction++) {
                Key k = direction == 0 ? key : key.reply();
                int at = table.key(flow | direction);
                table.buffer(flow).putLong(at + FlowLayout.ADDRESSES, k.addresses);
                table.buffer(flow).putLong(at + FlowLayout.PORTS, k.ports);
            }
        }
        return flow;
    }

    private int insert(Key key) {
        int flow = fill(key);
        if (flow != FlowTable.NONE) {
            assertThat(table.publish(flow)).isTrue();
            model.put(key, flow);
            model.put(key.reply(), flow | 1);
            originals.add(key);
        }
        return flow;
    }

    private void remove(int position) {
        Key key = originals.get(position);
        originals.set(position, originals.getLast());
        originals.removeLast();
        int flow = model.remove(key);
        model.remove(key.reply());
        table.unpublish(flow);
        table.reclaim(flow);
    }

    private void assertFinds(Key key, String description) {
        assertThat(table.find(key.addresses, key.ports)).as(description)
                .isEqualTo(model.getOrDefault(key, FlowTable.NONE));
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldFindWhatAMapFinds(long seed) {
        Random random = new Random(seed);
        table = new FlowTable(CAPACITY, random);
        for (int step = 0; step < 100_000; step++) {
            String description = "seed " + seed + ", step " + step;
            Key key = key(random);
            // grows to the brim, and empties again, three times
            boolean growing = step / 16_667 % 2 == 0;
            if (random.nextInt(4) < (growing ? 3 : 1)) {
                if (!model.containsKey(key)) {
                    boolean full = originals.size() == CAPACITY;
                    assertThat(insert(key) == FlowTable.NONE).as(description).isEqualTo(full);
                }
            } else if (!originals.isEmpty()) {
                Key gone = originals.get(random.nextInt(originals.size()));
                remove(originals.indexOf(gone));
                assertFinds(gone, description);
                assertFinds(gone.reply(), description);
            }
            Key any = key(random);
            assertFinds(any, description);
            assertFinds(any.reply(), description);
            assertThat(table.size()).as(description).isEqualTo(originals.size());
        }
        model.keySet().forEach(key -> assertFinds(key, "seed " + seed + ", at the end"));
    }

    @Test
    void shouldHoldAsManyAsItSaysAndRefuseTheNext() {
        Random random = new Random(7);
        table = new FlowTable(CAPACITY, random);
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < CAPACITY; i++) {
            int flow = insert(new Key(FlowKey.addresses(i, 1), FlowKey.ports(17, 1, 2)));
            assertThat(flow).isGreaterThanOrEqualTo(2);
            assertThat(flow & 1).isZero();
            assertThat(ids.add(flow)).isTrue();
        }
        assertThat(table.allocate()).isEqualTo(FlowTable.NONE);
        assertThat(table.size()).isEqualTo(table.capacity()).isEqualTo(CAPACITY);
        remove(CAPACITY / 2);
        assertThat(table.allocate()).isNotEqualTo(FlowTable.NONE);
        assertThat(table.allocate()).isEqualTo(FlowTable.NONE);
    }

    @Test
    void shouldGiveOutAnEmptyRecordEachTime() {
        table = new FlowTable(1, new Random(7));
        int flow = table.allocate();
        table.buffer(flow).setMemory(table.offset(flow), FlowLayout.MORE, (byte) 0x54);
        table.buffer(flow).setMemory(table.seen(flow), 2 * FlowLayout.SEEN_LENGTH, (byte) 0x55);
        table.reclaim(flow);
        assertThat(table.allocate()).isEqualTo(flow);
        for (int i = 0; i < FlowLayout.LENGTH; i++) {
            assertThat(table.buffer(flow).getByte(table.offset(flow) + i)).isZero();
        }
    }

    /** A model of who has which line; what was written in one must stay until it is given back, and be gone then. */
    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldGiveEachFlowLinesOfItsOwn(long seed) {
        Random random = new Random(seed);
        table = new FlowTable(CAPACITY, random);
        Map<Integer, Long> written = new HashMap<>();
        for (int i = 0; i < 20 * CAPACITY; i++) {
            int flow = table.allocate();
            if (flow != FlowTable.NONE) {
                assertThat(table.hasMore(flow)).as("seed %d", seed).isFalse();
                long value = random.nextLong();
                if (random.nextBoolean()) {
                    fill6(flow, value, value, value, value, FlowKey.ports(17, 1, 2) | FlowKey.IPV6);
                }
                if (random.nextBoolean()) {
                    table.takeMore(flow);
                    table.takeMore(flow);
                    for (int at = 0; at < LineStore.LENGTH; at += Long.BYTES) {
                        assertThat(table.moreBuffer(flow).getLong(table.more(flow) + at)).as("seed %d", seed).isZero();
                        table.moreBuffer(flow).putLong(table.more(flow) + at, value);
                    }
                }
                written.put(flow, value);
            }
            if (flow == FlowTable.NONE || random.nextBoolean()) {
                int gone = List.copyOf(written.keySet()).get(random.nextInt(written.size()));
                assertUntouched(gone, written.remove(gone), "seed " + seed);
                table.reclaim(gone);
            }
        }
        written.forEach((flow, value) -> assertUntouched(flow, value, "seed " + seed));
    }

    private void assertUntouched(int flow, long value, String seed) {
        for (int at = 0; at < LineStore.LENGTH && table.hasMore(flow); at += Long.BYTES) {
            assertThat(table.moreBuffer(flow | 1).getLong(table.more(flow | 1) + at)).as(seed).isEqualTo(value);
        }
        if (FlowKey.isIpv6(table.buffer(flow).getLong(table.key(flow) + FlowLayout.PORTS))) {
            assertThat(table.addressBuffer(flow).getLong(table.addresses(flow) + FlowLayout.DESTINATION_LOW)).as(seed)
                    .isEqualTo(value);
        }
    }

    @Test
    void shouldReadZerosWhereAFlowHasNoLine() {
        table = new FlowTable(1, new Random(7));
        int flow = table.allocate();
        for (int at = 0; at < LineStore.LENGTH; at += Long.BYTES) {
            assertThat(table.moreBuffer(flow).getLong(table.more(flow) + at)).isZero();
        }
    }

    @Test
    void shouldNotShowAFlowBeforeItIsPublishedNorAfterwards() {
        table = new FlowTable(10, new Random(7));
        Key key = new Key(FlowKey.addresses(1, 2), FlowKey.ports(6, 3, 4));
        int flow = fill(key);
        assertFinds(key, "not yet");
        table.publish(flow);
        assertThat(table.find(key.addresses, key.ports)).isEqualTo(flow);
        assertThat(table.find(key.reply().addresses, key.reply().ports)).isEqualTo(flow | 1);
        table.unpublish(flow | 1);
        assertFinds(key, "no more");
        assertFinds(key.reply(), "no more");
    }

    /** A full table whose index is as full as it can be, with every flow replaced many times over. */
    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldStillHavePlaceAfterManyFlowsHaveComeAndGone(long seed) {
        Random random = new Random(seed);
        int capacity = 1 << 14;
        table = new FlowTable(capacity, random);
        int next = 0;
        while (originals.size() < capacity) {
            insert(new Key(FlowKey.addresses(next++, 1), FlowKey.ports(17, 1, 2)));
        }
        for (int i = 0; i < 20 * capacity; i++) {
            remove(random.nextInt(capacity));
            insert(new Key(FlowKey.addresses(next++, 1), FlowKey.ports(17, 1, 2)));
        }
        model.keySet().forEach(key -> assertFinds(key, "seed " + seed));
    }

    @Test
    void shouldNotTakeNothingForAFlow() {
        table = new FlowTable(10, new Random(7));
        assertThat(table.find(0, 0)).isEqualTo(FlowTable.NONE);
    }

    /** Addresses differ in one bit of any half; some keys equal those of IPv4 flows but for the family. */
    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldFindFlowsOfBothFamilies(long seed) {
        Random random = new Random(seed);
        table = new FlowTable(CAPACITY, random);
        Map<List<Long>, Integer> flows = new HashMap<>();
        for (int i = 0; i < CAPACITY; i++) {
            List<Long> key = List.of(bit(random), bit(random), bit(random), bit(random),
                    FlowKey.ports(17, random.nextInt(4), 53) | FlowKey.IPV6);
            if (flows.containsKey(key)) {
                continue;
            }
            int flow = table.allocate();
            fill6(flow, key.get(0), key.get(1), key.get(2), key.get(3), key.get(4));
            assertThat(table.publish(flow)).isTrue();
            flows.put(key, flow);
            if (random.nextInt(3) == 0) {
                table.unpublish(flow);
                flows.remove(key);
            }
        }
        flows.forEach((k, flow) -> {
            assertThat(table.find(k.get(0), k.get(1), k.get(2), k.get(3), k.get(4))).as("seed %d", seed)
                    .isEqualTo(flow);
            assertThat(table.find(k.get(2), k.get(3), k.get(0), k.get(1), k.get(4) ^ 1L << 40)).isEqualTo(flow | 1);
            assertThat(table.find(k.get(0), k.get(4))).as("seed %d: of the other family", seed)
                    .isEqualTo(FlowTable.NONE);
            assertThat(table.find(k.get(0) ^ 2, k.get(1), k.get(2), k.get(3), k.get(4))).isEqualTo(
                    flows.getOrDefault(List.of(k.get(0) ^ 2, k.get(1), k.get(2), k.get(3), k.get(4)), FlowTable.NONE));
        });
    }

    private static long bit(Random random) {
        return 1L << random.nextInt(64);
    }

    /** Answers differ in the ports, so that no flow is its own answer. */
    private void fill6(int flow, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
            long ports) {
        table.takeAddresses(flow);
        fillDirection6(flow, sourceHigh, sourceLow, destinationHigh, destinationLow, ports);
        fillDirection6(flow | 1, destinationHigh, destinationLow, sourceHigh, sourceLow, ports ^ 1L << 40);
    }

    private void fillDirection6(int flow, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
            long ports) {
        UnsafeBuffer line = table.addressBuffer(flow);
        int at = table.addresses(flow);
        line.putLong(at + FlowLayout.SOURCE_HIGH, sourceHigh);
        line.putLong(at + FlowLayout.SOURCE_LOW, sourceLow);
        line.putLong(at + FlowLayout.DESTINATION_HIGH, destinationHigh);
        line.putLong(at + FlowLayout.DESTINATION_LOW, destinationLow);
        table.buffer(flow).putLong(table.key(flow) + FlowLayout.PORTS, ports);
    }
}
