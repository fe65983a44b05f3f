package org.sluice.slowpath.policy;

import org.agrona.collections.Long2ObjectHashMap;
import org.sluice.slowpath.settings.PolicySettings.Limit;

/**
 * Holds each source to a rule's limit. The rate is a leaky bucket in its form of a clock (GCRA, ITU-T I.371): each flow moves the
 * time at which the source will be even, and it may be a burst ahead. Sources are kept while they are ahead or have flows; when
 * there are too many, those that find no place share one. Conductor.
 */
final class SourceLimit {
    private static final int MAX_SOURCES = 65_536;
    private final Limit limit;
    private final long flowNs;
    private final long aheadNs;
    private final Long2ObjectHashMap<Source> sources = new Long2ObjectHashMap<>();
    private final Source others = new Source();
    private long nextSweep;

    /** What a source has begun. */
    static final class Source {
        private long even;
        private int flows;
        private boolean isKnown;
    }

    SourceLimit(Limit limit) {
        this.limit = limit;
        flowNs = limit.rate() == 0 ? 0 : Math.max(1, limit.period().toNanos() / limit.rate());
        aheadNs = flowNs * (limit.burst() - 1);
    }

    /**
     * Takes a flow into account if it may begin.
     *
     * @param number of the source
     * @param now System.nanoTime
     * @return the source, which {@link #end} has to be told when the flow ends; null when the flow goes beyond the limit
     */
    Source begin(long number, long now) {
        Source source = find(number, now);
        if (limit.flows() > 0 && source.flows >= limit.flows()) {
            return null;
        }
        if (flowNs > 0) {
            long even = source.isKnown && source.even - now > 0 ? source.even : now;
            if (even - now > aheadNs) {
                return null;
            }
            source.even = even + flowNs;
            source.isKnown = true;
        }
        source.flows++;
        return source;
    }

    private Source find(long number, long now) {
        Source source = sources.get(number);
        if (source != null) {
            return source;
        }
        if (sources.size() >= MAX_SOURCES && !sweep(now)) {
            return others;
        }
        source = new Source();
        sources.put(number, source);
        return source;
    }

    /** Forgets who is even; at most once in a while, because it looks at all. @return whether there is room */
    private boolean sweep(long now) {
        if (nextSweep != 0 && now - nextSweep < 0) {
            return false;
        }
        nextSweep = now + Math.max(flowNs, 1_000_000_000L);
        sources.values().removeIf(s -> s.flows == 0 && s.even - now <= 0);
        return sources.size() < MAX_SOURCES;
    }

    /** A flow of the source has ended. */
    static void end(Source source) {
        source.flows--;
    }
}
