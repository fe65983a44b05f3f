package org.sluice.fastpath.port;

import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.XdpRing;
import org.sluice.fastpath.linux.XdpSocket;
import org.sluice.fastpath.wire.Ethernet;

/**
 * The receiving half of an AF_XDP socket: takes frames from the receive ring, and when they are released gives their places back through
 * the fill ring. Belongs to one thread.
 */
final class XdpReceiver {
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_SERVICE_VLAN = 0x88A8;

    private final XdpSocket socket;
    private final CounterSet<PortCounter> counters;
    private final NativeBuffer frames;
    private final XdpRing ring;
    private final XdpRing fill;
    private final long frameMask;
    private int taken;
    private int released;
    private int filled;

    /** @param frameSize of the socket's area */
    XdpReceiver(XdpSocket socket, int frameSize, CounterSet<PortCounter> counters) {
        this.socket = socket;
        this.counters = counters;
        frames = socket.frames();
        ring = socket.receive();
        fill = socket.fill();
        frameMask = -frameSize;
        for (int i = 0; i < fill.size(); i++) {
            fill.put(filled++, (long) i * frameSize);
        }
        fill.produced(filled);
        if (fill.needsWakeup()) {
            // a driver with zero copy that had no places yet
            socket.wake();
        }
    }

    /** Adds frames to the burst until it is full. */
    void receive(FrameBurst burst) {
        int available = ring.produced();
        int packets = 0;
        long bytes = 0;
        while (taken != available && !burst.isFull()) {
            int frame = (int) ring.address(taken);
            int length = ring.length(taken);
            taken++;
            packets++;
            bytes += length;
            if (length >= Ethernet.HEADER_LENGTH && isTagged(frame)) {
                counters.increment(PortCounter.RX_VLAN);
            } else {
                SoftwareChecksum.find(frames, frame, length);
                burst.add(frames, frame, length, 0);
            }
        }
        if (packets > 0) {
            counters.add(PortCounter.RX_PACKETS, packets);
            counters.add(PortCounter.RX_BYTES, bytes);
        }
    }

    private boolean isTagged(int frame) {
        int type = Ethernet.type(frames, frame);
        return type == TYPE_VLAN || type == TYPE_SERVICE_VLAN;
    }

    /** Gives back all that was taken. */
    void release() {
        if (released == taken) {
            return;
        }
        for (; released != taken; released++) {
            fill.put(filled++, ring.address(released) & frameMask);
        }
        ring.consumed(released);
        fill.produced(filled);
        if (fill.needsWakeup()) {
            // a driver with zero copy that ran out of places
            socket.wake();
        }
    }
}
