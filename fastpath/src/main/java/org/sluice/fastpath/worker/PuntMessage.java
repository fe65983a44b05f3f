package org.sluice.fastpath.worker;

import org.sluice.fastpath.port.VirtioNetHeader;

/**
 * A frame on its way from a worker to the conductor; the message type is the punt reason's ordinal plus one.
 * <pre>
 *   0      4        8           16       22             32
 *  +------+--------+-----------+--------+--------------+---------
 *  | port | flowId | timestamp | unused | virtioHeader | frame …
 *  +------+--------+-----------+--------+--------------+---------
 * </pre>
 */
public final class PuntMessage {
    public static final int PORT = 0;
    /** As the worker found it, 0 for none; it may have ended since. */
    public static final int FLOW = 4;
    /** When the kernel saw the frame, nanoseconds of CLOCK_REALTIME. */
    public static final int TIMESTAMP = 8;
    public static final int FRAME = 32;
    public static final int VIRTIO_HEADER = FRAME - VirtioNetHeader.LENGTH;

    private PuntMessage() {}
}
