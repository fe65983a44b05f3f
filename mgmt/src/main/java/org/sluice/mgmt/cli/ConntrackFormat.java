package org.sluice.mgmt.cli;

import org.sluice.slowpath.view.ExpectationView;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.FlowView.Tuple;

/**
 * Flows and expectations in the line format of conntrack-tools 1.4 with accounting on, so that scripts written for
 * {@code conntrack -L} read them unchanged.
 */
final class ConntrackFormat {
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int ECHO_REQUEST = 8;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int GRE = 47;

    private ConntrackFormat() {}

    static String flow(FlowView flow) {
        boolean named = !flow.proto().isEmpty() && !Character.isDigit(flow.proto().charAt(0));
        StringBuilder line = new StringBuilder(256)
                .append(String.format("%-8s %d %d ", named ? flow.proto() : "unknown", flow.protocol(),
                        flow.timeoutSeconds()));
        if (!flow.state().isEmpty()) {
            line.append(flow.state()).append(' ');
        }
        tuple(line, flow.protocol(), flow.original(), ECHO_REQUEST);
        if (!flow.seenReply()) {
            line.append("[UNREPLIED] ");
        }
        tuple(line, flow.protocol(), flow.reply(), 0);
        if (flow.assured()) {
            line.append("[ASSURED] ");
        }
        line.append("mark=0 ");
        if (flow.helper() != null) {
            line.append("helper=").append(flow.helper()).append(' ');
        }
        return line.append("use=1").toString();
    }

    private static void tuple(StringBuilder line, int protocol, Tuple t, int icmpType) {
        line.append("src=").append(t.src()).append(" dst=").append(t.dst()).append(' ');
        if (protocol == ICMP || protocol == ICMPV6 && t.src().contains(":")) {
            line.append("type=").append(protocol == ICMP ? icmpType : icmpType == ECHO_REQUEST ? 128 : 129)
                    .append(" code=0 id=").append(t.sport()).append(' ');
        } else if (protocol == TCP || protocol == UDP || protocol == SCTP) {
            line.append("sport=").append(t.sport()).append(" dport=").append(t.dport()).append(' ');
        } else if (protocol == GRE) {
            line.append(String.format("srckey=0x%x dstkey=0x%x ", t.sport(), t.dport()));
        }
        line.append("packets=").append(t.packets()).append(" bytes=").append(t.bytes()).append(' ');
    }

    /** As {@code conntrack -L expect}, and where it leads; the parent flow by its id. */
    static String expectation(ExpectationView e) {
        String src = !e.src().equals("any") ? e.src() : e.dst().contains(":") ? "::" : "0.0.0.0";
        int protocol = switch (e.proto()) {
            case "tcp" -> TCP;
            case "gre" -> GRE;
            default -> UDP;
        };
        return e.timeoutSeconds() + " proto=" + protocol + " src=" + src + " dst=" + e.dst() + " sport=0 dport="
                + e.dport()
                + " to=" + e.toAddress() + ":" + e.toPort() + " master=" + e.parent() + " helper=" + e.helper();
    }
}
