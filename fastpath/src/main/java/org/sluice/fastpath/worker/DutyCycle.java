package org.sluice.fastpath.worker;

import org.agrona.BufferUtil;
import org.sluice.fastpath.linux.NativeBuffer;

/**
 * Counts the beginnings and ends of an agent's duty cycles: odd while it is at work. Another thread that took something away
 * notes the count; once the count has moved on or was even, and the store that took it away has had time to be seen, the agent
 * holds nothing of it any more. (The count alone would not do: the agent's store of an odd number may still be on its way to
 * memory while it reads. The conductor lets a record rest for milliseconds besides.)
 */
public final class DutyCycle {
    private static final int CACHE_LINE = 64;
    private final NativeBuffer count = new NativeBuffer(BufferUtil.allocateDirectAligned(2 * CACHE_LINE, CACHE_LINE));

    void begin() {
        count.putLongRelease(0, count.getLong(0) + 1);
    }

    void end() {
        count.putLongRelease(0, count.getLong(0) + 1);
    }

    /** Any thread. */
    public long note() {
        return count.getLongVolatile(0);
    }

    /** @param noted by {@link #note}. @return whether what was taken away before can't be in use. Any thread. */
    public boolean hasPassed(long noted) {
        return (noted & 1) == 0 || count.getLongVolatile(0) != noted;
    }
}
