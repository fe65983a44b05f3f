package org.sluice.fastpath.port;

import org.agrona.concurrent.UnsafeBuffer;

/** Takes the frames of a {@link Port} one by one. */
@FunctionalInterface
interface FrameHandler {

    /** The parameters are what {@link FrameBurst} tells of a frame. */
    void onFrame(UnsafeBuffer buffer, int offset, int length, long timestamp);

    /**
     * Receives frames and deals with them.
     *
     * @return how many
     */
    static int receive(Port port, FrameBurst burst, FrameHandler handler) {
        int count = port.receive(burst);
        for (int i = 0; i < count; i++) {
            handler.onFrame(burst.buffer(i), burst.frame(i), burst.length(i), burst.timestamp(i));
        }
        port.release();
        return count;
    }

    /** The same until there are no more or so many were dealt with. */
    static int receive(Port port, int limit, FrameHandler handler) {
        int count = 0;
        int more;
        do {
            more = receive(port, new FrameBurst(limit - count), handler);
            count += more;
        } while (more > 0 && count < limit);
        return count;
    }
}
