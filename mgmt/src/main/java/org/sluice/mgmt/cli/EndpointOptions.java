package org.sluice.mgmt.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Picks by protocol and by both ends, with the names that conntrack's users know. */
class EndpointOptions {
    @Option(names = {"-p", "--proto"}, paramLabel = "PROTO", description = "tcp, udp, icmp or a number")
    private String proto;
    @Option(names = {"-s", "--src"}, paramLabel = "ADDRESS", description = "source address")
    private String src;
    @Option(names = {"-d", "--dst"}, paramLabel = "ADDRESS", description = "destination address")
    private String dst;
    @Option(names = "--sport", paramLabel = "PORT", description = "source port")
    private Integer sport;
    @Option(names = "--dport", paramLabel = "PORT", description = "destination port")
    private Integer dport;

    /** @return as the HTTP API takes them */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        put(parameters, "proto", proto);
        put(parameters, "src", src);
        put(parameters, "dst", dst);
        put(parameters, "sport", sport);
        put(parameters, "dport", dport);
        return parameters;
    }

    static void put(Map<String, String> parameters, String name, Object value) {
        if (value != null) {
            parameters.put(name, value.toString());
        }
    }
}
