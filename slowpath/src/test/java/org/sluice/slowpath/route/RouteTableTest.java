package org.sluice.slowpath.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTableTest {
    private static final int HOSTS = 240;
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

    private static List<Route> three() {
        return List.of(route("0.0.0.0", 0, "192.0.2.1"), route("0.0.0.0", 0, "192.0.2.2"),
                route("0.0.0.0", 0, "192.0.2.3"));
    }

    private Map<Integer, Route> choices() {
        Map<Integer, Route> choices = new HashMap<>();
        for (int host = 0; host < HOSTS; host++) {
            choices.put(host, table.find(IpAddress.v4(0xCB007100 + host), IpAddress.v4(0x0A000001)));
        }
        return choices;
    }

    @Test
    void shouldSpreadHostsEvenlyOverEqualRoutes() {
        table.add(three());
        Map<Integer, Route> choices = choices();
        for (Route route : three()) {
            assertThat(choices.values().stream().filter(route::equals)).hasSizeBetween(HOSTS / 4, HOSTS / 2);
        }
        assertThat(choices()).as("the same again").isEqualTo(choices);
    }

    @Test
    void shouldMoveOnlyWhatUsedTheRouteThatFailed() {
        table.add(three());
        Map<Integer, Route> before = choices();
        Route failed = three().get(1);
        table.usable(route -> !route.equals(failed));

        choices().forEach((host, route) -> assertThat(route).isNotEqualTo(failed)
                .satisfies(r -> assertThat(before.get(host)).isIn(r, failed)));

        table.usable(route -> false);
        assertThat(choices()).as("none is better than the others").isEqualTo(before);
    }

    @Test
    void shouldLeadBackTheWayThatAPacketCame() {
        Prefix all = new Prefix(IpAddress.v4(0), 0);
        table.add(List.of(new Route(all, IpAddress.parse("192.0.2.1"), 1),
                new Route(all, IpAddress.parse("198.51.100.1"), 2)));
        for (int host = 0; host < HOSTS; host++) {
            IpAddress peer = IpAddress.v4(0xCB007100 + host);
            assertThat(table.back(peer, peer, 1).port()).isEqualTo(1);
            assertThat(table.back(peer, peer, 2).port()).isEqualTo(2);
            assertThat(table.back(peer, peer, 3)).as("by whichever").isNotNull();
        }
        assertThat(table.leads(IpAddress.v4(1), 2)).isTrue();
        assertThat(table.leads(IpAddress.v4(1), 3)).isFalse();
    }

    @Test
    void shouldKeepWhatIsOnItsWayOnItsRouteWhileThatIsUsable() {
        table.add(three());
        IpAddress host = IpAddress.parse("203.0.113.1");
        for (Route route : three()) {
            assertThat(table.keep(host, host, route.port(), route.via())).isEqualTo(route);
        }
        Route failed = three().getFirst();
        table.usable(route -> !route.equals(failed));
        assertThat(table.keep(host, host, failed.port(), failed.via())).isNotEqualTo(failed).isNotNull();
        assertThat(table.keep(host, host, 0, IpAddress.parse("192.0.2.9"))).as("no such route").isNotNull();
    }
}
