package org.sluice.fastpath.worker;

import org.sluice.fastpath.port.VirtioNetHeader;

/**
 * A finished frame on its way from the conductor through a worker to a port.
 * <pre>
 *   0      4        6              16
 *  +------+--------+--------------+---------
 *  | port | unused | virtioHeader | frame …
 *  +------+--------+--------------+---------
 * </pre>
 */
public final class InjectMessage {
    /** Message type: stands for a received frame, which is now forwarded. */
    public static final int FORWARD = 1;
    /** Message type: the gateway's own. */
    public static final int ORIGINATE = 2;

    public static final int PORT = 0;
    public static final int FRAME = 16;
    public static final int VIRTIO_HEADER = FRAME - VirtioNetHeader.LENGTH;

    private InjectMessage() {}
}
