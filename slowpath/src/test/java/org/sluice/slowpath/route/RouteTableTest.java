package org.sluice.slowpath.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTableTest {
    private final RouteTable table = new RouteTable();

    private static Route route(String to, int length, String via) {
        return new Route(new Prefix(IpAddress.parse(to), length), via == null ? null : IpAddress.parse(via), 0);
    }

    /** Prefixes of both families inside one another, and addresses near them. */
    private static IpAddress address(Random random) {
        int[] bases = {0x0A000000, 0x0A800000, 0xC0000200, 0xFFFFFF00, 0, 0x80000000};
        int v4 = bases[random.nextInt(bases.length)] ^ random.nextInt() >>> random.nextInt(32);
        if (random.nextBoolean()) {
            return IpAddress.v4(v4);
        }
        long low = random.nextLong() >>> random.nextInt(64);
        return new IpAddress(0x2001_0DB8L << 32 ^ (random.nextBoolean() ? 0 : v4), low);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldFindTheLongestPrefixThatContainsTheDestination(long seed) {
        Random random = new Random(seed);
        Map<Prefix, Route> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            IpAddress base = address(random);
            Prefix to = new Prefix(base, random.nextInt(base.isV4() ? 33 : 129));
            if (random.nextInt(3) == 0 && !model.isEmpty()) {
                Prefix gone = random.nextBoolean() ? to : model.keySet().iterator().next();
                table.remove(gone);
                model.remove(gone);
            } else if (model.size() < 200) {
                Route route = new Route(to, address(random), random.nextInt(4));
                table.add(route);
                model.put(to, route);
            }
            IpAddress destination = address(random);
            assertThat(table.find(destination)).as("seed %d, step %d: %s", seed, step, destination)
                    .isEqualTo(model.values().stream().filter(r -> contains(r.to(), destination))
                            .max(Comparator.comparingInt(r -> r.to().length())).orElse(null));
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values())
                .isSortedAccordingTo(Comparator.comparingInt((Route r) -> r.to().isV4() ? 0 : 1)
                        .thenComparingInt(r -> -r.to().length()));
    }

    /** By the meaning of the words: the first bits agree. */
    private static boolean contains(Prefix prefix, IpAddress address) {
        byte[] ours = prefix.address().toInetAddress().getAddress();
        byte[] theirs = address.toInetAddress().getAddress();
        for (int bit = 0; bit < prefix.length() && ours.length == theirs.length; bit++) {
            if (((ours[bit / 8] ^ theirs[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return ours.length == theirs.length;
    }

    @Test
    void shouldFindNothingInAnEmptyTable() {
        assertThat(table.find(IpAddress.parse("10.0.0.1"))).isNull();
    }

    @Test
    void shouldPutARouteInThePlaceOfOneToTheSamePrefix() {
        table.add(route("10.1.2.3", 8, "192.0.2.1"));
        table.add(route("10.9.9.9", 8, "192.0.2.2"));
        assertThat(table.all()).containsExactly(route("10.0.0.0", 8, "192.0.2.2"));
    }

    @Test
    void shouldAskForTheNextHopOrForTheDestinationItself() {
        IpAddress host = IpAddress.parse("10.7.7.7");
        assertThat(route("10.0.0.0", 8, "192.0.2.1").nextHop(host)).isEqualTo(IpAddress.parse("192.0.2.1"));
        assertThat(route("10.0.0.0", 8, null).nextHop(host)).isEqualTo(host);
    }
}
