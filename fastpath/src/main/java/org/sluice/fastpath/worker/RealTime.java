package org.sluice.fastpath.worker;

/** The clock of the kernel's receive time stamps. */
@FunctionalInterface
public interface RealTime {

    /** @return nanoseconds of CLOCK_REALTIME, read without a system call. */
    long now();
}
