package org.sluice.slowpath.neighbor;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.slowpath.trace.Story;

/**
 * A finished frame that waits for its Ethernet destination.
 *
 * @param buffer the frame at {@link #FRAME}, its virtio-net header before it
 * @param length of the frame
 * @param received how many received frames it stands for
 * @param ingress port the packet came in through; -1 for the gateway's own
 * @param worker that it is to leave through
 * @param original IP packet as it came in, as much as an ICMP error quotes; null for the gateway's own
 * @param story of the packet, for a trace; null when nobody traces
 */
public record HeldFrame(UnsafeBuffer buffer, int length, int received, int ingress, int worker, UnsafeBuffer original,
        Story story) {
    /** Offset of the frame in its buffer. */
    public static final int FRAME = 16;
}
