package org.sluice.mgmt.config;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.PolicySettings.Match;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.settings.PolicySettings.Rule;

/**
 * Finds rules that never decide anything: all that they are about is an earlier rule's already, or they contradict themselves. What
 * several earlier rules cover together is not found.
 */
final class Shadowed {
    private Shadowed() {}

    /** @param nodes of the rules, at the same positions */
    static void warn(List<Node> nodes, List<Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            Match match = rules.get(i).match();
            if (isImpossible(match)) {
                nodes.get(i).warn("this rule never matches: src and dst are of different address families");
                continue;
            }
            for (int earlier = 0; earlier < i; earlier++) {
                if (covers(rules.get(earlier).match(), match)) {
                    nodes.get(i).warn("this rule never matches: rule " + label(rules, earlier)
                            + " decides about all of it before; put it before that one or remove it");
                    break;
                }
            }
        }
    }

    private static String label(List<Rule> rules, int position) {
        String name = rules.get(position).name();
        return name == null ? Integer.toString(position + 1) : "\"" + name + "\"";
    }

    private static boolean isImpossible(Match m) {
        boolean v4 = mayBe(m.sources(), true) && mayBe(m.destinations(), true);
        boolean v6 = mayBe(m.sources(), false) && mayBe(m.destinations(), false);
        return !v4 && !v6;
    }

    private static boolean mayBe(List<IpPrefix> addresses, boolean ipv4) {
        return addresses.isEmpty() || addresses.stream().anyMatch(a -> a.isIpv4() == ipv4);
    }

    private static boolean covers(Match wide, Match narrow) {
        return isWithin(wide.from(), narrow.from()) && isWithin(wide.to(), narrow.to())
                && wide.states().containsAll(narrow.states())
                && all(wide.protocols(), narrow.protocols(), Objects::equals)
                && all(wide.ports(), narrow.ports(), Shadowed::contains)
                && all(wide.sources(), narrow.sources(), Shadowed::contains)
                && all(wide.destinations(), narrow.destinations(), Shadowed::contains);
    }

    private static boolean isWithin(String wide, String narrow) {
        return wide == null || wide.equals(narrow);
    }

    /** @return whether each of the narrow ones is within one of the wide ones; none at all means all there are. */
    private static <T> boolean all(Collection<T> wide, Collection<T> narrow, BiPredicate<T, T> contains) {
        return wide.isEmpty()
                || !narrow.isEmpty() && narrow.stream().allMatch(n -> wide.stream().anyMatch(w -> contains.test(w, n)));
    }

    private static boolean contains(PortRange wide, PortRange narrow) {
        return wide.first() <= narrow.first() && narrow.last() <= wide.last();
    }

    private static boolean contains(IpPrefix wide, IpPrefix narrow) {
        return wide.length() <= narrow.length() && Prefixes.contains(wide, narrow.address());
    }
}
