package org.sluice.slowpath.view;

import java.util.Locale;

/**
 * Picks flows by their original direction; null or -1 picks all.
 *
 * @param proto tcp, udp, icmp
 * @param src address
 * @param dst address
 * @param sport port
 * @param dport port
 * @param state such as ESTABLISHED, any letter case
 * @param helper name
 */
public record FlowFilter(String proto, String src, String dst, int sport, int dport, String state, String helper) {

    /** Picks every flow. */
    public static final FlowFilter ALL = new FlowFilter(null, null, null, -1, -1, null, null);

    /** @return whether every flow is picked, which need not be looked at then. */
    public boolean isAll() {
        return equals(ALL);
    }

    /** @return whether the flow is picked. */
    public boolean matches(FlowView flow) {
        return (proto == null || proto.equalsIgnoreCase(flow.proto()))
                && (src == null || src.equals(flow.original().src()))
                && (dst == null || dst.equals(flow.original().dst())) && (sport < 0 || sport == flow.original().sport())
                && (dport < 0 || dport == flow.original().dport())
                && (state == null || state.toUpperCase(Locale.ROOT).equals(flow.state()))
                && (helper == null || helper.equals(flow.helper()));
    }
}
