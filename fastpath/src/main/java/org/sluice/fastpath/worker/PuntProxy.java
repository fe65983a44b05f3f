package org.sluice.fastpath.worker;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.port.VirtioNetHeader;

/** The worker's side of the punt ring. */
final class PuntProxy {
    private final RingBuffer ring;
    private final int commons;

    PuntProxy(RingBuffer ring) {
        this.ring = ring;
        commons = ring.capacity() / 4 * 3;
    }

    /**
     * @return false when the conductor is behind and the ring is full; of what known flows need a quarter is kept, so that floods of
     *         anything else don't stop them
     */
    boolean punt(PuntReason reason, int port, int flow, long timestamp, DirectBuffer buffer, int offset, int length) {
        if (!reason.isOwed() && ring.size() > commons) {
            return false;
        }
        int index = ring.tryClaim(reason.ordinal() + 1, PuntMessage.FRAME + length);
        if (index < 0) {
            return false;
        }
        MutableDirectBuffer message = ring.buffer();
        message.putInt(index + PuntMessage.PORT, port);
        message.putInt(index + PuntMessage.FLOW, flow);
        message.putLong(index + PuntMessage.TIMESTAMP, timestamp);
        message.putBytes(index + PuntMessage.VIRTIO_HEADER, buffer, offset - VirtioNetHeader.LENGTH,
                VirtioNetHeader.LENGTH + length);
        ring.commit(index);
        return true;
    }
}
