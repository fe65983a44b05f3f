package org.sluice.mgmt.e2e;

import java.util.List;
import org.sluice.mgmt.lab.Forward;
import org.sluice.mgmt.lab.GatewayFile;
import org.sluice.mgmt.lab.session.Stage;

/**
 * How the gateway of a scenario is configured.
 *
 * @param helpers active ones
 * @param forwards ports that lead from the gateway's outside address to the client's host
 * @param sourceNat the rule for the source addresses of inside
 * @param hasJournal whether it keeps one
 * @param insideMore more settings of the inside interface, each with a comma before it
 * @param driver of both interfaces
 */
record Plan(List<String> helpers, List<Forward> forwards, String sourceNat, boolean hasJournal,
        String insideMore, String driver) {
    static final Plan RESTART = new Plan(List.of("ftp", "irc"), List.of(), GatewayFile.MASQUERADE, true, "");
    static final Plan ADVERTISING = new Plan(List.of(), List.of(), GatewayFile.MASQUERADE, false,
            ", mtu: 1400, router_advertisements: {dns: \"fd77::53\"}");
    /** Room for few flows, and fewer outside ports. */
    static final Plan MONITORED = new Plan(List.of("ftp"), List.of(),
            "{kind: masquerade, out: outside, ports: 20000-20899}\nflows: {capacity: 1k}", true, "");
    static final Plan USUAL = new Plan(List.of("ftp", "irc"), List.of());
    static final Plan IPV6 = new Plan(List.of("ftp", "irc", "tftp", "sip"), List.of());
    static final Plan LINK_LOCAL_ROUTER = new Plan(List.of(), List.of(),
            "{kind: masquerade, out: outside}\nroutes: [{to: \"2001:db8:99::/48\", via: \"fe80::fe%outside\"}]");
    static final Plan NPTV6 = new Plan(List.of("ftp"), List.of(),
            "{kind: nptv6, out: outside, from: \"fd77::/64\", to: \"2001:db8:78::/64\"}");
    static final Plan NAT66 = new Plan(List.of("ftp"), List.of(new Forward("tcp", 80)),
            "{kind: dnat, in: outside, proto: tcp, port: 8080, to: \"[fd77::2]:80\"}\n"
                    + "  - {kind: masquerade, out: outside, family: ipv6}");
    static final Plan SCTP_SERVER_INSIDE = new Plan(List.of(), List.of(new Forward("sctp", 13)));
    static final Plan WITHOUT_HELPERS = new Plan(List.of(), List.of());
    static final Plan FTP_SERVER_INSIDE = new Plan(List.of("ftp", "irc"), List.of(new Forward("tcp", 21)));
    static final Plan TFTP_BOTH_WAYS = new Plan(List.of("tftp"), List.of(new Forward("udp", 69)));
    static final Plan SIP = new Plan(List.of("sip"), List.of());
    static final Plan SIP_SERVER_INSIDE = new Plan(List.of("sip"),
            List.of(new Forward("udp", 5060), new Forward("tcp", 5060)));
    static final Plan PPTP = new Plan(List.of("pptp"), List.of());
    static final Plan PPTP_SERVER_INSIDE = new Plan(List.of("pptp"), List.of(new Forward("tcp", 1723)));
    static final Plan PPTP_SERVER_INSIDE_WITHOUT_HELPERS = new Plan(List.of(), List.of(new Forward("tcp", 1723)));
    static final Plan TALK = new Plan(List.of("talk"), List.of());
    static final Plan TALK_BOTH_WAYS = new Plan(List.of("talk"), List.of(new Forward("udp", 518)));
    static final Plan FTP_POOL = new Plan(List.of("ftp"), List.of(new Forward("tcp", 21)),
            "{kind: snat, out: outside, from: 10.77.0.0/24, to: 198.51.100.20-198.51.100.29}");
    static final Plan FTP_OTHER_PORT = new Plan(List.of("{name: ftp, ports: [2121]}"), List.of());
    static final Plan FTP_TWO_SERVERS_INSIDE = new Plan(List.of("{name: ftp, ports: [21, 2121]}"),
            List.of(new Forward("tcp", 21), new Forward("tcp", 2121)));
    static final Plan FTP_THIRD_PARTY = new Plan(
            List.of("{name: ftp, ports: [21, 2121], options: {third_party: allow}}"), FTP_TWO_SERVERS_INSIDE.forwards);

    static final Plan SESSIONS = new Plan(Stage.HELPERS, Stage.FORWARDS);
    static final Plan SESSIONS_WITHOUT_HELPERS = new Plan(List.of(), Stage.FORWARDS);

    static final Plan AF_XDP = new Plan(USUAL.helpers, List.of(), GatewayFile.MASQUERADE, false, "", "af_xdp");

    static final Plan TWO_WORKERS = new Plan(USUAL.helpers, List.of(), GatewayFile.MASQUERADE + "\nworkers: 2", false,
            "",
            "af_xdp");

    /** Without helpers and forwards. */
    static Plan sourceNat(String rule) {
        return new Plan(List.of(), List.of(), rule);
    }

    private Plan(List<String> helpers, List<Forward> forwards, String sourceNat) {
        this(helpers, forwards, sourceNat, false, "");
    }

    private Plan(List<String> helpers, List<Forward> forwards, String sourceNat, boolean hasJournal,
            String insideMore) {
        this(helpers, forwards, sourceNat, hasJournal, insideMore, GatewayFile.DRIVER);
    }

    private Plan(List<String> helpers, List<Forward> forwards) {
        this(helpers, forwards, GatewayFile.MASQUERADE);
    }
}
