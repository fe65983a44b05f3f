package org.sluice.fastpath.linux;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** CLOCK_REALTIME to the nanosecond, read without allocating. One thread. */
public final class RealTimeClock {
    private static final int SECONDS = 0;
    private static final int NANOSECONDS = 8;
    private static final long SECOND = 1_000_000_000L;
    private final Libc libc = new Libc();
    private final UnsafeBuffer timespec = new UnsafeBuffer(BufferUtil.allocateDirectAligned(16, 16));

    /** @return nanoseconds since 1970. */
    public long now() {
        libc.realTime(timespec.addressOffset());
        return timespec.getLong(SECONDS) * SECOND + timespec.getLong(NANOSECONDS);
    }
}
