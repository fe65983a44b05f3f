package org.sluice.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.slowpath.settings.GatewaySettings;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.InterfaceSettings.Driver;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NextHop;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.settings.RouteSettings;
import org.sluice.slowpath.settings.RouterAdvertisement;
import org.sluice.slowpath.settings.TcpSettings;
import org.sluice.slowpath.settings.Timeout;

/** What a right configuration means. */
class ConfigValuesTest {
    /** The example that users are given, every kind of entry once. */
    private static final String EXAMPLE = """
            interfaces:
              inside:
                device: inside0            # the Linux interface
                driver: af_packet
                addresses: [10.77.0.1/24, "fd77::1/64"]
                zone: inside
                mtu: 1500
              outside:
                device: outside0
                addresses: [198.51.100.1/24, "2001:db8:77::1/64"]
            routes:
              - {to: 0.0.0.0/0, via: 198.51.100.254}
            nat:
              - {kind: masquerade, out: outside}
              - {kind: snat, out: outside, from: 10.77.1.0/24, to: 198.51.100.20-198.51.100.29}
              - {kind: dnat, in: outside, proto: tcp, port: 21, to: "10.77.0.20:21"}
              - {kind: netmap, out: outside, from: 10.77.2.0/24, to: 198.51.100.128/25}
            policy:
              default: drop
              rules:
                - {from: inside, to: outside, action: accept}
                - {from: outside, to: inside, proto: tcp, port: 21, action: accept}
                - {from: inside, to: self, proto: [icmp, icmpv6], action: accept}
            helpers:
              - ftp
              - {name: irc, ports: [6667, 6668]}
              - {name: myproto, jar: /usr/lib/sluice/helpers/myproto.jar, ports: [7000], options: {key: value}}
            flows:
              capacity: 1m
              timeouts: {tcp_established: 5d, udp: 2m, udp_stream: 5m, icmp: 60s}
            workers: 1
            state: /var/lib/sluice
            management: {listen: 127.0.0.1:9464}
            log: {level: info, format: text}
            """;

    private static Config read(String text) throws ConfigException {
        return ConfigLoader.parse("f.yaml", text).config();
    }

    @Test
    void shouldReadTheExample() throws ConfigException {
        Config config = read(EXAMPLE);
        GatewaySettings gateway = config.gateway();
        assertThat(gateway.interfaces()).containsExactly(
                new InterfaceSettings("inside", "inside0", Driver.AF_PACKET,
                        List.of(IpPrefix.parse("10.77.0.1/24"), IpPrefix.parse("fd77::1/64")), "inside", 1500),
                new InterfaceSettings("outside", "outside0", Driver.AF_PACKET,
                        List.of(IpPrefix.parse("198.51.100.1/24"), IpPrefix.parse("2001:db8:77::1/64")), "outside", 0));
        assertThat(gateway.routes())
                .containsExactly(new RouteSettings(IpPrefix.parse("0.0.0.0/0"), address("198.51.100.254")));
        assertThat(gateway.nat()).containsExactly(new NatSettings.Masquerade("outside"),
                new NatSettings.Snat("outside", IpPrefix.parse("10.77.1.0/24"), address("198.51.100.20"),
                        address("198.51.100.29")),
                new NatSettings.Dnat("outside", 6, 21, 21, address("10.77.0.20"), 21),
                new NatSettings.Netmap("outside", IpPrefix.parse("10.77.2.0/25"),
                        IpPrefix.parse("198.51.100.128/25")));
        assertThat(gateway.policy()).isEqualTo(new PolicySettings(Action.DROP,
                List.of(new Rule("inside", "outside", Set.of(), List.of(), Action.ACCEPT),
                        new Rule("outside", "inside", Set.of(6), List.of(new PortRange(21, 21)), Action.ACCEPT),
                        new Rule("inside", "self", Set.of(1, 58), List.of(), Action.ACCEPT))));
        assertThat(gateway.helpers()).containsExactly(new HelperSettings("ftp", null, List.of(), Map.of()),
                new HelperSettings("irc", null, List.of(6667, 6668), Map.of()), new HelperSettings("myproto",
                        "/usr/lib/sluice/helpers/myproto.jar", List.of(7000), Map.of("key", "value")));
        assertThat(gateway.capacity()).isEqualTo(1_000_000);
        assertThat(gateway.timeouts()).isEqualTo(Map.of(Timeout.TCP_ESTABLISHED, Duration.ofDays(5), Timeout.UDP,
                Duration.ofMinutes(2), Timeout.UDP_STREAM, Duration.ofMinutes(5), Timeout.ICMP, Duration.ofMinutes(1)));
        assertThat(config.workers()).isEqualTo(1);
        assertThat(config.state()).isEqualTo("/var/lib/sluice");
        assertThat(config.management()).isEqualTo(new Config.Management("127.0.0.1", 9464, ""));
        assertThat(config.log()).isEqualTo(new Config.Log("info", false));
    }

    /** As the provider's router is known to its customers. */
    @Test
    void shouldReadALinkLocalNextHopWithItsInterface() throws ConfigException {
        Config config = read(EXAMPLE.replace("via: 198.51.100.254}", "via: 198.51.100.254}\n"
                + "  - {to: \"::/0\", via: [\"fe80::1%outside\", \"fe80::1%inside\"]}"));
        assertThat(config.gateway().routes().getLast()).isEqualTo(new RouteSettings(IpPrefix.parse("::/0"),
                List.of(new NextHop(address("fe80::1"), "outside"), new NextHop(address("fe80::1"), "inside"))));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @Test
    void shouldFillDefaultsIn() throws ConfigException {
        Config config = read(Problems.BASE);
        assertThat(config.gateway().interfaces().getFirst()).isEqualTo(new InterfaceSettings("inside", "in0",
                Driver.AF_PACKET, List.of(IpPrefix.parse("10.77.0.1/24")), "inside", 0));
        assertThat(config.gateway().policy()).isEqualTo(new PolicySettings(Action.DROP, List.of()));
        assertThat(config.gateway().nat()).isEmpty();
        assertThat(config.gateway().helpers()).isEmpty();
        assertThat(config.gateway().capacity()).isEqualTo(1_000_000);
        assertThat(config.workers()).isEqualTo(1);
        assertThat(config.state()).isEqualTo(Config.NO_STATE);
        assertThat(config.management()).isEqualTo(new Config.Management("127.0.0.1", 9464, ""));
        assertThat(config.log()).isEqualTo(new Config.Log("info", false));
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "2d,PT48H", "100d,PT2400H", "101d,PT2400H",
            "999999999d,PT2400H"})
    void shouldReadTimesWithUnits(String text, Duration expected) throws ConfigException {
        assertThat(read(Problems.BASE + "flows: {timeouts: {udp: " + text + "}}").gateway().timeouts())
                .containsEntry(Timeout.UDP, expected);
    }

    @ParameterizedTest
    @EnumSource(Timeout.class)
    void shouldReadEachTimeoutByItsName(Timeout timeout) throws ConfigException {
        String name = timeout.name().toLowerCase(Locale.ROOT);
        assertThat(read(Problems.BASE + "flows: {timeouts: {" + name + ": 77s}}").gateway().timeouts())
                .isEqualTo(Map.of(timeout, Duration.ofSeconds(77)));
    }

    @Test
    void shouldReadHowTcpConnectionsMayBegin() throws ConfigException {
        assertThat(read(Problems.BASE + "flows: {capacity: 10k, tcp_loose: true, half_open: 2k}").gateway().tcp())
                .isEqualTo(new TcpSettings(true, 2_000));
        assertThat(read(Problems.BASE + "flows: {capacity: 10k}").gateway().tcp())
                .isEqualTo(new TcpSettings(false, 5_000));
        assertThat(read(Problems.BASE).gateway().tcp()).isEqualTo(new TcpSettings(false, 500_000));
    }

    @ParameterizedTest
    @CsvSource({"1000,1000", "64k,64000", "64K,64000", "1m,1000000", "2M,2000000", "33m,33000000"})
    void shouldReadCountsWithUnits(String text, int expected) throws ConfigException {
        assertThat(read(Problems.BASE + "flows: {capacity: " + text + "}").gateway().capacity()).isEqualTo(expected);
    }

    @Test
    void shouldTakeASingleValueForAListOfOne() throws ConfigException {
        GatewaySettings gateway = read("""
                interfaces: {a: {device: e0, addresses: 10.1.1.1/24}}
                policy: {rules: [{proto: tcp, port: [22, 6000-6010], action: accept}]}
                helpers: ftp
                """).gateway();
        assertThat(gateway.interfaces().getFirst().addresses()).containsExactly(IpPrefix.parse("10.1.1.1/24"));
        assertThat(gateway.policy().rules().getFirst().match().ports()).containsExactly(new PortRange(22, 22),
                new PortRange(6000, 6010));
        assertThat(gateway.helpers()).extracting(HelperSettings::name).containsExactly("ftp");
    }

    @Test
    void shouldKeepThePortWhenAForwardNamesNone() throws ConfigException {
        assertThat(read(Problems.BASE + "nat: [{kind: dnat, in: outside, proto: udp, port: 53-54, to: 10.77.0.9}]")
                .gateway().nat())
                .containsExactly(new NatSettings.Dnat("outside", 17, 53, 54, address("10.77.0.9"), 53));
    }

    @Test
    void shouldReadHowARuleOfTranslationBehaves() throws ConfigException {
        assertThat(read(Problems.BASE + """
                nat:
                  - {kind: none, out: outside, to: 10.88.0.0/24}
                  - {kind: redirect, in: inside, proto: udp, port: 53, to: "10.77.9.53:5353"}
                  - {kind: dnat, in: outside, address: 198.51.100.77, proto: tcp, port: 80, to: "10.77.0.20"}
                  - {kind: masquerade, out: outside, mapping: endpoint_independent, filtering: address_dependent,
                     ports: 30000-39999}
                """).gateway().nat()).containsExactly(
                new NatSettings.None("outside", null, IpPrefix.parse("10.88.0.0/24")),
                new NatSettings.Redirect("inside", 17, 53, 53, address("10.77.9.53"), 5353),
                new NatSettings.Dnat("outside", address("198.51.100.77"), 6, 80, 80, address("10.77.0.20"), 80),
                new NatSettings.Masquerade("outside", false, new NatSettings.Behaviour(
                        NatSettings.Mapping.ENDPOINT_INDEPENDENT, NatSettings.Filtering.ADDRESS_DEPENDENT,
                        new PortRange(30_000, 39_999))));
    }

    @Test
    void shouldTranslateIpv6() throws ConfigException {
        String base = Problems.BASE.replace("198.51.100.1/24", "198.51.100.1/24, \"2001:db8:77::1/64\"");
        assertThat(read(base + """
                nat:
                  - {kind: dnat, in: outside, proto: tcp, port: 8080-8081, to: "[fd77::20]:80-81"}
                  - {kind: dnat, in: outside, address: "2001:db8:77::5", proto: tcp, port: 22, to: "fd77::20"}
                  - {kind: redirect, in: inside, proto: udp, port: 53, to: "[fd77::9]"}
                  - {kind: none, out: outside, to: "fd88::/16"}
                  - {kind: snat, out: outside, from: "fd77:1::/32", to: "2001:db8:77::10-2001:db8:77::1f"}
                  - {kind: masquerade, out: outside, family: ipv6}
                """).gateway().nat()).containsExactly(
                new NatSettings.Dnat("outside", 6, 8080, 8081, address("fd77::20"), 80),
                new NatSettings.Dnat("outside", address("2001:db8:77::5"), 6, 22, 22, address("fd77::20"), 22),
                new NatSettings.Redirect("inside", 17, 53, 53, address("fd77::9"), 53),
                new NatSettings.None("outside", null, IpPrefix.parse("fd88::/16")),
                new NatSettings.Snat("outside", IpPrefix.parse("fd77:1::/32"), address("2001:db8:77::10"),
                        address("2001:db8:77::1f")),
                new NatSettings.Masquerade("outside", true, NatSettings.Behaviour.USUAL));
    }

    @ParameterizedTest
    @CsvSource({"'127.0.0.1:0',127.0.0.1,0", "'[::1]:9464',::1,9464", "'127.1.2.3:80',127.1.2.3,80"})
    void shouldListenOnAnyLoopbackAddressWithoutAToken(String listen, String host, int port) throws ConfigException {
        assertThat(read(Problems.BASE + "management: {listen: \"" + listen + "\"}").management())
                .isEqualTo(new Config.Management(host, port, ""));
    }

    @Test
    void shouldReadWhatAnInterfaceTellsItsHosts() throws ConfigException {
        List<InterfaceSettings> interfaces = read("""
                interfaces:
                  a: {device: e0, addresses: "fd77::1/64", router_advertisements: true}
                  b: {device: e1, addresses: "fd78::1/64", router_advertisements: {lifetime: 1h, interval: 2m,
                      dns: ["fd78::53", "fd78::54"]}, mss_clamp: "off"}
                  c: {device: e2, addresses: "fd79::1/64", router_advertisements: false, mss_clamp: auto}
                """).gateway().interfaces();
        assertThat(interfaces).extracting(InterfaceSettings::advertisement).containsExactly(RouterAdvertisement.USUAL,
                new RouterAdvertisement(Duration.ofHours(1), Duration.ofMinutes(2),
                        List.of(address("fd78::53"), address("fd78::54"))),
                null);
        assertThat(interfaces).extracting(InterfaceSettings::clampsMss).containsExactly(true, false, true);
    }

    @Test
    void shouldListenWithTls() throws ConfigException {
        assertThat(read(Problems.BASE + "management: {tls: {certificate: /c.pem, key: /k.pem}}").management())
                .isEqualTo(new Config.Management("127.0.0.1", 9464, "", new Config.Tls("/c.pem", "/k.pem")));
    }

    @Test
    void shouldListenElsewhereWithAToken() throws ConfigException {
        assertThat(read(Problems.BASE + "management: {listen: \"0.0.0.0:9464\", token: secret}").management())
                .isEqualTo(new Config.Management("0.0.0.0", 9464, "secret"));
    }

    @Test
    void shouldFollowAnchorsAndTellTheirErrorsOnce() throws ConfigException {
        assertThat(read("""
                interfaces:
                  a: {device: e0, addresses: [10.1.1.1/24], zone: &z lan}
                  b: {device: e1, addresses: [10.2.1.1/24], zone: *z}
                """).gateway().interfaces()).extracting(InterfaceSettings::zone).containsExactly("lan", "lan");
        assertThat(Problems.after("policy: {rules: [&r {from: nowhere, action: drop}, *r]}"))
                .filteredOn(p -> !p.contains("warning")).hasSize(2).allMatch(p -> p.contains("4:"));
    }
}
