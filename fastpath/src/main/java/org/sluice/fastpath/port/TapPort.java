package org.sluice.fastpath.port;

import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.Epoll;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.InterfaceReader;
import org.sluice.fastpath.linux.LinuxException;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.linux.TapDevice;

/**
 * The program's side of a TAP device: whoever has the device itself, such as this machine's own stack, a namespace or a virtual machine's
 * bridge, is a neighbour of the gateway. Super-frames and partial checksums travel whole. Unlike the other drivers it takes a system
 * call for each frame, which for a super-frame is little and for small packets much.
 *
 * <p>Of several workers the first one reads and all write, through descriptors of one queue. Queues of their own would not do: the kernel
 * sends a flow to the queue that was written last for its other direction (tun_flow_update), which may be by another worker each time,
 * so that packets would overtake each other; and to tell it otherwise takes CAP_BPF.
 */
public final class TapPort extends DevicePort {
    /** A super-frame with its Ethernet header. */
    private static final int LONGEST = (1 << 16) + 64;
    private static final int FRAME = 64;
    private static final int SLOTS = 64;
    private static final int CACHE_LINE = 64;
    private static final int STRIDE = BitUtil.align(FRAME + LONGEST, CACHE_LINE);

    private final NativeBuffer slots = OffHeap.allocate((long) SLOTS * STRIDE);
    private final NativeBuffer outgoing = OffHeap.allocate(STRIDE);
    private final Epoll epoll = new Epoll();
    /** The port that reads; this one itself when it does. */
    private final TapPort reading;
    private TapDevice tap;
    private boolean isClosed;

    /** @param reading null when it is this one */
    private TapPort(int index, String name, String device, TapPort reading) {
        super(index, name, device, new InterfaceReader(device));
        this.reading = reading == null ? this : reading;
        // the gateway's own, the same at every start; the device has another
        macAddress(madeUpAddress(device));
    }

    /** The same for one worker. */
    public static TapPort open(int index, String name, String device) {
        return open(index, name, device, 1).getFirst();
    }

    /**
     * @param index position in the gateway's list of ports
     * @param name of the interface in the configuration
     * @param device TAP device, which is made when it isn't there
     * @param workers from 1 on
     * @return one port for each of them
     * @throws LinuxException for want of privilege, or where the kernel has no TAP
     */
    public static List<TapPort> open(int index, String name, String device, int workers) {
        List<TapPort> ports = new ArrayList<>();
        try {
            for (int worker = 0; worker < workers; worker++) {
                ports.add(new TapPort(index, name, device, worker == 0 ? null : ports.getFirst()));
                ports.getLast().attach();
                ports.getLast().maintain();
            }
            return ports;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(ports);
            throw e;
        }
    }

    private void attach() {
        if (isReading()) {
            epoll.clear();
            open();
            epoll.add(tap.descriptor());
        } else {
            CloseHelper.quietClose(tap);
            tap = reading.duplicate();
        }
    }

    private boolean isReading() {
        return reading == this;
    }

    private synchronized void open() {
        CloseHelper.quietClose(tap);
        tap = null;
        tap = TapDevice.open(device());
    }

    /** For another worker: as long as it is made, the descriptor is not another's. @return null while there is no device */
    private synchronized TapDevice duplicate() {
        return tap == null ? null : tap.duplicate();
    }

    @Override
    public int receive(FrameBurst burst) {
        burst.clear();
        long packets = 0;
        long bytes = 0;
        for (int slot = 0; slot < SLOTS && !burst.isFull() && tap != null && isReading(); slot++) {
            int frame = slot * STRIDE + FRAME;
            int begin = frame - VirtioNetHeader.LENGTH;
            int length = tap.read(slots.addressOffset() + begin, LONGEST) - VirtioNetHeader.LENGTH;
            if (length <= 0) {
                break;
            }
            packets++;
            bytes += length;
            burst.add(slots, frame, length, 0);
        }
        if (packets > 0) {
            counters.add(PortCounter.RX_PACKETS, packets);
            counters.add(PortCounter.RX_BYTES, bytes);
        }
        return burst.size();
    }

    /** The next call of {@link #receive} writes over them. */
    @Override
    public void release() {}

    @Override
    boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (!isUp() || length > LONGEST - VirtioNetHeader.LENGTH) {
            return false;
        }
        int bytes = length + VirtioNetHeader.LENGTH;
        int begin = FRAME - VirtioNetHeader.LENGTH;
        outgoing.putBytes(begin, buffer, offset - VirtioNetHeader.LENGTH, bytes);
        VirtioNetHeader.keepNeedsChecksumOnly(outgoing, FRAME);
        if (tap.write(outgoing.addressOffset() + begin, bytes) == bytes) {
            sent(length, originated);
        } else {
            rejected(originated);
        }
        return true;
    }

    /** Nothing waits: a frame is written as it comes. */
    @Override
    public void flush() {}

    @Override
    public void maintain() {
        try {
            if (tap == null || !tap.isThere()) {
                isUp(false);
                attach();
            }
            InterfaceInfo info = reader.read();
            if (info != null) {
                mtu(info.mtu());
            }
            // a device that was moved into another namespace can't be asked, but works
            isUp(tap != null && (info == null || info.isUp()));
        } catch (LinuxException e) {
            // another program has the device, or it changes at this very moment; the next call finds out
            isUp(false);
        }
    }

    @Override
    public String description() {
        return "TAP, whose other side is the kernel's";
    }

    /** @return one descriptor, always the same. */
    @Override
    public int[] fileDescriptors() {
        return new int[]{epoll.descriptor()};
    }

    @Override
    public void wakesOwner(boolean value) {
        epoll.listen(value);
    }

    @Override
    public void close() {
        isUp(false);
        if (!isClosed) {
            isClosed = true;
            epoll.clear();
            detach();
            CloseHelper.quietCloseAll(epoll, reader);
        }
    }

    private synchronized void detach() {
        CloseHelper.quietClose(tap);
        tap = null;
    }
}
