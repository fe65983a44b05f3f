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
        return new Route(new Ipv4Prefix(Ipv4Address.parse(to), length), Ipv4Address.parse(via), 0);
    }

    /** Prefixes inside one another, and addresses near them. */
    private static int address(Random random) {
        int[] bases = {0x0A000000, 0x0A800000, 0xC0000200, 0xFFFFFF00, 0, 0x80000000};
        return bases[random.nextInt(bases.length)] ^ random.nextInt() >>> random.nextInt(32);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldFindTheLongestPrefixThatContainsTheDestination(long seed) {
        Random random = new Random(seed);
        Map<Ipv4Prefix, Route> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            Ipv4Prefix to = new Ipv4Prefix(address(random), random.nextInt(33));
            if (random.nextInt(3) == 0 && !model.isEmpty()) {
                Ipv4Prefix gone = random.nextBoolean() ? to : model.keySet().iterator().next();
                table.remove(gone);
                model.remove(gone);
            } else if (model.size() < 200) {
                Route route = new Route(to, random.nextInt(), random.nextInt(4));
                table.add(route);
                model.put(to, route);
            }
            int destination = address(random);
            assertThat(table.find(destination)).as("seed %d, step %d: %s", seed, step, Ipv4Address.format(destination))
                    .isEqualTo(model.values().stream().filter(r -> contains(r.to(), destination))
                            .max(Comparator.comparingInt(r -> r.to().length())).orElse(null));
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values())
                .isSortedAccordingTo(Comparator.comparingInt((Route r) -> r.to().length()).reversed());
    }

    /** By the meaning of the words: the first bits agree. */
    private static boolean contains(Ipv4Prefix prefix, int address) {
        for (int bit = 0; bit < prefix.length(); bit++) {
            if ((prefix.address() >>> 31 - bit & 1) != (address >>> 31 - bit & 1)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldFindNothingInAnEmptyTable() {
        assertThat(table.find(0x0A000001)).isNull();
    }

    @Test
    void shouldPutARouteInThePlaceOfOneToTheSamePrefix() {
        table.add(route("10.1.2.3", 8, "192.0.2.1"));
        table.add(route("10.9.9.9", 8, "192.0.2.2"));
        assertThat(table.all()).containsExactly(route("10.0.0.0", 8, "192.0.2.2"));
    }

    @Test
    void shouldAskForTheNextHopOrForTheDestinationItself() {
        assertThat(route("10.0.0.0", 8, "192.0.2.1").nextHop(7)).isEqualTo(Ipv4Address.parse("192.0.2.1"));
        assertThat(route("10.0.0.0", 8, "0.0.0.0").nextHop(7)).isEqualTo(7);
    }
}
