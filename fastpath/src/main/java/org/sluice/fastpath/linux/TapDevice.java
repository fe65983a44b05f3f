package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The side of a TAP device that a program holds (Documentation/networking/tuntap.rst): what is read from it the kernel has sent to the
 * device, what is written the device receives. Each frame has a virtio-net header before it. A device that isn't there is made, and goes
 * when it is closed. Belongs to one thread at a time.
 */
public final class TapDevice implements AutoCloseable {
    private static final int READ_WRITE_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
    private static final long TUNSETIFF = 0x4004_54CAL;
    private static final long TUNGETIFF = 0x8004_54D2L;
    private static final long TUNSETOFFLOAD = 0x4004_54D0L;
    private static final int IFF_TAP_NO_PI_VNET_HDR = 0x0002 | 0x1000 | 0x4000;
    private static final int IFREQ = 40;
    private static final int FLAGS = 16;
    /** Checksums, TCP over IPv4 and IPv6 in super-frames, with ECN. */
    private static final long OFFLOADS = 1 | 2 | 4 | 8;

    private final Libc libc = new Libc();
    private final MemorySegment request = Arena.ofAuto().allocate(IFREQ, 8);
    private final int descriptor;

    private TapDevice(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * @param device name
     * @throws LinuxException for want of privilege, or EBUSY when another program holds it
     */
    public static TapDevice open(String device) {
        TapDevice tap = new TapDevice(new Libc().open("/dev/net/tun", READ_WRITE_NONBLOCK_CLOEXEC));
        try {
            byte[] name = device.getBytes(StandardCharsets.UTF_8);
            MemorySegment.copy(name, 0, tap.request, JAVA_BYTE, 0, name.length);
            tap.request.set(JAVA_SHORT, FLAGS, (short) IFF_TAP_NO_PI_VNET_HDR);
            tap.demand("TAP device " + device, tap.libc.ioctl(tap.descriptor, TUNSETIFF, tap.request));
            tap.demand("offloads of " + device,
                    tap.libc.ioctl(tap.descriptor, TUNSETOFFLOAD, MemorySegment.ofAddress(OFFLOADS)));
            return tap;
        } catch (RuntimeException e) {
            tap.close();
            throw e;
        }
    }

    /** @return the same for another thread, to be closed by itself; the device stays as long as one of them is open. Any thread. */
    public TapDevice duplicate() {
        return new TapDevice(new Libc().duplicate(descriptor));
    }

    private void demand(String what, int errno) {
        if (errno != 0) {
            throw new LinuxException(what, errno);
        }
    }

    /** @return whether the device is still there, in whatever namespace it may be by now. */
    public boolean isThere() {
        return libc.ioctl(descriptor, TUNGETIFF, request) == 0;
    }

    /** @return for epoll: readable when the kernel has sent a frame. */
    public int descriptor() {
        return descriptor;
    }

    /** Does not wait and does not allocate. @return bytes of one frame and its header, or the error number negated. */
    public int read(long address, int length) {
        return libc.read(descriptor, address, length);
    }

    /** Does not wait and does not allocate. @return bytes of one frame and its header, or the error number negated. */
    public int write(long address, int length) {
        return libc.write(descriptor, address, length);
    }

    @Override
    public void close() {
        libc.close(descriptor);
    }
}
