package org.sluice.fastpath.port;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.Epoll;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.InterfaceReader;
import org.sluice.fastpath.linux.LinuxException;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.linux.TapDevice;

/**
 * The program's side of a TAP device: whoever has the device itself, such as this machine's own stack, a namespace or a virtual machine's
 * bridge, is a neighbour of the gateway. Super-frames and partial checksums travel whole. Unlike the other drivers it takes a system
 * call for each frame, which for a super-frame is little and for small packets much.
 */
public final class TapPort implements Port {
    /** A super-frame with its Ethernet header. */
    private static final int LONGEST = (1 << 16) + 64;
    private static final int FRAME = 64;
    private static final int SLOTS = 64;
    private static final int CACHE_LINE = 64;
    private static final int STRIDE = BitUtil.align(FRAME + LONGEST, CACHE_LINE);
    /** Locally administered, one station. */
    private static final long MAC = 0x02_53_00_00_00_00L;

    private final CounterSet<PortCounter> counters = new CounterSet<>(PortCounter.class);
    private final UnsafeBuffer slots = OffHeap.allocate((long) SLOTS * STRIDE);
    private final UnsafeBuffer outgoing = OffHeap.allocate(STRIDE);
    private final int index;
    private final String name;
    private final String device;
    private final long macAddress;
    private final InterfaceReader reader;
    private final Epoll epoll = new Epoll();
    private TapDevice tap;
    private boolean isClosed;
    private volatile int mtu;
    private volatile int mtuLimit = Integer.MAX_VALUE;
    private volatile boolean isUp;

    private TapPort(int index, String name, String device) {
        this.index = index;
        this.name = name;
        this.device = device;
        reader = new InterfaceReader(device);
        CRC32 crc = new CRC32();
        crc.update(device.getBytes(StandardCharsets.UTF_8));
        macAddress = MAC | crc.getValue();
    }

    /**
     * @param index position in the gateway's list of ports
     * @param name of the interface in the configuration
     * @param device TAP device, which is made when it isn't there
     * @throws LinuxException for want of privilege, or where the kernel has no TAP
     */
    public static TapPort open(int index, String name, String device) {
        TapPort port = new TapPort(index, name, device);
        try {
            port.attach();
            port.maintain();
            return port;
        } catch (RuntimeException e) {
            port.close();
            throw e;
        }
    }

    private void attach() {
        CloseHelper.quietClose(tap);
        tap = null;
        tap = TapDevice.open(device);
        epoll.add(tap.descriptor());
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String name() {
        return name;
    }

    /** @return the gateway's own address; the device has another. It is the same at every start. */
    @Override
    public long macAddress() {
        return macAddress;
    }

    /** Makes the port take no packets larger than this, whatever the device would. Before the port is used. */
    public void limitMtu(int bytes) {
        mtuLimit = bytes;
    }

    @Override
    public int mtu() {
        return Math.min(mtu, mtuLimit);
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
        long packets = 0;
        long bytes = 0;
        for (int slot = 0; slot < SLOTS && !burst.isFull() && tap != null; slot++) {
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
    public boolean transmit(DirectBuffer buffer, int offset, int length) {
        return transmit(buffer, offset, length, false);
    }

    @Override
    public boolean originate(DirectBuffer buffer, int offset, int length) {
        return transmit(buffer, offset, length, true);
    }

    private boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (!isUp || length > LONGEST - VirtioNetHeader.LENGTH) {
            return false;
        }
        int bytes = length + VirtioNetHeader.LENGTH;
        int begin = FRAME - VirtioNetHeader.LENGTH;
        outgoing.putBytes(begin, buffer, offset - VirtioNetHeader.LENGTH, bytes);
        VirtioNetHeader.keepNeedsChecksumOnly(outgoing, FRAME);
        if (tap.write(outgoing.addressOffset() + begin, bytes) == bytes) {
            counters.add(PortCounter.TX_ORIGINATED, originated ? 1 : 0);
            counters.increment(PortCounter.TX_PACKETS);
            counters.add(PortCounter.TX_BYTES, length);
        } else {
            counters.increment(PortCounter.TX_REJECTED);
            counters.add(PortCounter.TX_REJECTED_ORIGINATED, originated ? 1 : 0);
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
                isUp = false;
                attach();
            }
            InterfaceInfo info = reader.read();
            if (info != null) {
                mtu = info.mtu();
            }
            // a device that was moved into another namespace can't be asked, but works
            isUp = info == null || info.isUp();
        } catch (LinuxException e) {
            // another program has the device, or it changes at this very moment; the next call finds out
            isUp = false;
        }
    }

    /** @return one descriptor, always the same. */
    @Override
    public int[] fileDescriptors() {
        return new int[]{epoll.descriptor()};
    }

    @Override
    public void close() {
        isUp = false;
        if (!isClosed) {
            isClosed = true;
            CloseHelper.quietCloseAll(tap, epoll, reader);
            tap = null;
        }
    }
}
