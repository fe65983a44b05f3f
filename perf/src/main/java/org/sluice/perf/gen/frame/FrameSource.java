package org.sluice.perf.gen.frame;

import org.sluice.fastpath.port.Port;

/** Frames to be sent, one after the other. One thread; nothing allocates. */
public interface FrameSource {

    /** Called before each burst. @param elapsed nanoseconds from the beginning. @param clock nanoseconds of CLOCK_REALTIME */
    void at(long elapsed, long clock);

    /** Hands the next frame to a port. @return false when the port had no room for it; it comes again then */
    boolean transmit(Port port);

    /** @return frames that it has in all; {@link Long#MAX_VALUE} without an end. */
    long size();
}
