package org.sluice.fastpath.port;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.Errno;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.XdpRing;
import org.sluice.fastpath.linux.XdpSocket;

/**
 * The sending half of an AF_XDP socket. A frame is copied to a free place; its checksum is completed and a super-frame is cut here,
 * because nothing behind does it. What the kernel has sent comes back through the completion ring. Belongs to one thread.
 */
final class XdpTransmitter {
    /** Calls at most for one burst: each takes some dozen frames. */
    private static final int KICKS = 256;

    private final XdpSocket socket;
    private final CounterSet<PortCounter> counters;
    private final NativeBuffer frames;
    private final XdpRing ring;
    private final XdpRing completion;
    private final int longest;
    private final long[] free;
    /** By position in the ring, whether the frame is the gateway's own. */
    private final boolean[] originated;
    private int freeCount;
    private int queued;
    private int sent;
    private int completed;

    /** @param first offset of the first place to send from */
    XdpTransmitter(XdpSocket socket, int first, int frameSize, CounterSet<PortCounter> counters) {
        this.socket = socket;
        this.counters = counters;
        frames = socket.frames();
        ring = socket.transmit();
        completion = socket.completion();
        longest = frameSize - VirtioNetHeader.LENGTH_ALIGNED;
        free = new long[ring.size()];
        originated = new boolean[ring.size()];
        for (int i = 0; i < free.length; i++) {
            free[freeCount++] = first + (long) i * frameSize + VirtioNetHeader.LENGTH_ALIGNED;
        }
    }

    /** @param own whether it stands for no received frame. @return false when there is no room for all of it */
    boolean offer(DirectBuffer source, int offset, int length, boolean own) {
        boolean isSuperFrame = VirtioNetHeader.gsoType(source, offset) != VirtioNetHeader.GSO_NONE;
        int count = isSuperFrame ? Segmenter.count(source, offset, length) : 1;
        if (count > freeCount) {
            reclaim();
        }
        if (count > freeCount || !isSuperFrame && length > longest
                || isSuperFrame && Segmenter.longest(source, offset, length) > longest) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int place = (int) free[--freeCount];
            int bytes = length;
            if (isSuperFrame) {
                bytes = Segmenter.write(frames, place, source, offset, length, i);
            } else {
                frames.putBytes(place - VirtioNetHeader.LENGTH, source, offset - VirtioNetHeader.LENGTH,
                        length + VirtioNetHeader.LENGTH);
                SoftwareChecksum.complete(frames, place, length);
            }
            // a super-frame counts once, as it does elsewhere
            originated[queued & originated.length - 1] = own && i == 0;
            ring.put(queued++, place, bytes);
        }
        return true;
    }

    boolean isEmpty() {
        return sent == queued;
    }

    /** Has the kernel send. @return 0, or the error number that says why frames are still there */
    int flush() {
        ring.produced(queued);
        int result = 0;
        settle();
        // a driver with zero copy sends by itself once it was woken; others send within the call, some dozen at a time
        for (int i = 0; i < KICKS && sent != queued && ring.needsWakeup(); i++) {
            int before = sent;
            result = socket.kick();
            settle();
            if (before == sent || result != 0 && result != -Errno.EAGAIN.number()) {
                break;
            }
        }
        reclaim();
        return sent == queued ? 0 : -result;
    }

    private void settle() {
        int consumed = ring.consumed();
        if (consumed == sent) {
            return;
        }
        long bytes = 0;
        int own = 0;
        int packets = consumed - sent;
        for (; sent != consumed; sent++) {
            bytes += ring.length(sent);
            own += originated[sent & originated.length - 1] ? 1 : 0;
        }
        counters.add(PortCounter.TX_ORIGINATED, own);
        counters.add(PortCounter.TX_PACKETS, packets);
        counters.add(PortCounter.TX_BYTES, bytes);
    }

    private void reclaim() {
        int available = completion.produced();
        if (available == completed) {
            return;
        }
        for (; completed != available; completed++) {
            free[freeCount++] = completion.address(completed);
        }
        completion.consumed(completed);
    }

    /** Counts what was never sent, before the socket is closed. */
    void abandon() {
        settle();
        int own = 0;
        for (int i = sent; i != queued; i++) {
            own += originated[i & originated.length - 1] ? 1 : 0;
        }
        counters.add(PortCounter.TX_REJECTED, queued - sent);
        counters.add(PortCounter.TX_REJECTED_ORIGINATED, own);
        sent = queued;
    }
}
