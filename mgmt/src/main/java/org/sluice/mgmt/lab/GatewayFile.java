package org.sluice.mgmt.lab;

import java.util.List;

/**
 * The configuration of a gateway in a {@link Topology}: inside may open anything outwards, outside only what is forwarded, both
 * may ping the gateway.
 *
 * @param inside device
 * @param outside device
 * @param helpers active ones, each as in the configuration's list
 * @param forwards what leads to the client's host
 * @param sourceNat the rule for the source addresses of inside
 * @param listen management address and port
 * @param state folder of the journal, or none
 * @param insideMore more settings of the inside interface, each with a comma before it
 * @param driver of both interfaces
 */
public record GatewayFile(String inside, String outside, List<String> helpers, List<Forward> forwards,
        String sourceNat, String listen, String state, String insideMore, String driver) {
    /** Of the interfaces, unless another one is chosen. */
    public static final String DRIVER = "af_packet";
    /** Everybody inside has the gateway's address outside. */
    public static final String MASQUERADE = "{kind: masquerade, out: outside}";

    /** Without a journal. */
    public GatewayFile(String inside, String outside, List<String> helpers, List<Forward> forwards, String sourceNat,
            String listen) {
        this(inside, outside, helpers, forwards, sourceNat, listen, "none", "", DRIVER);
    }

    /** Masquerades. */
    public GatewayFile(String inside, String outside, List<String> helpers, List<Forward> forwards, String listen) {
        this(inside, outside, helpers, forwards, MASQUERADE, listen);
    }

    /** @return the configuration as YAML. */
    public String yaml() {
        StringBuilder yaml = new StringBuilder("""
                interfaces:
                  inside: {device: %s, driver: %s, addresses: [%s/%d, "%s/%d"]%s}
                  outside: {device: %s, driver: %s, addresses: [%s/%d, "%s/%d"]}
                nat:
                  - %s
                """.formatted(inside, driver, Topology.INSIDE_ADDRESS, Topology.PREFIX_LENGTH, Topology.INSIDE_ADDRESS6,
                Topology.PREFIX6_LENGTH, insideMore, outside, driver, Topology.OUTSIDE_ADDRESS, Topology.PREFIX_LENGTH,
                Topology.OUTSIDE_ADDRESS6, Topology.PREFIX6_LENGTH, sourceNat));
        for (Forward forward : forwards) {
            yaml.append("  - {kind: dnat, in: outside, proto: %s, port: %d, to: \"%s:%d\"}%n".formatted(
                    forward.protocol(), forward.port(), Topology.CLIENT_ADDRESS, forward.port()));
        }
        yaml.append("""
                policy:
                  default: drop
                  rules:
                    - {from: inside, to: outside, action: accept}
                    - {from: inside, to: self, proto: [icmp, icmpv6], action: accept}
                    - {from: outside, to: self, proto: [icmp, icmpv6], action: accept}
                """);
        for (Forward forward : forwards) {
            yaml.append("    - {from: outside, to: inside, proto: %s, port: %d, action: accept}%n".formatted(
                    forward.protocol(), forward.port()));
        }
        yaml.append("helpers: ").append(helpers).append('\n');
        yaml.append("state: ").append(state).append("\nmanagement: {listen: \"").append(listen).append("\"}\n");
        return yaml.toString();
    }
}
