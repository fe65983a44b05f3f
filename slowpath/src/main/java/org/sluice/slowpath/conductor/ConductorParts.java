package org.sluice.slowpath.conductor;

import org.agrona.concurrent.CachedNanoClock;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.trace.Tracer;

/** What a conductor is made of; put together by {@link SlowPath}. */
record ConductorParts(Workers workers, Tables tables, Transmitter transmitter, FlowLife life,
        NewFlows newFlows, HelperHost helpers, CommandQueue commands, Ledger ledger,
        CachedNanoClock clock, NextHops hops, Journal journal, Recorder recorder, Tracer tracer, FlowStory story) {}
