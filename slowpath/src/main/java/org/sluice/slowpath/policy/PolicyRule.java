package org.sluice.slowpath.policy;

import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.Rule;

/** A rule in force, and how often it has decided. Conductor; the counts may be read by any thread. */
public final class PolicyRule {
    private final String label;
    private final Rule settings;
    private final Matcher matcher;
    private final RuleCounts counts;
    private final SourceLimit limit;

    PolicyRule(String label, Rule settings, RuleCounts counts) {
        this.label = label;
        this.settings = settings;
        this.counts = counts;
        matcher = new Matcher(settings.match());
        limit = settings.limit() == null ? null : new SourceLimit(settings.limit());
    }

    boolean matches(Attempt attempt) {
        return matcher.matches(attempt);
    }

    /** @return its name, or its position from 1. */
    public String label() {
        return label;
    }

    public Rule settings() {
        return settings;
    }

    public Action action() {
        return settings.action();
    }

    public RuleCounts counts() {
        return counts;
    }

    /** @return whether the flow has to be taken into account. */
    boolean isLimited() {
        return limit != null;
    }

    /** @return null when the flow goes beyond the limit. */
    SourceLimit.Source begin(long source, long now) {
        SourceLimit.Source begun = limit.begin(source, now);
        if (begun == null) {
            counts.countBeyond();
        }
        return begun;
    }
}
