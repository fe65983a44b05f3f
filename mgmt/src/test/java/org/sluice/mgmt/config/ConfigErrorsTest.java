package org.sluice.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of error names file, line, column, the key and what would be right. */
class ConfigErrorsTest {

    /** One error, in line 4 unless the text has more lines. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # top level
            rotes: []                                             | 4:1: rotes: unknown key "rotes"; did you mean "routes"?
            natt: []                                              | 4:1: natt: unknown key "natt"; did you mean "nat"?
            firewalling: []                                       | 4:1: firewalling: unknown key "firewalling"; known are interfaces, routes
            workers: 0                                            | 4:10: workers: "0" is not a number from 1 to 64
            workers: many                                         | 4:10: workers: "many" is not a number from 1 to 64
            workers: [1]                                          | 4:10: workers: a single value is expected here
            state: var/lib                                        | 4:8: state: "var/lib" is not a folder with its whole path; write for example /var/lib/sluice, or none
            log: {level: loud}                                    | 4:14: log.level: "loud" is not a level; known are trace, debug, info, warn, error
            log: {format: xml}                                    | 4:15: log.format: "xml" is not a format; write text or json
            log: {levle: info}                                    | 4:7: log.levle: unknown key "levle"; did you mean "level"?
            log: info                                             | 4:6: log: keys with values are expected here
            # routes
            routes: [{to: 0.0.0.0/0}]                             | 4:10: routes[0]: a route needs "to" and "via", such as {to: 0.0.0.0/0, via: 198.51.100.254}
            routes: [{to: 10.9.9.9/24, via: 10.77.0.3}]           | 4:15: routes[0].to: "10.9.9.9/24" is an address within a network; write 10.9.9.0/24 for all of it, or 10.9.9.9/32 for this one
            routes: [{to: everywhere, via: 10.77.0.3}]            | 4:15: routes[0].to: "everywhere" is not an address with prefix length; write for example 0.0.0.0/0
            routes: [{to: 0.0.0.0/33, via: 10.77.0.3}]            | 4:15: routes[0].to: "0.0.0.0/33" is not an address with prefix length
            routes: [{to: 0.0.0.0/0, via: router}]                | 4:31: routes[0].via: "router" is not an IP address; write for example 198.51.100.254
            routes: [{to: 0.0.0.0/0, via: 10.77.1}]               | 4:31: routes[0].via: "10.77.1" is not an IP address
            routes: [{to: 0.0.0.0/0, via: 10.77.0.256}]           | 4:31: routes[0].via: "10.77.0.256" is not an IP address
            routes: [{to: 0.0.0.0/0, via: 192.0.2.1}]             | 4:31: routes[0].via: the next hop 192.0.2.1 is on no interface's link; give an interface an address in its network
            routes: [{to: 0.0.0.0/0, via: 10.77.0.1}]             | 4:31: routes[0].via: 10.77.0.1 is the gateway's own; name the router that goes on
            routes: [{to: "::/0", via: 10.77.0.3}]                | 4:28: routes[0].via: destination and next hop are of different address families
            routes: [{to: 0.0.0.0/0, via: [10.77.0.3, 10.77.0.3]}] | 4:43: routes[0].via[1]: 10.77.0.3 is named twice; remove one
            routes: [{to: 0.0.0.0/0, via: []}]                    | 4:31: routes[0].via: name at least one next hop
            routes: [{to: "::/0", via: "fe80::1"}]                | 4:28: routes[0].via: a link-local address can be on any link; write fe80::1%NAME with one of inside, outside
            routes: [{to: "::/0", via: "fe80::1%wan"}]            | 4:28: routes[0].via: there is no interface "wan"; there are inside, outside
            routes: [{to: "::/0", via: "fe80::1%outside"}]        | 4:28: routes[0].via: the interface "outside" has no IPv6 address, so it does not speak IPv6; give it one
            routes: [{to: 0.0.0.0/0, via: 10.77.0.3%inside}]      | 4:31: routes[0].via: only the link-local addresses of IPv6 take an interface; write 10.77.0.3
            routes: [{to: 0.0.0.0/0, via: 10.77.0.3, dev: in0}]   | 4:42: routes[0].dev: unknown key "dev"; known are to, via
            # nat
            nat: [{kind: hide, out: outside}]                     | 4:14: nat[0].kind: "kind:" must be one of masquerade, snat, dnat, netmap
            nat: [{out: outside}]                                 | 4:7: nat[0]: "kind:" must be one of masquerade, snat, dnat, netmap
            nat: [masquerade]                                     | 4:7: nat[0]: keys with values are expected here
            nat: [{kind: masquerade}]                             | 4:7: nat[0]: "out:" is missing; write for example {kind: masquerade, out: outside}
            nat: [{kind: masquerade, out: wan}]                   | 4:31: nat[0].out: there is no interface "wan"; there are inside, outside
            nat: [{kind: masquerade, in: outside, out: outside}]  | 4:26: nat[0].in: unknown key "in"; did you mean
            nat: [{kind: snat, out: outside, from: 10.1.0.0/16}]  | 4:7: nat[0]: "to:" is missing
            nat: [{kind: snat, out: outside, from: 10.1.0.0/16, to: 198.51.100.9-198.51.100.2}]  | 4:57: nat[0].to: "198.51.100.9-198.51.100.2" is not an address or a range of up to 65536; write for example 198.51.100.20-198.51.100.29
            nat: [{kind: snat, out: outside, from: "fd00::/8", to: 198.51.100.9}]                | 4:56: nat[0].to: "from" and "to" are of different families
            nat: [{kind: snat, out: outside, from: "fd00::/8", to: "2001:db8::1-2001:db8:1::1"}] | 4:56: nat[0].to: "2001:db8::1-2001:db8:1::1" is not an address or a range of up to 65536
            nat: [{kind: masquerade, out: outside, family: ipv6}]  | 4:31: nat[0].out: the interface "outside" has no IPv6 address to masquerade with
            nat: [{kind: masquerade, out: outside, family: both}]  | 4:48: nat[0].family: "family:" must be one of ipv4, ipv6
            nat: [{kind: none, out: outside, from: 10.0.0.0/8, to: "fd00::/8"}]                  | 4:56: nat[0].to: "from" and "to" are of different families
            nat: [{kind: dnat, in: outside, address: "2001:db8::5", proto: tcp, port: 21, to: "10.77.0.20"}] | 4:83: nat[0].to: "address" and "to" are of different families
            nat: [{kind: dnat, in: outside, proto: tcp, port: 21, to: "10.77.0.20:x"}]           | 4:59: nat[0].to: "10.77.0.20:x" is not an address with a port; write for example "10.77.0.20:21"
            nat: [{kind: dnat, in: outside, proto: tcp, port: 21, to: "server:21"}]              | 4:59: nat[0].to: "server:21" is not an address with a port
            nat: [{kind: dnat, in: outside, proto: icmp, port: 80, to: "10.77.0.20:80"}]         | 4:40: nat[0].proto: a port forward is for tcp, udp or sctp
            nat: [{kind: dnat, in: outside, proto: sctp, port: 80, to: "10.77.0.20:81"}]         | 4:60: nat[0].to: SCTP's ports can't be translated
            nat: [{kind: dnat, in: outside, proto: tpc, port: 80, to: "10.77.0.20:80"}]          | 4:40: nat[0].proto: "tpc" is not a protocol; known are esp, gre, icmp, icmpv6, sctp, tcp, udp and numbers
            nat: [{kind: dnat, in: outside, proto: tcp, port: 0, to: "10.77.0.20:80"}]           | 4:51: nat[0].port: "0" is not a port or a range; write for example 21 or 6000-6010
            nat: [{kind: netmap, out: outside, from: 10.2.0.0/25, to: 198.51.100.0/24}]          | 4:59: nat[0].to: "from" is a /25 and "to" a /24; write for example 198.51.100.0/25
            # policy
            policy: {default: deny}                                       | 4:19: policy.default: "deny" is not known here; known are accept, drop, reject
            policy: {rules: [{from: inside}]}                             | 4:18: policy.rules[0]: "action:" is missing; write accept, drop or reject
            policy: {rules: [{from: lan, action: accept}]}                | 4:25: policy.rules[0].from: there is no zone "lan"; there are inside, outside
            policy: {rules: [{from: self, action: accept}]}               | 4:25: policy.rules[0].from: there is no zone "self"; there are inside, outside
            policy: {rules: [{to: lan, action: accept}]}                  | 4:23: policy.rules[0].to: there is no zone "lan"; there are inside, outside and self
            policy: {rules: [{port: 22, action: accept}]}                 | 4:25: policy.rules[0].port: a port needs a protocol; add for example "proto: tcp"
            policy: {rules: [{proto: icmp, port: 22, action: accept}]}    | 4:26: policy.rules[0].proto: only tcp, udp and sctp have ports; give the others a rule of their own
            policy: {rules: [{proto: tcp, port: 70000, action: accept}]}  | 4:37: policy.rules[0].port: "70000" is not a port or a range
            policy: {rules: [{proto: tcp, port: 9-2, action: accept}]}    | 4:37: policy.rules[0].port: "9-2" is not a port or a range
            policy: {rules: [{src: lan, action: accept}]}                 | 4:24: policy.rules[0].src: "lan" is neither an address nor a network; write for example 10.77.0.0/24
            policy: {sets: {lan: 10.77.0.0/24}, rules: [{src: [lna], action: accept}]} | 4:52: policy.rules[0].src[0]: "lna" is neither an address nor a network, nor one of the sets lan; write for example 10.77.0.0/24
            policy: {sets: {lan: 10.77.0.1/24}}                           | 4:22: policy.sets.lan: "10.77.0.1/24" is an address within a network; write 10.77.0.0/24 for all of it
            policy: {sets: {10.77.0.1: 10.77.0.0/24}}                     | 4:28: policy.sets.10.77.0.1: "10.77.0.1" is an address; give the set a name
            policy: {rules: [{dst: [], action: accept}]}                  | 4:24: policy.rules[0].dst: the list is empty; leave the key out to have any address match
            policy: {rules: [{state: established, action: accept}]}       | 4:26: policy.rules[0].state: established flows always pass; known are new, related
            policy: {rules: [{name: default, action: accept}]}            | 4:25: policy.rules[0].name: "default" can't be a rule's name
            policy: {rules: [{name: 3, action: accept}]}                  | 4:25: policy.rules[0].name: "3" can't be a rule's name
            policy: {rules: [{from: inside, name: a, action: accept}, {from: outside, name: a, action: drop}]} | 4:81: policy.rules[1].name: there is a rule "a" already; its counters would be the same
            policy: {rules: [{limit: {rate: 20}, action: accept}]}        | 4:33: policy.rules[0].limit.rate: "20" is not a rate; write for example 20/s, 100/m or 1000/h
            policy: {rules: [{limit: {burst: 20}, action: accept}]}       | 4:26: policy.rules[0].limit: a limit needs "rate" or "flows"
            policy: {rules: [{limit: {flows: 9, burst: 2}, action: accept}]} | 4:44: policy.rules[0].limit.burst: a burst needs a rate
            policy: {rules: [{limit: {flows: 9}, action: drop}]}          | 4:26: policy.rules[0].limit: a limit goes with "action: accept" only: what goes beyond is dropped
            policy: {rules: [{log: maybe, action: drop}]}                 | 4:24: policy.rules[0].log: "maybe" is neither true nor false
            policy: {rule: []}                                            | 4:10: policy.rule: unknown key "rule"; did you mean "rules"?
            # helpers
            helpers: [ftpd]                                     | 4:11: helpers[0]: there is no helper "ftpd"; known are ftp, h323, icq, irc
            helpers: [ftp, ftp]                                 | 4:16: helpers[1]: the helper "ftp" stands here twice; name all its ports in one place
            helpers: [{ports: [21]}]                            | 4:11: helpers[0]: "name:" is missing; write for example {name: irc, ports: [6667]}
            helpers: [{name: ftp, ports: [ftp]}]                | 4:31: helpers[0].ports[0]: "ftp" is not a port or a range; write for example 21 or 6000-6010
            helpers: [{name: ftp, ports: [20-21]}]              | 4:31: helpers[0].ports[0]: a single port is expected here
            helpers: [{name: ftp, port: 21}]                    | 4:23: helpers[0].port: unknown key "port"; did you mean "ports"?
            # flows
            flows: {capacity: 10}                               | 4:19: flows.capacity: "10" is not a number from 1000 to 33000000; 64k and 1m are understood
            flows: {capacity: 1g}                               | 4:19: flows.capacity: "1g" is not a number from 1000 to 33000000
            flows: {capacity: -5k}                              | 4:19: flows.capacity: "-5k" is not a number
            flows: {capacity: 999999999m}                       | 4:19: flows.capacity: "999999999m" is not a number
            flows: {tcp_loose: yes please}                      | 4:20: flows.tcp_loose: "yes please" is neither true nor false
            flows: {capacity: 2k, half_open: 3k}                | 4:34: flows.half_open: "3k" is not a number from 1 to 2000
            flows: {ports_per_host: 0}                          | 4:25: flows.ports_per_host: "0" is not a number from 1
            flows: {punts_per_host: fast}                       | 4:25: flows.punts_per_host: "fast" is not a number from 1 to 10000000
            flows: {exhausted: reset}                           | 4:20: flows.exhausted: "reset" is not known here; known are host_unreachable, prohibited, silent
            flows: {capacity: 2k, per_host: 3k}                 | 4:33: flows.per_host: "3k" is not a number from 1 to 2000
            flows: {half_open: 0}                               | 4:20: flows.half_open: "0" is not a number from 1 to 1000000
            flows: {timeouts: {udp: 30}}                        | 4:25: flows.timeouts.udp: "30" is not a time; write for example 30s, 5m, 2h or 5d
            flows: {timeouts: {udp: 0s}}                        | 4:25: flows.timeouts.udp: "0s" is not a time
            flows: {timeouts: {udp: 1.5m}}                      | 4:25: flows.timeouts.udp: "1.5m" is not a time
            flows: {timeouts: {tcp_establish: 5d}}              | 4:20: flows.timeouts.tcp_establish: unknown key "tcp_establish"; did you mean "tcp_established"?
            # management
            management: {listen: localhost}                     | 4:22: management.listen: "localhost" is not an address with a port; write for example 127.0.0.1:9464
            management: {listen: "127.0.0.1:99999"}             | 4:22: management.listen: "127.0.0.1:99999" is not an address with a port
            management: {listen: "127.0.0.1:"}                  | 4:22: management.listen: "127.0.0.1:" is not an address with a port
            management: {listen: "::1:9464"}                    | 4:22: management.listen: "::1:9464" is not an address with a port
            management: {listen: "[127.0.0.1]:9464"}            | 4:22: management.listen: "[127.0.0.1]:9464" is not an address with a port
            management: {tls: {key: /k.pem}}                    | 4:19: management.tls: "certificate:" is missing; name a file in PEM
            management: {tls: {certificate: c.pem, key: /k}}    | 4:33: management.tls.certificate: "c.pem" is not a file with its whole path; write for example /etc/sluice/certificate.pem
            management: {listen: "10.77.0.1:9464"}              | 4:22: management.listen: on an address that others can reach a token is needed: add "token:"
            """)
    void shouldNameThePlaceAndTheRemedy(String text, String error) {
        List<String> problems = Problems.after(text);
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst()).startsWith("f.yaml:" + error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                       | 1:13: interfaces: at least one interface is needed
            [in0]                                                    | 1:13: interfaces: keys with values are expected here
            {a: eth0}                                                | 1:17: interfaces.a: keys with values are expected here
            {a: {addresses: [10.1.1.1/24]}}                          | 1:17: interfaces.a: "device:" is missing; name the Linux interface, such as eth0
            {a: {device: eth0}}                                      | 1:17: interfaces.a: "addresses:" is missing; write for example addresses: [10.77.0.1/24]
            {a: {device: eth0, adresses: [10.1.1.1/24], addresses: [10.1.1.1/24]}} | 1:32: interfaces.a.adresses: unknown key "adresses"; did you mean "addresses"?
            {a: {device: a-very-long-device, addresses: [10.1.1.1/24]}}            | 1:26: interfaces.a.device: "a-very-long-device" is not the name of a Linux interface (1 to 15 letters
            {a: {device: "", addresses: [10.1.1.1/24]}}              | 1:26: interfaces.a.device: "" is not the name of a Linux interface
            {a: {device: a/b, addresses: [10.1.1.1/24]}}             | 1:26: interfaces.a.device: "a/b" is not the name of a Linux interface
            {a: {device: eth0, addresses: [10.1.1.1]}}               | 1:44: interfaces.a.addresses[0]: "10.1.1.1" is not an address with prefix length; write for example 10.77.0.1/24
            {a: {device: eth0, addresses: [10.1.1.0/24]}}            | 1:44: interfaces.a.addresses[0]: 10.1.1.0 stands for the whole network 10.1.1.0/24; write one of the addresses within
            {a: {device: eth0, addresses: [10.1.1.255/24]}}          | 1:44: interfaces.a.addresses[0]: 10.1.1.255 stands for the whole network 10.1.1.0/24
            {a: {device: eth0, addresses: [224.0.0.5/24]}}           | 1:44: interfaces.a.addresses[0]: 224.0.0.5 can't be an interface's own address
            {a: {device: eth0, addresses: [127.0.0.1/8]}}            | 1:44: interfaces.a.addresses[0]: 127.0.0.1 can't be an interface's own address
            {a: {device: eth0, addresses: [10.1.1.1/24, 10.1.1.1/24]}}  | 1:57: interfaces.a.addresses[1]: 10.1.1.1 stands here twice; remove one
            {a: {device: eth0, addresses: [10.1.1.1/24], mtu: 20}}   | 1:63: interfaces.a.mtu: "20" is not a number from 68 to 65535
            {a: {device: eth0, addresses: [10.1.1.1/24], driver: dpdk}} | 1:66: interfaces.a.driver: "dpdk" is not known here; known are af_packet, af_xdp, pcap, tap
            {a: {device: eth0, addresses: [10.1.1.1/24], source_validation: off}} | 1:77: interfaces.a.source_validation: "off" is not known here; known are loose, strict
            {a: {device: eth0, addresses: [10.1.1.1/24], bogons: refuse}} | 1:66: interfaces.a.bogons: "refuse" is not known here; known are accept, drop
            {a: {device: eth0, addresses: [10.1.1.1/24], mss_clamp: 1400}} | 1:69: interfaces.a.mss_clamp: "1400" is not known here; known are auto, off
            {a: {device: eth0, addresses: [10.1.1.1/24], router_advertisements: true}} | 1:81: interfaces.a.router_advertisements: hosts can't be told a network that there is not
            {a: {device: eth0, addresses: "fd77::1/64", router_advertisements: yes}} | 1:80: interfaces.a.router_advertisements: "yes" is neither true nor false
            {a: {device: eth0, addresses: "fd77::1/64", router_advertisements: {lifetime: 1m}}} | 1:91: interfaces.a.router_advertisements.lifetime: hosts would forget the gateway between two advertisements
            {a: {device: eth0, addresses: "fd77::1/64", router_advertisements: {lifetime: 19h}}} | 1:91: interfaces.a.router_advertisements.lifetime: "19h" is not between 1s and 1080m
            {a: {device: eth0, addresses: "fd77::1/64", router_advertisements: {interval: 1s}}} | 1:91: interfaces.a.router_advertisements.interval: "1s" is not between 4s and 30m
            {a: {device: eth0, addresses: "fd77::1/64", router_advertisements: {dns: 10.1.1.53}}} | 1:86: interfaces.a.router_advertisements.dns: an IPv6 address is expected here
            {a: {device: eth0, addresses: [10.1.1.1/24], zone: self}}   | 1:64: interfaces.a.zone: the zone "self" is the gateway itself; choose another name
            {self: {device: eth0, addresses: [10.1.1.1/24]}}            | 1:20: interfaces.self: the zone "self" is the gateway itself; choose another name
            {a: {device: e0, addresses: [10.1.1.1/24]}, b: {device: e0, addresses: [10.2.1.1/24]}}  | 1:69: interfaces.b.device: the device "e0" is another interface's already; several can share it if each has another "vlan:"
            {a: {device: e0, vlan: 7, addresses: [10.1.1.1/24]}, b: {device: e0, vlan: 7, addresses: [10.2.1.1/24]}}  | 1:78: interfaces.b.device: the device "e0" is another interface's already with VLAN 7
            {a: {device: e0, vlan: 4095, addresses: [10.1.1.1/24]}}  | 1:36: interfaces.a.vlan: "4095" is not a number from 1 to 4094
            {a: {device: e0, addresses: [10.1.1.1/24]}, b: {device: e1, addresses: [10.1.0.1/16]}}  | 1:85: interfaces.b.addresses[0]: the network of 10.1.0.1/16 overlaps that of 10.1.1.1/24 on interface "a"; a network can be on one interface only
            {a: {device: e0, addresses: [10.1.1.1/24]}, a: {device: e1, addresses: [10.2.1.1/24]}}  | 1:57: interfaces.a: the key "a" stands here twice; remove one
            """)
    void shouldNameWhatIsWrongWithAnInterface(String interfaces, String error) {
        List<String> problems = Problems.of("interfaces: " + interfaces);
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst()).startsWith("f.yaml:" + error);
    }

    @Test
    void shouldFindEveryErrorAtOnceInTheOrderOfTheFile() {
        assertThat(Problems.after("""
                routes:
                  - {to: 0.0.0.0/0, via: 192.0.2.1}
                workers: none
                flows:
                  capacity: lots
                  timeouts: {udp: soon}
                nat:
                  - {kind: masquerade, out: wan}
                """)).extracting(p -> p.substring(0, p.indexOf(": "))).containsExactly("f.yaml:5:26", "f.yaml:6:10",
                "f.yaml:8:13", "f.yaml:9:19", "f.yaml:11:29");
    }

    @Test
    void shouldNoticeTheSameRouteAndTheSameKeyTwice() {
        assertThat(Problems.after("""
                routes: [{to: 0.0.0.0/0, via: 10.77.0.3}, {to: 0.0.0.0/0, via: 10.77.0.4}]
                workers: 1
                workers: 1
                """)).containsExactly(
                "f.yaml:4:48: routes[1].to: there is a route to 0.0.0.0/0 already; remove one, or write via: [first, second] to use both",
                "f.yaml:6:1: workers: the key \"workers\" stands here twice; remove one");
    }

    @Test
    void shouldWarnOfFtpWithoutItsHelper() {
        String forward = "nat: [{kind: dnat, in: outside, proto: tcp, port: 21, to: \"10.77.0.20:21\"}]\n";
        assertThat(Problems.after(forward)).singleElement().asString().startsWith("f.yaml:4:6: warning: nat: port 21");
        assertThat(Problems.after(forward + "helpers: [ftp]\n")).isEmpty();
    }

    @Test
    void shouldWarnOfANetmapThatLeavesHostsOut() {
        assertThat(Problems.after("nat: [{kind: netmap, out: outside, from: 10.2.0.0/24, to: 198.51.100.128/25}]"))
                .singleElement().asString()
                .startsWith("f.yaml:4:59: warning: nat[0].to: \"to\" is smaller than \"from\": only 10.2.0.0/25");
    }

    @Test
    void shouldWarnOfATimeoutThatIsCut() {
        assertThat(Problems.after("flows: {timeouts: {udp: 101d}}")).containsExactly(
                "f.yaml:4:25: warning: flows.timeouts.udp: \"101d\" is taken for 100d, the longest timeout there is");
        assertThat(Problems.after("flows: {timeouts: {udp: 100d}}")).isEmpty();
    }

    @Test
    void shouldAskForInterfaces() {
        assertThat(Problems.of("workers: 1")).containsExactly(
                "f.yaml:1:1: \"interfaces:\" is missing; name at least one interface with its device and addresses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n"})
    void shouldTellThatNothingIsThere(String text) {
        assertThat(Problems.of(text))
                .containsExactly("f.yaml:1:1: the file is empty; it needs at least \"interfaces:\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"interfaces", "[1, 2]", "42", "null", "~"})
    void shouldTellThatKeysAreExpected(String text) {
        assertThat(Problems.of(text)).singleElement().asString()
                .startsWith("f.yaml:1:1: keys with values are expected here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interfaces: {a: [}             | 1:18:
            'interfaces: "abc'             | 1:
            a: b: c                        | 1:5:
            'a: *nobody'                   | 1:4:
            '@interfaces: 1'               | 1:1:
            """)
    void shouldNameThePlaceThatIsNotYaml(String text, String place) {
        assertThat(Problems.of(text)).singleElement().asString().startsWith("f.yaml:" + place)
                .contains("this is not YAML: ").contains("check the indentation, quotes and brackets here");
    }

    @Test
    void shouldTellThatTabsDoNotIndent() {
        assertThat(Problems.of("interfaces:\n\tinside: 1\n")).singleElement().asString().startsWith("f.yaml:2:1: ")
                .contains("this is not YAML");
    }

    @Test
    void shouldRefuseASecondDocument() {
        assertThat(Problems.of(Problems.BASE + "---\nworkers: 1\n")).singleElement().asString()
                .startsWith("f.yaml:4:1: this is not YAML");
    }
}
