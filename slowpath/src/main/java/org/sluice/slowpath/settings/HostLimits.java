package org.sluice.slowpath.settings;

/**
 * What one host may take of what all share. An IPv6 network of 64 bits is one host.
 *
 * @param flows begun at a time
 * @param ports outside ones at a time, of all protocols (RFC 6888 REQ-4)
 * @param punts packets a second that the slow path has to look at and that belong to no flow; 0 for any number
 * @param answer to a host for which there is no room
 */
public record HostLimits(int flows, int ports, int punts, Answer answer) {
    /** As much as there is. */
    public static final HostLimits NONE = new HostLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 0, Answer.PROHIBITED);

    /** The ICMP error when the table, the ports or a host's share of them are used up. */
    public enum Answer {
        /** Communication administratively prohibited. */
        PROHIBITED,
        /** Host unreachable (RFC 6888 REQ-11); address unreachable in IPv6. */
        HOST_UNREACHABLE,
        /** None. */
        SILENT
    }
}
