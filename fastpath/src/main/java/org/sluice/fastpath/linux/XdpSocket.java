package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An AF_XDP socket with its area of frames and its four rings (Documentation/networking/af_xdp.rst): one queue of one device. It
 * receives nothing until {@link #bind} and until an {@link XdpProgram} names it. Belongs to one thread at a time.
 */
public final class XdpSocket implements AutoCloseable {
    /** Bytes that the kernel leaves free before each received frame. */
    public static final int HEADROOM = 256;

    private static final int AF_XDP = 44;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SEND_BUFFER = 64 * 1024 * 1024;
    private static final int SOL_XDP = 283;
    private static final int XDP_MMAP_OFFSETS = 1;
    private static final int XDP_RX_RING = 2;
    private static final int XDP_TX_RING = 3;
    private static final int XDP_UMEM_REG = 4;
    private static final int XDP_UMEM_FILL_RING = 5;
    private static final int XDP_UMEM_COMPLETION_RING = 6;
    private static final int XDP_STATISTICS = 7;
    private static final int STATISTICS = 48;
    private static final int RX_RING_FULL = 24;
    private static final int OFFSETS = 128;
    private static final int OFFSETS_OF_RING = 32;
    private static final long[] PLACES = {0, 0x8000_0000L, 0x1_0000_0000L, 0x1_8000_0000L};
    private static final int FRAME_ENTRY = 16;
    private static final int ADDRESS_ENTRY = 8;
    private static final int USE_NEED_WAKEUP = 8;
    private static final int SOCKADDR_XDP = 16;

    private final Libc libc = new Libc();
    private final MemorySegment statistics = Arena.ofAuto().allocate(STATISTICS, 8);
    private final MemorySegment error = Arena.ofAuto().allocate(4, 4);
    private final MemorySegment length = Arena.ofAuto().allocate(4, 4);
    private final List<long[]> mappings = new ArrayList<>();
    private final int descriptor;
    private NativeBuffer frames;
    private XdpRing receive;
    private XdpRing transmit;
    private XdpRing fill;
    private XdpRing completion;

    private XdpSocket() {
        descriptor = libc.socket(AF_XDP, SOCK_RAW_CLOEXEC, 0);
    }

    /**
     * @param incoming frames to receive into, a power of two
     * @param outgoing frames to send from, a power of two; 0 for a socket that sends nothing
     * @param frameSize bytes of each with headroom: 2,048 or 4,096
     * @throws LinuxException for want of privilege or memory, or where the kernel has no AF_XDP
     */
    public static XdpSocket open(int incoming, int outgoing, int frameSize) {
        XdpSocket socket = new XdpSocket();
        try {
            socket.area((incoming + outgoing) * frameSize, frameSize);
            socket.option("XDP_UMEM_FILL_RING", XDP_UMEM_FILL_RING, incoming);
            // the kernel wants one of each
            socket.option("XDP_UMEM_COMPLETION_RING", XDP_UMEM_COMPLETION_RING, Math.max(outgoing, 2));
            socket.option("XDP_RX_RING", XDP_RX_RING, incoming);
            if (outgoing > 0) {
                socket.option("XDP_TX_RING", XDP_TX_RING, outgoing);
            }
            socket.libc.setOption("setsockopt SO_SNDBUFFORCE", socket.descriptor, SOL_SOCKET, SO_SNDBUFFORCE,
                    SEND_BUFFER);
            socket.map(incoming, outgoing);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void area(int size, int frameSize) {
        // all of it is gone through, frame by frame: on small pages a worker waits for thousands of translations whenever the kernel has looked
        // which pages are in use (reclaim, DAMON), and forwards half as much until it has been once around
        long address = OffHeap.map(libc, size);
        mappings.add(new long[]{address, size});
        frames = new NativeBuffer(address, size);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment registration = arena.allocate(32, 8);
            registration.set(JAVA_LONG, 0, address);
            registration.set(JAVA_LONG, 8, size);
            registration.set(JAVA_INT, 16, frameSize);
            libc.setOption("setsockopt XDP_UMEM_REG of " + size
                    + " bytes, which need CAP_IPC_LOCK or as much locked memory (ulimit -l)", descriptor, SOL_XDP,
                    XDP_UMEM_REG,
                    registration);
        }
    }

    private void option(String name, int option, int value) {
        libc.setOption("setsockopt " + name, descriptor, SOL_XDP, option, value);
    }

    private void map(int incoming, int outgoing) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment offsets = arena.allocate(OFFSETS, 8);
            libc.option("getsockopt XDP_MMAP_OFFSETS", descriptor, SOL_XDP, XDP_MMAP_OFFSETS, offsets,
                    arena.allocate(4, 4));
            receive = ring(offsets, 0, FRAME_ENTRY, incoming);
            transmit = outgoing == 0 ? null : ring(offsets, 1, FRAME_ENTRY, outgoing);
            fill = ring(offsets, 2, ADDRESS_ENTRY, incoming);
            completion = ring(offsets, 3, ADDRESS_ENTRY, Math.max(outgoing, 2));
        }
    }

    /** struct xdp_ring_offset: producer, consumer, entries, flags. */
    private XdpRing ring(MemorySegment offsets, int number, int entryLength, int size) {
        long at = (long) number * OFFSETS_OF_RING;
        long entries = offsets.get(JAVA_LONG, at + 16);
        long bytes = entries + (long) size * entryLength;
        long address = libc.map(descriptor, bytes, PLACES[number]);
        mappings.add(new long[]{address, bytes});
        return new XdpRing(new NativeBuffer(address, (int) bytes), offsets.get(JAVA_LONG, at),
                offsets.get(JAVA_LONG, at + 8), entries, offsets.get(JAVA_LONG, at + 24), entryLength, size);
    }

    /**
     * Takes a queue of a device, with zero copy where the driver has it.
     *
     * @param device name, for the message of an error
     */
    public void bind(String device, int index, int queue) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_XDP, 4);
            address.set(JAVA_SHORT, 0, (short) AF_XDP);
            address.set(JAVA_SHORT, 2, (short) USE_NEED_WAKEUP);
            address.set(JAVA_INT, 4, index);
            address.set(JAVA_INT, 8, queue);
            libc.bind("bind of AF_XDP to queue " + queue + " of " + device, descriptor, address);
        }
    }

    /** @return for epoll: readable when a frame is in the receive ring. */
    public int descriptor() {
        return descriptor;
    }

    /** @return the frames, those to receive into first; not to be touched after {@link #close}. */
    public NativeBuffer frames() {
        return frames;
    }

    /** @return frames that have come in. */
    public XdpRing receive() {
        return receive;
    }

    /** @return frames to go out. */
    public XdpRing transmit() {
        return transmit;
    }

    /** @return places for frames to come. */
    public XdpRing fill() {
        return fill;
    }

    /** @return places of frames that have gone out. */
    public XdpRing completion() {
        return completion;
    }

    /**
     * Has the kernel send what is in the transmit ring; one system call, which does not wait and does not allocate.
     *
     * @return 0, or the error number negated; EAGAIN when it wants to be called once more
     */
    public int kick() {
        return libc.kick(descriptor);
    }

    /** Has the driver look at the fill ring; as {@link #kick}. */
    public void wake() {
        libc.peek(descriptor);
    }

    /** @return frames so far that found no place to be received into. */
    public long missed() {
        libc.option("getsockopt XDP_STATISTICS", descriptor, SOL_XDP, XDP_STATISTICS, statistics, length);
        return statistics.get(JAVA_LONG, 0) + statistics.get(JAVA_LONG, RX_RING_FULL);
    }

    /** Forgets the error that a device leaves when it goes down; until then, epoll would not sleep. */
    public void clearError() {
        libc.option("getsockopt SO_ERROR", descriptor, SOL_SOCKET, SO_ERROR, error, length);
    }

    @Override
    public void close() {
        libc.close(descriptor);
        mappings.forEach(m -> libc.unmap(m[0], m[1]));
        mappings.clear();
    }
}
