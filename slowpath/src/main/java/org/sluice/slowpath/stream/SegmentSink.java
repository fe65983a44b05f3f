package org.sluice.slowpath.stream;

import org.agrona.MutableDirectBuffer;

/** Takes the packets that are to go out. */
@FunctionalInterface
public interface SegmentSink {

    /**
     * @param direction it travels in
     * @param packet complete IP packet with right checksums, valid during the call
     */
    void emit(int direction, MutableDirectBuffer packet, int ip, int length);
}
