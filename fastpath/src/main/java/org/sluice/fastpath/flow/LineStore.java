package org.sluice.fastpath.flow;

import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.OffHeap;

/**
 * Cache lines off heap, for what only some flows need. The conductor takes lines and gives them back; who else reads one knows it from
 * a record, and keeps to that record's rest. Line 0 is nobody's and all zeros, so that a record without a line reads as one with an empty
 * one.
 */
public final class LineStore {
    static final int NONE = 0;
    static final int LENGTH = 64;
    /** Lines in a chunk. */
    private static final int CHUNK_BITS = Integer.numberOfTrailingZeros(OffHeap.CHUNK / LENGTH);
    private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

    private final NativeBuffer[] chunks;
    /** The first of those that were given back; each holds the number of the next. */
    private int free = NONE;
    /** The first line that was never taken. Written by the conductor only. */
    private volatile int untouched = 1;

    /** @param capacity lines that can be taken; memory for them is only needed as they are */
    LineStore(int capacity) {
        chunks = OffHeap.chunks((capacity + 1L) * LENGTH);
    }

    /** Takes a line of zeros. Conductor. */
    int take() {
        int line = free;
        if (line == NONE) {
            line = untouched;
            untouched = line + 1;
        } else {
            free = buffer(line).getInt(offset(line));
            buffer(line).setMemory(offset(line), LENGTH, (byte) 0);
        }
        return line;
    }

    /** Gives a line back; nothing happens to {@link #NONE}. Conductor. */
    void giveBack(int line) {
        if (line != NONE) {
            buffer(line).putInt(offset(line), free);
            free = line;
        }
    }

    NativeBuffer buffer(int line) {
        return chunks[line >>> CHUNK_BITS];
    }

    int offset(int line) {
        return (line & CHUNK_MASK) * LENGTH;
    }

    /** @return all of it, for {@link TableMemory}. */
    NativeBuffer[] chunks() {
        return chunks;
    }

    /** @return one more than the highest line ever taken. Any thread. */
    int limit() {
        return untouched;
    }
}
