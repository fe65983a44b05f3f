package org.sluice.slowpath.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.nat.Nat.Destination;
import org.sluice.slowpath.nat.Nat.Outcome;
import org.sluice.slowpath.nat.Nat.Source;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;

class NatTest {
    private static final int UDP = Ipv4.PROTOCOL_UDP;
    private static final int GRE = 47;
    private static final IpAddress PEER = ip("192.0.2.9");

    private final Interfaces interfaces = new Interfaces(
            List.of(iface("inside", "10.77.0.1/16"), iface("outside", "198.51.100.1/24")),
            port -> 0x02_00_00_00_00_01L + port);
    private final Iface outside = interfaces.byName("outside");
    private final MappingTable mappings = new MappingTable(new Random(1), System::nanoTime);

    private static InterfaceSettings iface(String name, String address) {
        return new InterfaceSettings(name, name + "0", InterfaceSettings.Driver.AF_PACKET,
                List.of(IpPrefix.parse(address)), name, 0);
    }

    private static IpAddress ip(String address) {
        return IpAddress.parse(address);
    }

    private Nat nat(NatSettings... rules) {
        return new Nat(List.of(rules), interfaces, mappings);
    }

    private static NatSettings snat(String from, String first, String last) {
        return new NatSettings.Snat("outside", IpPrefix.parse(from), ip(first).toInetAddress(),
                ip(last).toInetAddress());
    }

    private static NatSettings dnat(int firstPort, int lastPort, String to, int toPort) {
        return new NatSettings.Dnat("outside", UDP, firstPort, lastPort, ip(to).toInetAddress(), toPort);
    }

    @Test
    void shouldMasqueradeBehindTheAddressOfTheInterface() {
        Nat nat = nat(new NatSettings.Masquerade("outside"));
        Source source = nat.source(outside, UDP, ip("10.77.0.2"), 4000, PEER);
        assertThat(source.outcome()).isEqualTo(Outcome.TRANSLATED);
        assertThat(source.address()).isEqualTo(ip("198.51.100.1"));
        assertThat(source.port()).isEqualTo(4000);
        assertThat(nat.source(interfaces.byName("inside"), UDP, ip("10.77.0.2"), 4000, PEER).outcome())
                .isEqualTo(Outcome.UNCHANGED);
        assertThat(nat.source(outside, UDP, ip("198.51.100.1"), 4000, PEER).outcome()).as("its own")
                .isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void shouldTranslateProtocolsWithoutPortsByAddressAlone() {
        assertThat(nat(new NatSettings.Masquerade("outside")).source(outside, GRE, ip("10.77.0.2"), 0, PEER))
                .isEqualTo(new Source(Outcome.TRANSLATED, ip("198.51.100.1"), 0, null));
    }

    @Test
    void shouldForwardARangeOfPortsOneToOne() {
        Nat nat = nat(dnat(8000, 8099, "10.77.0.20", 80));
        assertThat(nat.destination(1, UDP, ip("198.51.100.1"), 8042))
                .isEqualTo(new Destination(outside, IpAddress.parse("10.77.0.20"), 122));
        for (int port : new int[]{7999, 8100}) {
            assertThat(nat.destination(1, UDP, ip("198.51.100.1"), port).in()).isNull();
        }
        assertThat(nat.destination(1, Ipv4.PROTOCOL_TCP, ip("198.51.100.1"), 8042).in()).isNull();
        assertThat(nat.destination(1, UDP, ip("198.51.100.2"), 8042).in()).isNull();
        assertThat(mappings.use(UDP, ip("10.77.0.2"), 8042, ip("198.51.100.1")).outsidePort())
                .as("a forwarded port is nobody's source").matches(port -> port < 8000 || port > 8099);
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldMapNetworksToNetworksAndBack(long seed) {
        Random random = new Random(seed);
        Nat nat = nat(new NatSettings.Netmap("outside", IpPrefix.parse("10.77.8.0/22"),
                IpPrefix.parse("203.0.112.0/22")));
        for (int i = 0; i < 1000; i++) {
            IpAddress host = ip("10.77.8.0").plus(random.nextInt(1024));
            Source there = nat.source(outside, UDP, host, 4000, PEER);
            assertThat(there.address().v4() & 0x3FF).as("seed %d", seed).isEqualTo(host.v4() & 0x3FF);
            assertThat(there.port()).isEqualTo(4000);
            assertThat(nat.destination(1, UDP, there.address(), 9)).as("seed %d", seed)
                    .isEqualTo(new Destination(outside, host, 9));
        }
        assertThat(nat.source(outside, UDP, ip("10.77.12.0"), 1, PEER).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(nat.destination(1, UDP, ip("203.0.116.0"), 1).in()).isNull();
    }

    @ParameterizedTest
    @MethodSource("org.sluice.slowpath.Seeds#some")
    void shouldKeepAHostOnOneAddressOfARange(long seed) {
        Random random = new Random(seed);
        Nat nat = nat(snat("10.77.0.0/16", "203.0.113.8", "203.0.113.12"));
        Map<IpAddress, IpAddress> addressOf = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            IpAddress host = ip("10.77.1.0").plus(random.nextInt(200));
            Source source = nat.source(outside, UDP, host, 1 + random.nextInt(65_535), PEER);
            assertThat(source.outcome()).isEqualTo(Outcome.TRANSLATED);
            assertThat(source.address().v4()).isBetween(ip("203.0.113.8").v4(), ip("203.0.113.12").v4());
            assertThat(addressOf.getOrDefault(host, source.address())).as("seed %d", seed)
                    .isEqualTo(source.address());
            addressOf.put(host, source.address());
        }
        assertThat(Set.copyOf(addressOf.values())).as("all are used").hasSize(5);
        assertThat(nat.source(outside, UDP, ip("10.78.0.1"), 1, PEER).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void shouldUseEveryPortOfARangeBeforeItIsExhausted() {
        Nat nat = nat(snat("10.77.0.0/16", "203.0.113.8", "203.0.113.9"));
        Set<String> taken = new HashSet<>();
        int ports = 2 * (65_536 - 1024);
        for (int i = 0; i < ports; i++) {
            Source source = nat.source(outside, UDP, ip("10.77.1.0").plus(i % 7), 1024 + i / 7, PEER);
            assertThat(source.outcome()).isEqualTo(Outcome.TRANSLATED);
            assertThat(taken.add(source.address() + ":" + source.port())).isTrue();
        }
        assertThat(nat.source(outside, UDP, ip("10.77.9.9"), 5000, PEER).outcome()).isEqualTo(Outcome.EXHAUSTED);
    }

    /** RFC 4787 REQ-1, also for the flow that begins when the address it could not have is free again. */
    @Test
    void shouldKeepTheMappingOfAnEndpointThatHadToMoveToAnotherAddress() {
        Nat nat = nat(snat("10.77.0.0/16", "203.0.113.8", "203.0.113.9"));
        IpAddress host = ip("10.77.1.1");
        Source first = nat.source(outside, UDP, host, 1024, PEER);
        for (int port = 1024; port < 65_536; port++) {
            mappings.use(UDP, ip("10.77.2.2"), port, first.address());
        }
        Source moved = nat.source(outside, UDP, host, 3000, PEER);
        assertThat(moved.address()).as("the first is full").isNotEqualTo(first.address());
        mappings.release(first.mapping());
        assertThat(nat.source(outside, UDP, host, 3000, PEER)).isEqualTo(moved);
    }
}
