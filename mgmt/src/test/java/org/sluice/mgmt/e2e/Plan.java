package org.sluice.mgmt.e2e;

import java.util.List;
import org.sluice.mgmt.lab.Forward;

/**
 * How the gateway of a scenario is configured.
 *
 * @param helpers active ones
 * @param forwards ports that lead from the gateway's outside address to the client's host
 */
record Plan(List<String> helpers, List<Forward> forwards) {
    static final Plan USUAL = new Plan(List.of("ftp", "irc"), List.of());
    static final Plan IPV6 = new Plan(List.of("ftp", "irc", "tftp", "sip"), List.of());
    static final Plan WITHOUT_HELPERS = new Plan(List.of(), List.of());
    static final Plan FTP_SERVER_INSIDE = new Plan(List.of("ftp", "irc"), List.of(new Forward("tcp", 21)));
    static final Plan TFTP_BOTH_WAYS = new Plan(List.of("tftp"), List.of(new Forward("udp", 69)));
    static final Plan SIP = new Plan(List.of("sip"), List.of());
    static final Plan TALK = new Plan(List.of("talk"), List.of());
    static final Plan TALK_BOTH_WAYS = new Plan(List.of("talk"), List.of(new Forward("udp", 518)));
}
