package org.sluice.slowpath.settings;

import java.util.List;
import java.util.Set;

/**
 * Which new flows may pass. ESTABLISHED and RELATED always do.
 *
 * @param byDefault for what no rule names
 * @param rules tried in order
 */
public record PolicySettings(Action byDefault, List<Rule> rules) {

    /** What becomes of a new flow. */
    public enum Action {
        ACCEPT, DROP, REJECT
    }

    /** The zone name for the gateway's own addresses. */
    public static final String SELF = "self";

    /**
     * One rule; what it leaves out (null or empty) matches everything.
     *
     * @param from zone
     * @param to zone, or {@link #SELF}
     * @param protocols IP protocol numbers; empty for any
     * @param ports of the destination after translation; empty for any
     * @param action when all of it matches
     */
    public record Rule(String from, String to, Set<Integer> protocols, List<PortRange> ports, Action action) {}

    /**
     * Ports from first to last, inclusive.
     *
     * @param first 1 to 65535
     * @param last at least first
     */
    public record PortRange(int first, int last) {}
}
