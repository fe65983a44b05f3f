package org.sluice.fastpath.port;

import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;

/**
 * A port without a device, for tests and benchmarks: what is offered is received, what is transmitted can be taken.
 *
 * <p>One thread may offer and take while another, the owner, receives and transmits. The owner's calls do not allocate.
 */
public final class MemoryPort implements Port {
    private final CounterSet<PortCounter> counters = new CounterSet<>(PortCounter.class);
    private final int index;
    private final String name;
    private final long macAddress;
    private final FrameRing incoming;
    private final FrameRing outgoing;
    private volatile int mtu;
    private volatile boolean isUp = true;
    private final AtomicInteger toRefuse = new AtomicInteger();
    private final int longestFrame;
    private FrameReplay replay;
    private boolean isCountingOnly;

    /**
     * @param index position in the gateway's list of ports
     * @param name as in the configuration
     * @param macAddress in the lower 48 bits, first byte highest
     * @param mtu largest IP packet in bytes
     * @param slots frames that can wait in each direction
     * @param longestFrame bytes from the Ethernet header on
     */
    public MemoryPort(int index, String name, long macAddress, int mtu, int slots, int longestFrame) {
        this.index = index;
        this.name = name;
        this.macAddress = macAddress;
        this.mtu = mtu;
        this.longestFrame = longestFrame;
        incoming = new FrameRing(slots, longestFrame);
        outgoing = new FrameRing(slots, longestFrame);
    }

    /** A port that holds 1,024 frames of up to 2,048 bytes, MTU 1,500. */
    public MemoryPort(int index, String name, long macAddress) {
        this(index, name, macAddress, 1_500, 1_024, 2_048);
    }

    /** Has a frame received, with an empty virtio-net header. @return false when there is no room. */
    public boolean offer(byte[] frame) {
        return incoming.offer(frame);
    }

    /** Has a frame received, with the virtio-net header before {@code offset}. @return false when there is no room. */
    public boolean offer(DirectBuffer buffer, int offset, int length) {
        return incoming.offer(buffer, offset, length);
    }

    /** @return the frame transmitted first that was not yet taken, without virtio-net header; null when there is none. */
    public byte[] take() {
        return outgoing.copy(0);
    }

    /** @return as {@link #take}, with the {@value VirtioNetHeader#LENGTH} bytes of virtio-net header in front. */
    public byte[] takeWithHeader() {
        return outgoing.copy(VirtioNetHeader.LENGTH);
    }

    /** From now on the frames that wait are received again and again, each time as they were offered, for benchmarks. */
    public void replay() {
        replay = new FrameReplay(incoming, incoming.waiting(), longestFrame);
    }

    /** From now on transmitted frames are counted and forgotten, for benchmarks. */
    public void countOnly() {
        isCountingOnly = true;
    }

    /** Switches the device on or off, as it were. Any thread. */
    public void isUp(boolean value) {
        isUp = value;
    }

    /** Any thread. */
    public void mtu(int value) {
        mtu = value;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public boolean isUp() {
        return isUp;
    }

    @Override
    public CounterSet<PortCounter> counters() {
        return counters;
    }

    @Override
    public int receive(FrameBurst burst) {
        burst.clear();
        long bytes = replay == null ? 0 : replay.receive(burst);
        while (!burst.isFull() && incoming.isReady()) {
            int length = incoming.length();
            bytes += length;
            burst.add(incoming.buffer(), incoming.frame(), length, 0);
            incoming.take();
        }
        if (burst.size() > 0) {
            counters.add(PortCounter.RX_PACKETS, burst.size());
            counters.add(PortCounter.RX_BYTES, bytes);
        }
        return burst.size();
    }

    @Override
    public void release() {
        incoming.release();
    }

    /** The next frames to be transmitted are taken, and then refused by the device, as it were. Any thread. */
    public void refuse(int frames) {
        toRefuse.set(frames);
    }

    @Override
    public boolean transmit(DirectBuffer buffer, int offset, int length) {
        return transmit(buffer, offset, length, false);
    }

    @Override
    public boolean originate(DirectBuffer buffer, int offset, int length) {
        return transmit(buffer, offset, length, true);
    }

    private boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (!isUp) {
            return false;
        }
        if (toRefuse.get() > 0) {
            toRefuse.decrementAndGet();
            counters.increment(PortCounter.TX_REJECTED);
            counters.add(PortCounter.TX_REJECTED_ORIGINATED, originated ? 1 : 0);
            return true;
        }
        if (!isCountingOnly && !outgoing.offer(buffer, offset, length)) {
            counters.increment(PortCounter.TX_FULL);
            return false;
        }
        if (originated) {
            counters.increment(PortCounter.TX_ORIGINATED);
        }
        counters.increment(PortCounter.TX_PACKETS);
        counters.add(PortCounter.TX_BYTES, length);
        return true;
    }

    @Override
    public void flush() {}

    @Override
    public void maintain() {}

    @Override
    public int[] fileDescriptors() {
        return new int[0];
    }

    @Override
    public void wakesOwner(boolean value) {}

    @Override
    public void close() {
        isUp = false;
    }
}
