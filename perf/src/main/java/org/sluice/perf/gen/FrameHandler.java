package org.sluice.perf.gen;

import org.agrona.DirectBuffer;

/** Takes frames that have arrived, one after the other, on the thread of their station. */
public interface FrameHandler {

    /**
     * Called for each frame; it is gone afterwards.
     *
     * @param frame where it begins
     * @param length in bytes, without check sequence
     * @param arrived nanoseconds of CLOCK_REALTIME
     */
    void onFrame(DirectBuffer b, int frame, int length, long arrived);
}
