package org.sluice.slowpath.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.Match;
import org.sluice.slowpath.settings.PolicySettings.Rule;
import org.sluice.slowpath.settings.PolicySettings.State;

/** Which new flows may pass: the first rule that matches decides. Conductor; the rules may be read by any thread. */
public final class Policy {
    /** Label of what decides when no rule matches. */
    public static final String DEFAULT = "default";
    /** Label of what lets announced flows pass. */
    public static final String RELATED = "related";

    private final Sources sources;
    private final PolicyLog log = new PolicyLog();
    /** By label; never shrinks, so that counters only grow. */
    private final Map<String, RuleCounts> counts = new ConcurrentHashMap<>();
    /** Flows that count for a limit. */
    private final Int2ObjectHashMap<SourceLimit.Source> limited = new Int2ObjectHashMap<>();
    /** Of the flow that is being made; null when no limit is about it. */
    private SourceLimit.Source pending;
    private volatile List<PolicyRule> rules = List.of();

    /** @param sources tells those apart that a limit holds for */
    public Policy(PolicySettings settings, Sources sources) {
        this.sources = sources;
        replace(settings);
    }

    /** From now on these rules decide; flows that have begun go on. A rule that stays as it was goes on with its limits. */
    public final void replace(PolicySettings settings) {
        List<PolicyRule> next = new ArrayList<>();
        for (int i = 0; i < settings.rules().size(); i++) {
            Rule rule = settings.rules().get(i);
            next.add(rule(rule.name() == null ? Integer.toString(i + 1) : rule.name(), rule));
        }
        next.add(rule(RELATED, everything(State.RELATED, Action.ACCEPT)));
        next.add(rule(DEFAULT, everything(State.NEW, settings.byDefault())));
        rules = List.copyOf(next);
    }

    private PolicyRule rule(String label, Rule settings) {
        for (PolicyRule old : rules) {
            if (old.label().equals(label) && old.settings().equals(settings)) {
                return old;
            }
        }
        return new PolicyRule(label, settings, counts.computeIfAbsent(label, l -> new RuleCounts()));
    }

    private static Rule everything(State state, Action action) {
        Match any = new Match(null, null, List.of(), List.of(), Set.of(), List.of(), Set.of(state));
        return new Rule(null, any, null, false, action);
    }

    /** @return all in order; at the end the one for announced flows, and the default. Any thread */
    public List<PolicyRule> rules() {
        return rules;
    }

    /** @return of every rule there was, by its label. Any thread */
    public Map<String, RuleCounts> counts() {
        return Collections.unmodifiableMap(counts);
    }

    /** @return the first rule that matches; nothing is counted */
    public PolicyRule find(Attempt attempt) {
        for (PolicyRule rule : rules) {
            if (rule.matches(attempt)) {
                return rule;
            }
        }
        throw new IllegalStateException("the default matches everything");
    }

    /** The rule has decided about the flow: counts it, and puts it into the log when the rule says so. @param now nanoTime */
    public void note(PolicyRule rule, Attempt attempt, long now) {
        rule.counts().countDecided();
        if (rule.settings().isLogged()) {
            log.write(rule, attempt, now);
        }
    }

    /**
     * Takes a flow that wants to begin into account where its rule has a limit. To be followed by {@link #settle}.
     *
     * @param now System.nanoTime
     * @return false when it goes beyond the limit and must not begin
     */
    public boolean admits(PolicyRule rule, Attempt attempt, long now) {
        if (!rule.isLimited()) {
            return true;
        }
        pending = rule.begin(sources.number(attempt.source()), now);
        return pending != null;
    }

    /** What was admitted last has become a flow, or has not. @param flow its record, or {@link FlowTable#NONE} */
    public void settle(int flow) {
        if (pending != null && flow == FlowTable.NONE) {
            SourceLimit.end(pending);
        } else if (pending != null) {
            limited.put(flow, pending);
        }
        pending = null;
    }

    /** The flow has ended. @param flow its record */
    public void end(int flow) {
        SourceLimit.Source source = limited.remove(flow);
        if (source != null) {
            SourceLimit.end(source);
        }
    }
}
