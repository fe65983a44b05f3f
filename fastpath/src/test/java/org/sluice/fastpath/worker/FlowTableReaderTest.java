package org.sluice.fastpath.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowLayout;
import org.sluice.fastpath.flow.FlowTable;

/** A worker looks flows up while the conductor makes and ends them, with the rest that the duty cycle tells of between. */
class FlowTableReaderTest {
    private static final int CAPACITY = 256;
    private static final int KEYS = 512;
    /** The first keys are flows all the time. */
    private static final int STAYING = 64;
    private static final int CHANGES = 1_000_000;
    private static final long REST_NS = 200_000;

    private final DutyCycle dutyCycle = new DutyCycle();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicReference<String> wrong = new AtomicReference<>();
    private FlowTable table;
    private long lookups;
    private long hits;

    private record Resting(int flow, long noted, long until) {}

    /** Every other key is of IPv6, so that records and lines go from one family to the other. */
    private static boolean isIpv6(int key) {
        return (key & 1) != 0;
    }

    private int find(int key, int direction) {
        long addresses = addresses(key, direction);
        return isIpv6(key)
                ? table.find(addresses, 1, 2, ~addresses, ports(key, direction))
                : table.find(addresses, ports(key, direction));
    }

    private static long addresses(int key, int direction) {
        return FlowKey.addresses(key, direction + 1);
    }

    private static long ports(int key, int direction) {
        return FlowKey.ports(6, key, direction) | (isIpv6(key) ? FlowKey.IPV6 : 0);
    }

    /** What a record of that key says; every word differs from key to key. */
    private static long content(int key, int word) {
        return (key + 1) * 0x9E3779B97F4A7C15L + word;
    }

    private boolean insert(int key) {
        int flow = table.allocate();
        if (flow == FlowTable.NONE) {
            return false;
        }
        UnsafeBuffer b = table.buffer(flow);
        if (isIpv6(key)) {
            table.takeAddresses(flow);
        }
        for (int direction = 0; direction < 2; direction++) {
            long addresses = addresses(key, direction);
            b.putLong(table.key(flow | direction) + FlowLayout.PORTS, ports(key, direction));
            if (isIpv6(key)) {
                UnsafeBuffer line = table.addressBuffer(flow);
                int at = table.addresses(flow | direction);
                line.putLong(at + FlowLayout.SOURCE_HIGH, addresses);
                line.putLong(at + FlowLayout.SOURCE_LOW, 1);
                line.putLong(at + FlowLayout.DESTINATION_HIGH, 2);
                line.putLong(at + FlowLayout.DESTINATION_LOW, ~addresses);
            } else {
                b.putLong(table.key(flow | direction) + FlowLayout.ADDRESSES, addresses);
            }
        }
        for (int at = FlowLayout.ADDRESS_DELTA; at < FlowLayout.MAPPING; at += Long.BYTES) {
            b.putLong(table.offset(flow) + at, content(key, at));
        }
        assertThat(table.publish(flow)).isTrue();
        return true;
    }

    private void read(Random random) {
        while (!isOver.get()) {
            dutyCycle.begin();
            for (int i = 0; i < 64; i++) {
                int key = random.nextInt(KEYS);
                int direction = random.nextInt(2);
                int flow = find(key, direction);
                lookups++;
                if (flow != FlowTable.NONE) {
                    hits++;
                    check(flow, key, direction);
                } else if (key < STAYING) {
                    wrong.compareAndSet(null, "missed key " + key + ", which was never removed");
                }
            }
            dutyCycle.end();
        }
    }

    private void check(int flow, int key, int direction) {
        UnsafeBuffer b = table.buffer(flow);
        long addresses = addresses(key, direction);
        boolean same = (flow & 1) == direction && (isIpv6(key)
                ? table.is(flow, addresses, 1, 2, ~addresses, ports(key, direction))
                : table.is(flow, addresses, ports(key, direction)));
        for (int at = FlowLayout.ADDRESS_DELTA; at < FlowLayout.MAPPING; at += Long.BYTES) {
            same &= b.getLong(table.offset(flow) + at) == content(key, at);
        }
        if (!same) {
            wrong.compareAndSet(null, "record " + flow + " is not the one of key " + key);
        }
    }

    private void write(Random random) {
        Deque<Resting> resting = new ArrayDeque<>();
        boolean[] present = new boolean[KEYS];
        for (int change = 0; change < CHANGES && wrong.get() == null; change++) {
            int key = STAYING + random.nextInt(KEYS - STAYING);
            if (present[key]) {
                int flow = find(key, 0);
                table.unpublish(flow);
                resting.addLast(new Resting(flow, dutyCycle.note(), System.nanoTime() + REST_NS));
                present[key] = false;
            } else {
                present[key] = insert(key);
            }
            while (!resting.isEmpty() && dutyCycle.hasPassed(resting.getFirst().noted)
                    && System.nanoTime() - resting.getFirst().until >= 0) {
                table.reclaim(resting.removeFirst().flow);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.sluice.fastpath.Seeds#some")
    void shouldNeverShowAReaderAWrongRecordNorHideOneThatStays(long seed) throws InterruptedException {
        Random random = new Random(seed);
        table = new FlowTable(CAPACITY, random);
        for (int key = 0; key < STAYING; key++) {
            insert(key);
        }
        Thread reader = Thread.ofPlatform().start(() -> read(new Random(~seed)));
        try {
            write(random);
        } finally {
            isOver.set(true);
            reader.join();
        }
        assertThat(wrong.get()).as("seed %d, after %d lookups", seed, lookups).isNull();
        assertThat(hits).isPositive();
    }
}
