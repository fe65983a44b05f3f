package org.sluice.slowpath.view;

/**
 * One flow, both directions, in the terms of {@code conntrack -L}. Addresses are written out; ports are the identifier for
 * ICMP echo.
 *
 * @param id of the flow while it lives
 * @param proto tcp, udp, icmp, or the number
 * @param protocol IP protocol number
 * @param state of nf_conntrack for TCP, such as ESTABLISHED; empty for others
 * @param timeoutSeconds until it ends if nothing more is seen
 * @param original as the opener sent it
 * @param reply as the answers arrive
 * @param seenReply false shows as [UNREPLIED]
 * @param assured shows as [ASSURED]
 * @param helper name, or null
 * @param related id of the flow whose helper expected it, or -1
 */
public record FlowView(int id, String proto, int protocol, String state, long timeoutSeconds, Tuple original,
        Tuple reply,
        boolean seenReply, boolean assured, String helper, int related) {

    /**
     * One direction.
     *
     * @param src address
     * @param dst address
     * @param sport port, or identifier
     * @param dport port, or identifier
     * @param packets seen
     * @param bytes seen, IP header included
     */
    public record Tuple(String src, String dst, int sport, int dport, long packets, long bytes) {}
}
