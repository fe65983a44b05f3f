package org.sluice.fastpath.port;

import org.agrona.MutableDirectBuffer;

/** Takes the frames of a {@link Port}. */
@FunctionalInterface
public interface FrameHandler {

    /**
     * One received frame, to be dealt with before returning: afterwards the memory belongs to the device again. It may be
     * rewritten in place. The {@link VirtioNetHeader} of the frame is the {@value VirtioNetHeader#LENGTH} bytes before
     * {@code offset}.
     *
     * @param port it came in through
     * @param buffer holds the frame
     * @param offset of the Ethernet header
     * @param length of the frame in bytes, from the Ethernet header on, without frame check sequence; up to about 65,600
     *        for a GSO super-frame
     * @param timestamp when the kernel saw it, nanoseconds of CLOCK_REALTIME; 0 when not known
     */
    void onFrame(Port port, MutableDirectBuffer buffer, int offset, int length, long timestamp);
}
