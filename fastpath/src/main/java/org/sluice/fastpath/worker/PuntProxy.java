package org.sluice.fastpath.worker;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.port.VirtioNetHeader;

/** The worker's side of the punt ring. */
final class PuntProxy {
    private final RingBuffer ring;

    PuntProxy(RingBuffer ring) {
        this.ring = ring;
    }

    /** @return false when the conductor is behind and the ring is full. */
    boolean punt(PuntReason reason, int port, int flow, long timestamp, DirectBuffer buffer, int offset, int length) {
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
