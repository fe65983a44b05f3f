package org.sluice.fastpath.port;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;

/**
 * A network interface as one worker sees it: frames in, frames out. Only the accessors may be called from other threads. Of several
 * workers each has a port of its own for the interface, with the same index, name and device; a direction of a flow comes by one of
 * them.
 */
public interface Port extends AutoCloseable {

    /** @return position in the gateway's list of ports, from 0. Any thread. */
    int index();

    /** @return the name in the configuration. Any thread. */
    String name();

    /** @return the device's own address, in the lower 48 bits, first byte highest. Any thread. */
    long macAddress();

    /** @return largest IP packet in bytes that the device takes. Any thread. */
    int mtu();

    /** @return whether the device is there and up. Any thread. */
    boolean isUp();

    /** @return frames and bytes in and out. Any thread may read. */
    CounterSet<PortCounter> counters();

    /**
     * Hands over frames that have arrived, in their order, as many as there are and the burst takes. They stay where they are, until
     * {@link #release}, which comes before the next call.
     *
     * @return how many
     */
    int receive(FrameBurst burst);

    /** Takes the memory of all frames back that were handed over. */
    void release();

    /**
     * Queues one frame, copying it together with the {@link VirtioNetHeader} before {@code offset}.
     *
     * @return false when there is no room or the device is down; the frame was not taken
     */
    boolean transmit(DirectBuffer buffer, int offset, int length);

    /** As {@link #transmit}, of a frame that stands for no received one: it is counted apart. */
    boolean originate(DirectBuffer buffer, int offset, int length);

    /** Gives queued frames to the device: at most a system call for each burst, none when nothing is queued. */
    void flush();

    /**
     * Called several times a second from the owner's thread: notices that the device changed (down, up, MTU, gone, back)
     * and recovers.
     */
    void maintain();

    /** @return descriptors that become readable when frames have arrived; empty when there are none to wait for. */
    int[] fileDescriptors();

    /**
     * Whether the descriptors become readable, as at first. An owner that has so much to do that it does not sleep need not be woken, which
     * spares whoever sends to it a good part of the work. With true those of frames that are there already are readable. Owner's thread.
     */
    void wakesOwner(boolean value);

    @Override
    void close();
}
