package org.sluice.slowpath.conductor;

import org.agrona.collections.Long2LongCounterMap;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.policy.Sources;
import org.sluice.slowpath.route.IpAddress;

/** How many flows each host has begun that live, so that none takes the whole table (RFC 6888 REQ-4). Conductor. */
final class HostQuota {
    private final Flows flows;
    private final Sources sources;
    private final Long2LongCounterMap begun = new Long2LongCounterMap(0);
    private long limit = Long.MAX_VALUE;

    HostQuota(Flows flows, Sources sources) {
        this.flows = flows;
        this.sources = sources;
    }

    /** @param limit of a host from now on; who has more keeps them */
    void limit(long limit) {
        this.limit = limit;
    }

    boolean hasRoom(IpAddress host) {
        return begun.get(sources.number(host)) < limit;
    }

    void begin(int flow) {
        begun.incrementAndGet(number(flow));
    }

    void end(int flow) {
        begun.decrementAndGet(number(flow));
    }

    private long number(int flow) {
        return sources.number(flows.source(flow & ~1));
    }
}
