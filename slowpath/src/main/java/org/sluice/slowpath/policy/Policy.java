package org.sluice.slowpath.policy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;

/**
 * Which new flows may pass: the first rule that matches decides. Rules are compiled once, so that a packet costs comparisons
 * of numbers only. Conductor.
 */
public final class Policy {
    private Action byDefault;
    private Compiled[] rules;

    private record Compiled(String from, String to, BitSet protocols, List<PortRange> ports, Action action) {

        boolean matches(String fromZone, String toZone, int protocol, int port) {
            return (from == null || from.equals(fromZone)) && (to == null || to.equals(toZone))
                    && (protocols.isEmpty() || protocols.get(protocol)) && matchesPort(port);
        }

        private boolean matchesPort(int port) {
            if (ports.isEmpty()) {
                return true;
            }
            for (PortRange range : ports) {
                if (port >= range.first() && port <= range.last()) {
                    return true;
                }
            }
            return false;
        }
    }

    public Policy(PolicySettings settings) {
        replace(settings);
    }

    /** From now on these rules decide; flows that have begun go on. */
    public final void replace(PolicySettings settings) {
        byDefault = settings.byDefault();
        rules = settings.rules().stream().map(Policy::compile).toArray(Compiled[]::new);
    }

    private static Compiled compile(Rule rule) {
        BitSet protocols = new BitSet();
        rule.protocols().forEach(protocols::set);
        return new Compiled(rule.from(), rule.to(), protocols, List.copyOf(rule.ports()), rule.action());
    }

    /**
     * @param from zone it comes from
     * @param to zone it goes to, or {@link PolicySettings#SELF}
     * @param protocol IP protocol number
     * @param port of the destination after translation; 0 when the protocol has none
     */
    public Action decide(String from, String to, int protocol, int port) {
        for (Compiled rule : rules) {
            if (rule.matches(from, to, protocol, port)) {
                return rule.action();
            }
        }
        return byDefault;
    }

    @Override
    public String toString() {
        return Arrays.toString(rules) + ", else " + Objects.toString(byDefault);
    }
}
