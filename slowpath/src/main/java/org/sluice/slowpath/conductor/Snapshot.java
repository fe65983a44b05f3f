package org.sluice.slowpath.conductor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.nat.Mapping;

/**
 * Writes everything alive to the journal when that asks for it: some flows in each duty cycle, among the news, so that packets don't
 * wait. Conductor.
 */
final class Snapshot {
    private static final int LIMIT = 32;
    private static final int IDLE = 0;

    private final Journal journal;
    private final Tables tables;
    private final Flows flows;
    private final Recorder recorder;
    private final IntPredicate isLive;
    /** The record to be written next; {@link #IDLE} when none is under way. */
    private int next = IDLE;

    /** @param isLive whether a record is a flow that has not ended */
    Snapshot(Journal journal, Tables tables, Recorder recorder, IntPredicate isLive) {
        this.journal = journal;
        this.tables = tables;
        flows = tables.flows();
        this.recorder = recorder;
        this.isLive = isLive;
    }

    /** @return how much was done */
    int doWork() {
        if (next == IDLE || journal.isSnapshotSpoiled()) {
            next = IDLE;
            return begin();
        }
        if (!journal.hasRoom()) {
            return 0;
        }
        int written = 0;
        while (written < LIMIT && next < flows.table().recordLimit()) {
            written += flow(next << 1);
            next++;
        }
        if (next >= flows.table().recordLimit()) {
            end();
        }
        return written + 1;
    }

    private int begin() {
        if (!journal.wantsSnapshot()) {
            return 0;
        }
        journal.beginSnapshot();
        recorder.interfaces();
        next = 1;
        return 1;
    }

    private int flow(int flow) {
        if (!isLive.test(flow)) {
            return 0;
        }
        mapping(tables.mappings().byId(flows.mapping(flow)));
        mapping(tables.mappings().byId(tables.mappings().destinationOf(flow)));
        recorder.flow(flow);
        recorder.changed(flow);
        return 1;
    }

    private void end() {
        List<Expectation> expectations = new ArrayList<>(tables.expectations().all());
        for (Expectation e : expectations) {
            mapping(e.mapping());
            recorder.expected(e);
        }
        for (Call call : tables.expectations().calls().all()) {
            for (int side = 0; side < 2; side++) {
                mapping(call.end(side) == null ? null : call.end(side).mapping());
            }
            recorder.called(call);
        }
        if (!journal.isSnapshotSpoiled()) {
            journal.endSnapshot();
        }
        next = IDLE;
    }

    private void mapping(Mapping mapping) {
        if (mapping != null) {
            recorder.made(mapping);
        }
    }
}
