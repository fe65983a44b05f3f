package org.sluice.fastpath.port;

import static org.sluice.fastpath.port.AfPacketLayout.LENGTH;
import static org.sluice.fastpath.port.AfPacketLayout.STATUS;
import static org.sluice.fastpath.port.AfPacketLayout.TRANSMIT_AVAILABLE;
import static org.sluice.fastpath.port.AfPacketLayout.TRANSMIT_FRAME;
import static org.sluice.fastpath.port.AfPacketLayout.TRANSMIT_HEADER;
import static org.sluice.fastpath.port.AfPacketLayout.TRANSMIT_OWNER;
import static org.sluice.fastpath.port.AfPacketLayout.TRANSMIT_REQUEST;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.Errno;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.PacketSocket;
import org.sluice.fastpath.linux.RingGeometry;

/**
 * A mapped transmit ring. Frames are queued by writing them into slots; one call has the kernel take them all, in order.
 * {@code head} is where the next frame is written, {@code tail} the first slot that the kernel hasn't taken, which is also
 * where the kernel stands.
 *
 * <p>A frame that the device refuses stops the kernel: it puts the slot back to TRANSMIT_REQUEST, answers ENOBUFS, and would
 * meet the same frame at the next call. A full queue behind the device looks the same, and passes. So a refused frame is
 * tried again at some later flushes, and then given a length that can't be: because the socket has PACKET_LOSS, the kernel
 * skips such a slot. As long as the device refuses frame after frame, one try must do.
 *
 * <p>The kernel is told to copy frames, which are of ordinary size, as a whole instead of pointing into the ring. With veth and others that
 * keep frames longer than the call lasts, it would have to copy them in any case, later and at greater cost.
 *
 * <p>Belongs to one thread. Nothing here throws or allocates.
 */
final class TxRing {
    private static final int TRIES = 8;
    private static final int SKIPS_A_FLUSH = 64;
    private static final int IMPOSSIBLE_LENGTH = Integer.MAX_VALUE;

    private final PacketSocket socket;
    private final CounterSet<PortCounter> counters;
    private final NativeBuffer buffer;
    private final int[] offsets;
    private final int longest;
    private final int tag;
    private final int tagLength;
    /** Slot by slot, whether its frame is the gateway's own. */
    private final boolean[] originated;
    private int head;
    private int tail;
    private int pending;
    private int refusals;
    private boolean refusing;

    /**
     * @param longest frame that fits a slot, bytes
     * @param vlan that frames go out to, or at most 0 for none
     */
    TxRing(PacketSocket socket, RingGeometry geometry, int longest, int vlan,
            CounterSet<PortCounter> counters) {
        this.socket = socket;
        this.counters = counters;
        this.longest = longest;
        tag = VlanTag.of(vlan);
        tagLength = tag == 0 ? 0 : VlanTag.LENGTH;
        buffer = socket.transmitRing();
        offsets = geometry.offsets();
        originated = new boolean[offsets.length];
    }

    /** @param own whether it stands for no received frame. @return false when there is no free slot */
    boolean offer(DirectBuffer source, int offset, int untagged, boolean own) {
        int slot = offsets[head];
        int length = untagged + tagLength;
        if (length > longest || (buffer.getIntAcquire(slot + STATUS) & TRANSMIT_OWNER) != TRANSMIT_AVAILABLE
                || pending == offsets.length) {
            return false;
        }
        int frame = slot + TRANSMIT_FRAME;
        if (tag == 0) {
            buffer.putBytes(slot + TRANSMIT_HEADER, source, offset - VirtioNetHeader.LENGTH,
                    length + VirtioNetHeader.LENGTH);
        } else {
            VlanTag.copy(buffer, frame, source, offset, untagged, tag);
        }
        VirtioNetHeader.keepNeedsChecksumOnly(buffer, frame);
        VirtioNetHeader.headerLength(buffer, frame, length);
        buffer.putInt(slot + LENGTH, length + VirtioNetHeader.LENGTH);
        buffer.putIntRelease(slot + STATUS, TRANSMIT_REQUEST);
        originated[head] = own;
        head = after(head);
        pending++;
        return true;
    }

    boolean isEmpty() {
        return pending == 0;
    }

    /** @return 0, or the error number that says why frames are still pending. */
    int flush() {
        for (int skips = 0; pending > 0; skips++) {
            int result = socket.kick();
            if (settle() > 0) {
                refusals = 0;
                refusing = false;
            }
            if (pending == 0) {
                return 0;
            }
            if (result != -Errno.ENOBUFS.number() || skips == SKIPS_A_FLUSH) {
                return result < 0 ? -result : Errno.EAGAIN.number();
            }
            refusals++;
            if (!refusing && refusals < TRIES) {
                return Errno.ENOBUFS.number();
            }
            refusing = true;
            buffer.putInt(offsets[tail] + LENGTH, IMPOSSIBLE_LENGTH);
        }
        return 0;
    }

    /** Drops what is pending: it was meant for a device in another state. The next {@link #flush} frees the slots. */
    void discard() {
        int slot = tail;
        for (int i = 0; i < pending; i++) {
            buffer.putInt(offsets[slot] + LENGTH, IMPOSSIBLE_LENGTH);
            slot = after(slot);
        }
    }

    /** Counts what was never sent, before the socket is closed. */
    void abandon() {
        settle();
        int own = 0;
        for (; pending > 0; pending--) {
            own += originated[tail] ? 1 : 0;
            counters.increment(PortCounter.TX_REJECTED);
            tail = after(tail);
        }
        counters.add(PortCounter.TX_REJECTED_ORIGINATED, own);
    }

    /** Counts what the kernel has taken. @return how many frames went to the device. */
    private int settle() {
        int sent = 0;
        long bytes = 0;
        int ownSent = 0;
        int rejected = 0;
        int ownRejected = 0;
        while (pending > 0 && (buffer.getIntAcquire(offsets[tail] + STATUS) & TRANSMIT_OWNER) != TRANSMIT_REQUEST) {
            int length = buffer.getInt(offsets[tail] + LENGTH);
            if (length == IMPOSSIBLE_LENGTH) {
                rejected++;
                ownRejected += originated[tail] ? 1 : 0;
            } else {
                sent++;
                ownSent += originated[tail] ? 1 : 0;
                bytes += length - VirtioNetHeader.LENGTH;
            }
            tail = after(tail);
            pending--;
        }
        if (sent > 0) {
            counters.add(PortCounter.TX_ORIGINATED, ownSent);
            counters.add(PortCounter.TX_PACKETS, sent);
            counters.add(PortCounter.TX_BYTES, bytes);
        }
        if (rejected > 0) {
            counters.add(PortCounter.TX_REJECTED, rejected);
            counters.add(PortCounter.TX_REJECTED_ORIGINATED, ownRejected);
        }
        return sent;
    }

    private int after(int index) {
        int next = index + 1;
        return next == offsets.length ? 0 : next;
    }
}
