package org.sluice.slowpath.settings;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Which new flows may pass. ESTABLISHED always does, and RELATED unless a rule for it says otherwise.
 *
 * @param byDefault for what no rule names
 * @param rules tried in order
 */
public record PolicySettings(Action byDefault, List<Rule> rules) {

    /** What becomes of a new flow. */
    public enum Action {
        ACCEPT, DROP, REJECT
    }

    /** What a new flow is to conntrack: begun by somebody, or announced to a helper. */
    public enum State {
        NEW, RELATED
    }

    /** The zone name for the gateway's own addresses. */
    public static final String SELF = "self";

    /**
     * One rule; what it leaves out (null or empty) matches everything.
     *
     * @param name for people, or null
     * @param match which flows it is about
     * @param limit of what each source may begin, or null; what goes beyond is dropped
     * @param isLogged whether the first packet of each flow it decides about is put into the log
     * @param action when all of it matches
     */
    public record Rule(String name, Match match, Limit limit, boolean isLogged, Action action) {

        /** A rule about zones, protocols and ports. */
        public Rule(String from, String to, Set<Integer> protocols, List<PortRange> ports, Action action) {
            this(null, new Match(from, to, List.of(), List.of(), protocols, ports, Set.of(State.NEW)), null, false,
                    action);
        }
    }

    /**
     * Which flows a rule is about.
     *
     * @param from zone
     * @param to zone, or {@link #SELF}
     * @param sources addresses before translation; empty for any
     * @param destinations addresses after translation; empty for any
     * @param protocols IP protocol numbers; empty for any
     * @param ports of the destination after translation; empty for any
     * @param states never empty
     */
    public record Match(String from, String to, List<IpPrefix> sources, List<IpPrefix> destinations,
            Set<Integer> protocols, List<PortRange> ports, Set<State> states) {}

    /**
     * What each source, which is an IPv4 address or an IPv6 network of 64 bits, may do.
     *
     * @param rate how many flows it may begin in a period, on average; 0 for any number
     * @param period of the rate
     * @param burst how many it may begin at once; at least 1
     * @param flows how many it may have at a time; 0 for any number
     */
    public record Limit(int rate, Duration period, int burst, int flows) {}

    /**
     * Ports from first to last, inclusive.
     *
     * @param first 1 to 65535
     * @param last at least first
     */
    public record PortRange(int first, int last) {

        /** @return as the configuration has it. */
        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }
}
