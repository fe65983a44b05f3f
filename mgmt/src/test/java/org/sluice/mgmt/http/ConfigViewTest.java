package org.sluice.mgmt.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;

/** What the API shows of a configuration can be written into a file, and means the same. */
class ConfigViewTest {
    /** Every key that has a value of its own, in both families where there are two. */
    private static final String EVERYTHING = """
            interfaces:
              inside: {device: in0, addresses: [10.77.0.1/24, "fd77::1/64"], zone: lan, mtu: 1400, source_validation: loose,
                bogons: drop, mss_clamp: auto, router_advertisements: {lifetime: 1h, interval: 5m, dns: ["fd77::1"]}}
              guests: {device: in0, vlan: 7, driver: af_packet, addresses: 10.77.9.1/24}
              outside: {device: out0, driver: af_xdp, addresses: [198.51.100.1/24, "2001:db8:77::1/64"]}
            routes:
              - {to: 0.0.0.0/0, via: [198.51.100.253, 198.51.100.254]}
              - {to: "::/0", via: "fe80::1%outside"}
            nat:
              - {kind: none, out: outside, from: 10.77.0.0/24, to: 203.0.113.0/24}
              - {kind: snat, out: outside, from: 10.77.1.0/24, to: 198.51.100.20-198.51.100.29}
              - {kind: snat, out: outside, from: "fd77:1::/64", to: "2001:db8:77::20"}
              - {kind: dnat, in: outside, proto: tcp, port: 21, to: "10.77.0.20:21"}
              - {kind: dnat, in: outside, proto: udp, address: 198.51.100.9, port: 8000-8010, to: "10.77.0.20:9000"}
              - {kind: dnat, in: outside, proto: tcp, port: 80, to: "[fd77::20]:8080"}
              - {kind: redirect, in: guests, proto: udp, port: 53, to: "10.77.9.53:53"}
              - {kind: redirect, in: inside, proto: tcp, port: 80, to: "[fd77::9]:3128"}
              - {kind: netmap, out: outside, from: 10.77.2.0/25, to: 198.51.100.128/25}
              - {kind: nptv6, out: outside, from: "fd77::/64", to: "2001:db8:78::/64"}
              - {kind: masquerade, out: outside, mapping: endpoint_independent, filtering: address_dependent, ports: 2000-50000}
              - {kind: masquerade, out: outside, family: ipv6}
            policy:
              default: reject
              rules:
                - {from: lan, to: outside, action: accept, name: web, proto: [tcp, udp], port: [80, 443, 8000-8080], log: true,
                  src: [10.77.0.0/24], dst: [203.0.113.0/24], limit: {rate: 10/s, burst: 20, flows: 100}}
                - {from: outside, to: self, proto: [icmp, icmpv6, 99], action: accept, state: new}
            helpers:
              - ftp
              - {name: irc, ports: [6667, 6668]}
            flows: {capacity: 2m, tcp_loose: false, half_open: 1000, per_host: 5000, ports_per_host: 2000, punts_per_host: 300,
              exhausted: prohibited, timeouts: {tcp_established: 5d, udp: 90s}}
            workers: 2
            state: /var/lib/sluice
            management: {listen: "[::1]:9464"}
            log: {level: debug, format: json}
            """;

    @Test
    void shouldMeanTheSameWhenItIsReadAgain() throws ConfigException {
        Config config = ConfigLoader.parse("f.yaml", EVERYTHING).config();
        String shown = Json.pretty(ConfigView.of(config));

        Config again = ConfigLoader.parse("shown.json", shown).config();

        assertThat(shown).contains("\"[fd77::20]:8080\"", "\"fd77::/64\"", "\"198.51.100.20-198.51.100.29\"");
        assertThat(Json.pretty(ConfigView.of(again))).isEqualTo(shown);
        assertThat(again.gateway().interfaces()).isEqualTo(config.gateway().interfaces());
        assertThat(again.gateway().routes()).isEqualTo(config.gateway().routes());
        assertThat(again.gateway().nat()).isEqualTo(config.gateway().nat());
        assertThat(again.gateway().policy()).isEqualTo(config.gateway().policy());
        assertThat(again.gateway().helpers()).isEqualTo(config.gateway().helpers());
        assertThat(again.gateway().host()).isEqualTo(config.gateway().host());
        assertThat(again.gateway().tcp()).isEqualTo(config.gateway().tcp());
        assertThat(again.management()).isEqualTo(config.management());
        assertThat(again.log()).isEqualTo(config.log());
    }
}
