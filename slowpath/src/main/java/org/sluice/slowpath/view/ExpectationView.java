package org.sluice.slowpath.view;

/**
 * A connection that a helper has announced and that has not come yet.
 *
 * @param helper name
 * @param proto tcp, udp or gre
 * @param src who may connect, or "any"
 * @param dst address the peer was told
 * @param dport port the peer was told, or call ID
 * @param toAddress where it leads
 * @param toPort where it leads
 * @param timeoutSeconds left
 * @param parent id of the control flow
 */
public record ExpectationView(String helper, String proto, String src, String dst, int dport, String toAddress,
        int toPort,
        long timeoutSeconds, int parent) {}
