package org.sluice.slowpath.settings;

/**
 * How TCP connections may begin.
 *
 * @param loose whether a connection may be picked up in its middle, as nf_conntrack's {@code tcp_loose}
 * @param halfOpen how many connections that came in through one interface may be opening at a time
 */
public record TcpSettings(boolean loose, int halfOpen) {
    /** @return what holds unless the configuration says otherwise: half of the table for connections that are opening. */
    public static TcpSettings byDefault(int capacity) {
        return new TcpSettings(false, Math.max(1, capacity / 2));
    }
}
