package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.CloseHelper;

/**
 * The XDP program that hands every frame of a device to the AF_XDP socket of the queue it came in by, and the map of these sockets
 * (Documentation/networking/af_xdp.rst, bpf(2)). A frame of a queue that has no socket is dropped: the gateway owns the device.
 *
 * <p>It hangs on the device by a BPF link, which the kernel takes off when its descriptor is closed, also by the end of a process that
 * crashed. Belongs to one thread at a time.
 */
public final class XdpProgram implements AutoCloseable {
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int MAP_TYPE_XSKMAP = 17;
    private static final int PROG_TYPE_XDP = 6;
    private static final int ATTACH_TYPE_XDP = 37;
    private static final int MODE_GENERIC = 2;
    private static final int MODE_NATIVE = 4;
    private static final int XDP_DROP = 1;
    private static final int REDIRECT_MAP = 51;
    /** Offset of rx_queue_index in struct xdp_md. */
    private static final int QUEUE_INDEX = 16;
    private static final int ATTRIBUTE = 128;

    private final Libc libc = new Libc();
    private int map = -1;
    private int program = -1;
    private int link = -1;
    private boolean isNative;

    private XdpProgram() {}

    /**
     * Loads the program; it does nothing before {@link #attach}.
     *
     * @param queues of the device
     * @throws LinuxException for want of privilege (CAP_NET_ADMIN and CAP_BPF) or where the kernel has no AF_XDP
     */
    public static XdpProgram load(int queues) {
        XdpProgram xdp = new XdpProgram();
        try (Arena arena = Arena.ofConfined()) {
            xdp.map = xdp.bpf("bpf map, which needs CAP_BPF", MAP_CREATE,
                    ints(arena, MAP_TYPE_XSKMAP, Integer.BYTES, Integer.BYTES, queues));
            long[] code = {
                    instruction(0x61, 2, 1, QUEUE_INDEX, 0), // r2 = queue
                    instruction(0x18, 1, 1, 0, xdp.map), // r1 = map
                    instruction(0, 0, 0, 0, 0), instruction(0xB7, 3, 0, 0, XDP_DROP),
                    instruction(0x85, 0, 0, 0, REDIRECT_MAP), instruction(0x95, 0, 0, 0, 0)};
            MemorySegment attribute = ints(arena, PROG_TYPE_XDP, code.length);
            attribute.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_LONG, code).address());
            attribute.set(JAVA_LONG, 16, arena.allocateFrom("Apache-2.0").address());
            attribute.set(JAVA_INT, 68, ATTACH_TYPE_XDP);
            xdp.program = xdp.bpf("bpf program load", PROG_LOAD, attribute);
            return xdp;
        } catch (RuntimeException e) {
            xdp.close();
            throw e;
        }
    }

    /** struct bpf_insn: code (8), destination register (4), source register (4), offset (16), immediate (32). */
    private static long instruction(int code, int destination, int source, int offset, int immediate) {
        return code | (long) destination << 8 | (long) source << 12 | (offset & 0xFFFFL) << 16
                | (long) immediate << 32;
    }

    private static MemorySegment ints(Arena arena, int... values) {
        MemorySegment attribute = arena.allocate(ATTRIBUTE, 8);
        for (int i = 0; i < values.length; i++) {
            attribute.set(JAVA_INT, (long) i * Integer.BYTES, values[i]);
        }
        return attribute;
    }

    /** Has the frames of a queue go to a socket. */
    public void socket(int queue, XdpSocket socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attribute = ints(arena, map);
            attribute.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_INT, queue).address());
            attribute.set(JAVA_LONG, 16, arena.allocateFrom(JAVA_INT, socket.descriptor()).address());
            bpf("bpf map update for queue " + queue, MAP_UPDATE_ELEM, attribute);
        }
    }

    /**
     * Hangs it on a device: in the driver when that can do it, else before the kernel's stack.
     *
     * @param device name, for the message of an error
     * @throws LinuxException EBUSY when the device has another program
     */
    public void attach(String device, int index) {
        try {
            attach(device, index, MODE_NATIVE);
            isNative = true;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EBUSY || e.errno() == Errno.EPERM) {
                throw e;
            }
            attach(device, index, MODE_GENERIC);
        }
    }

    private void attach(String device, int index, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            link = bpf("bpf link of an XDP program to " + device, LINK_CREATE,
                    ints(arena, program, index, ATTACH_TYPE_XDP, mode));
        }
    }

    /** @return whether the driver itself runs it. */
    public boolean isNative() {
        return isNative;
    }

    private int bpf(String what, int command, MemorySegment attribute) {
        return libc.bpf(what, command, attribute);
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(() -> close(link), () -> close(program), () -> close(map));
        link = -1;
        program = -1;
        map = -1;
    }

    private void close(int descriptor) {
        if (descriptor >= 0) {
            libc.close(descriptor);
        }
    }
}
