package org.sluice.fastpath.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A descriptor that becomes readable at a time (timerfd_create(2)). Belongs to one thread at a time. */
public final class TimerDescriptor implements AutoCloseable {
    private static final int CLOCK_MONOTONIC = 1;
    /** TFD_CLOEXEC and TFD_NONBLOCK. */
    private static final int FLAGS = 0x80000 | 0x800;
    private static final long SECOND = 1_000_000_000L;
    private static final int ITIMERSPEC = 32;
    private static final int SECONDS = 16;
    private static final int NANOSECONDS = 24;

    private final Libc libc = new Libc();
    private final MemorySegment time = Arena.ofAuto().allocate(ITIMERSPEC, Long.BYTES);
    private final int descriptor = libc.timerCreate(CLOCK_MONOTONIC, FLAGS);

    /** @throws LinuxException when there are too many descriptors */
    public TimerDescriptor() {}

    /** Makes it readable in so many nanoseconds, and not before, whatever was set; 0 and less: at once. */
    public void in(long nanos) {
        long positive = Math.max(1, nanos);
        time.set(ValueLayout.JAVA_LONG, SECONDS, positive / SECOND);
        time.set(ValueLayout.JAVA_LONG, NANOSECONDS, positive % SECOND);
        libc.timerSet(descriptor, time.address());
    }

    /** Makes it unreadable for good. */
    public void off() {
        time.set(ValueLayout.JAVA_LONG, SECONDS, 0);
        time.set(ValueLayout.JAVA_LONG, NANOSECONDS, 0);
        libc.timerSet(descriptor, time.address());
    }

    public int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        libc.close(descriptor);
    }
}
