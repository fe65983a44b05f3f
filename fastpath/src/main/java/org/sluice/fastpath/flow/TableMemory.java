package org.sluice.fastpath.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.sluice.fastpath.linux.OffHeap;

/**
 * Has the kernel find memory shortly before it is used, so that no packet waits for that: a huge page has to be cleared, and a virtual
 * machine may have to ask its host for it, which takes milliseconds. The index, where new flows go anywhere, and the rings are made ready
 * as a whole; records, lines and timers, which are taken one after the other, some way ahead of the last one used. A large capacity so takes
 * no memory before there are flows, but for its index.
 *
 * <p>Runs on a thread of its own, in steps of a huge page. All that is shared is the number of records and lines used.
 */
public final class TableMemory implements Agent {
    private static final int STEP = 2 << 20;
    /** Records or lines: what half a million new flows a second, with a line each, use in a quarter of a second. */
    private static final int AHEAD = 1 << 17;

    private final List<DirectBuffer> whole;
    private final List<Growing> growing;
    private int buffer;
    private int offset;

    /** What is taken from its beginning on. */
    private static final class Growing {
        private final DirectBuffer[] chunks;
        private final int length;
        private final IntSupplier used;
        private long ready;

        /** @param chunks each but the last of {@link OffHeap#CHUNK} bytes. @param length of one thing, in bytes. @param used how many */
        Growing(DirectBuffer[] chunks, int length, IntSupplier used) {
            this.chunks = chunks;
            this.length = length;
            this.used = used;
        }

        /** @return whether there was something to do */
        boolean step() {
            int chunk = (int) (ready / OffHeap.CHUNK);
            int from = (int) (ready % OffHeap.CHUNK);
            if (ready >= ((long) used.getAsInt() + AHEAD) * length || chunk == chunks.length
                    || from >= chunks[chunk].capacity()) {
                return false;
            }
            OffHeap.populate(chunks[chunk], from, STEP);
            ready += STEP;
            return true;
        }
    }

    /** @param rings of {@link OffHeap}, used all over soon */
    public TableMemory(FlowTable flows, List<? extends DirectBuffer> rings) {
        whole = new ArrayList<>(rings);
        whole.add(flows.index());
        growing = List.of(new Growing(flows.records(), FlowLayout.LENGTH, flows::recordLimit),
                new Growing(flows.lines().chunks(), LineStore.LENGTH, flows.lines()::limit),
                new Growing(new DirectBuffer[]{flows.timers()}, FlowLayout.TIMER_LENGTH, flows::recordLimit));
    }

    /** One step. @return 0 when there is nothing to do for now */
    @Override
    public int doWork() {
        if (buffer < whole.size()) {
            nextOfWhole();
            return 1;
        }
        for (Growing area : growing) {
            if (area.step()) {
                return 1;
            }
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
