package org.sluice.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice check} warns of rules that never match, and of no others. */
class ShadowedTest {

    private static String policy(String first, String second) {
        return "policy: {sets: {lan: [10.77.0.0/25, 10.77.0.128/25]}, rules: [{" + first + ", action: accept},\n {"
                + second
                + ", action: drop}]}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"from: inside | from: inside", "from: inside | from: inside, to: self",
            "proto: [tcp, udp], port: 1-1024 | proto: tcp, port: [22, 80-81]", "src: 10.77.0.0/16 | src: lan",
            "src: lan | src: 10.77.0.200", "dst: \"::/0\" | dst: \"2001:db8::1\", from: outside",
            "to: self | to: self, proto: icmp", "state: [new, related], proto: tcp | proto: tcp"})
    void shouldWarnOfARuleThatAnEarlierOneCovers(String rules) {
        String[] two = rules.split(" \\| ");
        assertThat(Problems.after(policy(two[0], two[1].replace("", "")))).containsExactly(
                "f.yaml:5:2: warning: policy.rules[1]: this rule never matches: rule 1 decides about all of it before; "
                        + "put it before that one or remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from: inside | to: self", "from: inside | from: outside",
            "proto: tcp, port: 1-1024 | proto: tcp",
            "proto: tcp, port: 80-90 | proto: tcp, port: 90-91", "proto: tcp | proto: [tcp, udp]",
            "src: lan | src: 10.77.1.1",
            "src: 10.77.0.0/25 | src: lan", "src: \"::/0\" | src: 10.0.0.0/8", "src: lan | proto: tcp",
            "proto: tcp | proto: tcp, state: related", "from: inside, dst: lan | from: inside"})
    void shouldNotWarnOfARuleThatCanMatch(String rules) {
        String[] two = rules.split(" \\| ");
        assertThat(Problems.after(policy(two[0], two[1]))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"src: 10.77.0.0/24, dst: \"2001:db8::/32\"",
            "src: \"fd00::/8\", dst: [192.0.2.1, 192.0.2.2]"})
    void shouldWarnOfARuleThatContradictsItself(String rule) {
        assertThat(Problems.after("policy: {rules: [{" + rule + ", action: accept}]}")).containsExactly(
                "f.yaml:4:18: warning: policy.rules[0]: this rule never matches: src and dst are of different address families");
    }
}
