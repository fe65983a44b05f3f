package org.sluice.slowpath.conductor;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.worker.InjectMessage;

/** The conductor's side of a worker's inject ring. */
public final class WorkerProxy {
    private static final int ATTEMPTS = 1000;
    private final RingBuffer ring;
    private final Runnable wakeup;
    private boolean pending;

    /** @param wakeup wakes the worker when it sleeps; cheap when it does not */
    public WorkerProxy(RingBuffer ring, Runnable wakeup) {
        this.ring = ring;
        this.wakeup = wakeup;
    }

    /**
     * Sends a finished frame, with the virtio-net header before it.
     *
     * @param type of {@link InjectMessage}
     * @return false when the worker did not take anything for a while and the ring stayed full
     */
    boolean inject(int type, int port, DirectBuffer buffer, int frame, int length) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int index = ring.tryClaim(type, InjectMessage.FRAME + length);
            if (index >= 0) {
                MutableDirectBuffer message = ring.buffer();
                message.putInt(index + InjectMessage.PORT, port);
                message.putBytes(index + InjectMessage.VIRTIO_HEADER, buffer, frame - VirtioNetHeader.LENGTH,
                        VirtioNetHeader.LENGTH + length);
                ring.commit(index);
                pending = true;
                return true;
            }
            wakeup.run();
            Thread.onSpinWait();
        }
        return false;
    }

    /** At the end of a duty cycle: lets a sleeping worker know. */
    void flush() {
        if (pending) {
            pending = false;
            wakeup.run();
        }
    }
}
