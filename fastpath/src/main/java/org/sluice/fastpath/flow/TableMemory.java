package org.sluice.fastpath.flow;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.sluice.fastpath.linux.OffHeap;

/**
 * Has the kernel find memory shortly before it is used, so that no packet waits for that: a huge page has to be cleared, and a virtual
 * machine may have to ask its host for it, which takes milliseconds. The index, where new flows go anywhere, and the rings are made ready
 * as a whole; the records, which are taken one after the other, some way ahead of the last one used. A large capacity so takes no memory
 * before there are flows, but for its index.
 *
 * <p>Runs on a thread of its own, in steps of a huge page. All that is shared is the number of records used.
 */
public final class TableMemory implements Agent {
    private static final int STEP = 2 << 20;
    private static final int RECORDS_A_STEP = STEP / FlowLayout.LENGTH;
    /** 32 MiB: what half a million new flows a second use in a quarter of a second. */
    private static final int RECORDS_AHEAD = 1 << 17;

    private final FlowTable flows;
    private final List<DirectBuffer> whole;
    private int buffer;
    private int offset;
    private int records;

    /** @param rings of {@link OffHeap}, used all over soon */
    public TableMemory(FlowTable flows, List<? extends DirectBuffer> rings) {
        this.flows = flows;
        whole = new ArrayList<>(rings);
        whole.add(flows.index());
    }

    /** One step. @return 0 when there is nothing to do for now */
    @Override
    public int doWork() {
        if (buffer < whole.size()) {
            nextOfWhole();
            return 1;
        }
        if (records <= flows.capacity() && records < flows.recordLimit() + RECORDS_AHEAD) {
            int flow = records << 1;
            OffHeap.populate(flows.buffer(flow), flows.offset(flow), STEP);
            records += RECORDS_A_STEP;
            return 1;
        }
        return 0;
    }

    private void nextOfWhole() {
        DirectBuffer current = whole.get(buffer);
        OffHeap.populate(current, offset, STEP);
        if (current.capacity() - offset > STEP) {
            offset += STEP;
        } else {
            buffer++;
            offset = 0;
        }
    }

    @Override
    public String roleName() {
        return "table-memory";
    }
}
