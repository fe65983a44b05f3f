package org.sluice.slowpath.policy;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.sluice.slowpath.settings.PolicySettings.Match;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.State;

/** Compares a flow with what a rule is about; made once, so that a packet costs little. Never changes. */
final class Matcher {
    private final String from;
    private final String to;
    private final AddressSet sources;
    private final AddressSet destinations;
    private final BitSet protocols = new BitSet();
    private final List<PortRange> ports;
    private final Set<State> states;

    Matcher(Match match) {
        from = match.from();
        to = match.to();
        sources = AddressSet.of(match.sources());
        destinations = AddressSet.of(match.destinations());
        match.protocols().forEach(protocols::set);
        ports = List.copyOf(match.ports());
        states = Set.copyOf(match.states());
    }

    boolean matches(Attempt a) {
        return states.contains(a.state()) && (from == null || from.equals(a.from()))
                && (to == null || to.equals(a.to()))
                && (protocols.isEmpty() || protocols.get(a.protocol())) && matchesPort(a.port())
                && sources.contains(a.source()) && destinations.contains(a.destination());
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
