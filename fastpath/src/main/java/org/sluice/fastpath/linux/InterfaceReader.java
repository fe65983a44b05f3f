package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Asks the kernel about one device, by name, through ioctl on a socket of its own. Belongs to one thread at a time. */
public final class InterfaceReader implements AutoCloseable {
    /** Longest name of a device, in bytes. */
    public static final int LONGEST_NAME = 15;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final int IFREQ = 40;
    private static final int VALUE = 16;
    private static final int ADDRESS = 18;
    private static final int ADDRESS_LENGTH = 6;

    private final Libc libc = new Libc();
    private final MemorySegment request = Arena.ofAuto().allocate(IFREQ, 8);
    private final String device;
    private final int descriptor;

    /**
     * @param device name, which need not exist
     * @throws IllegalArgumentException when no device can have that name
     */
    public InterfaceReader(String device) {
        byte[] bytes = device.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "\"" + device + "\" cannot be a device: names have 1 to " + LONGEST_NAME + " bytes");
        }
        this.device = device;
        MemorySegment.copy(bytes, 0, request, JAVA_BYTE, 0, bytes.length);
        descriptor = libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    }

    /**
     * @return the device as it is now, or null when there is none of that name
     * @throws LinuxException when the kernel refuses to say
     */
    public InterfaceInfo read() {
        if (!ask(SIOCGIFINDEX)) {
            return null;
        }
        int index = request.get(JAVA_INT, VALUE);
        if (!ask(SIOCGIFMTU)) {
            return null;
        }
        int mtu = request.get(JAVA_INT, VALUE);
        if (!ask(SIOCGIFFLAGS)) {
            return null;
        }
        int flags = request.get(JAVA_SHORT, VALUE) & 0xFFFF;
        if (!ask(SIOCGIFHWADDR)) {
            return null;
        }
        long mac = 0;
        for (int i = 0; i < ADDRESS_LENGTH; i++) {
            mac = mac << 8 | request.get(JAVA_BYTE, ADDRESS + i) & 0xFF;
        }
        return new InterfaceInfo(index, mac, mtu, flags);
    }

    private boolean ask(long what) {
        int errno = libc.ioctl(descriptor, what, request);
        if (errno == Errno.ENODEV.number()) {
            return false;
        }
        if (errno != 0) {
            throw new LinuxException("ioctl 0x" + Long.toHexString(what) + " on " + device, errno);
        }
        return true;
    }

    @Override
    public void close() {
        libc.close(descriptor);
    }
}
