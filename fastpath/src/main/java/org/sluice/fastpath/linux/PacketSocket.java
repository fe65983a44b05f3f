package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An AF_PACKET socket with a TPACKET_V2 receive ring and transmit ring in mapped memory (packet(7), the kernel's
 * Documentation/networking/packet_mmap.rst). It receives nothing until it is bound and told what to {@link #admit}, and sees no
 * outgoing frames. Every frame in a ring is preceded by a virtio-net header.
 *
 * <p>Belongs to one thread at a time.
 */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int ETH_P_ALL = 3;

    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_TX_RING = 13;
    private static final int PACKET_LOSS = 14;
    private static final int PACKET_VNET_HDR = 15;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int TPACKET_V2 = 1;
    /** By a hash of addresses and ports, which is the same for all frames of a flow. The id is found by the kernel. */
    private static final int FANOUT_HASH = 0;
    private static final int FANOUT_UNIQUE_ID = 0x2000;
    private static final int FANOUT_IGNORE_OUTGOING = 0x4000;
    private static final int FANOUT_TYPE_SHIFT = 16;

    private static final int SOCKADDR_LL = 20;

    private final Libc libc = new Libc();
    private final MemorySegment statistics = Arena.ofAuto().allocate(8, 4);
    private final MemorySegment error = Arena.ofAuto().allocate(4, 4);
    private final MemorySegment length = Arena.ofAuto().allocate(4, 4);
    private final int descriptor;
    private long address;
    private long size;
    private NativeBuffer receiveRing;
    private NativeBuffer transmitRing;

    private PacketSocket() {
        descriptor = libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    }

    /**
     * @param receive geometry of the receive ring
     * @param transmit geometry of the transmit ring; null for none, and frames to be sent one by one
     * @param sendBuffer bytes of frames, with the kernel's overhead, that may be on their way to the device
     * @param queueBypass whether what is sent passes the queueing discipline by. That is faster, but a super-frame that the
     *        device can't cut up itself is then dropped by the kernel instead of being cut up in software.
     * @throws LinuxException for want of privilege or memory
     */
    public static PacketSocket open(RingGeometry receive, RingGeometry transmit, int sendBuffer, boolean queueBypass) {
        PacketSocket socket = new PacketSocket();
        try {
            socket.option("PACKET_VERSION", PACKET_VERSION, TPACKET_V2);
            socket.option("PACKET_IGNORE_OUTGOING", PACKET_IGNORE_OUTGOING, 1);
            socket.option("PACKET_QDISC_BYPASS", PACKET_QDISC_BYPASS, queueBypass ? 1 : 0);
            socket.option("PACKET_LOSS", PACKET_LOSS, 1);
            socket.option("PACKET_VNET_HDR", PACKET_VNET_HDR, 1);
            // without it, a frame's time is that when it had been copied into the ring, which takes long for a large one
            socket.libc.setOption("setsockopt SO_TIMESTAMPNS", socket.descriptor, SOL_SOCKET, SO_TIMESTAMPNS, 1);
            socket.libc.setOption("setsockopt SO_SNDBUFFORCE", socket.descriptor, SOL_SOCKET, SO_SNDBUFFORCE,
                    sendBuffer);
            socket.admit(SocketFilter.NONE);
            socket.ring("PACKET_RX_RING", PACKET_RX_RING, receive);
            if (transmit != null) {
                socket.ring("PACKET_TX_RING", PACKET_TX_RING, transmit);
            }
            socket.map(receive.size(), transmit == null ? 0 : transmit.size());
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void option(String name, int option, int value) {
        libc.setOption("setsockopt " + name, descriptor, SOL_PACKET, option, value);
    }

    /** From now on frames are received. @param filter says which */
    public void admit(SocketFilter filter) {
        try (Arena arena = Arena.ofConfined()) {
            libc.setOption("setsockopt SO_ATTACH_FILTER", descriptor, SOL_SOCKET, SO_ATTACH_FILTER,
                    filter.program(arena));
        }
    }

    private void ring(String name, int option, RingGeometry geometry) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocateFrom(JAVA_INT, geometry.blockSize(), geometry.blocks(),
                    geometry.slotSize(), geometry.slots());
            libc.setOption("setsockopt " + name + " of " + geometry.size() + " bytes", descriptor, SOL_PACKET, option,
                    request);
        }
    }

    private void map(int receive, int transmit) {
        size = (long) receive + transmit;
        address = libc.map(descriptor, size);
        receiveRing = new NativeBuffer(address, receive);
        transmitRing = new NativeBuffer(address + receive, transmit);
    }

    /**
     * Takes a device.
     *
     * @param device name, for the message of an error
     * @param index of the device
     * @throws LinuxException ENODEV when it is gone
     */
    public void bind(String device, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment link = arena.allocate(SOCKADDR_LL, 4);
            link.set(JAVA_SHORT, 0, (short) AF_PACKET);
            link.set(JAVA_SHORT, 2, Short.reverseBytes((short) ETH_P_ALL));
            link.set(JAVA_INT, 4, index);
            libc.bind("bind to " + device, descriptor, link);
        }
    }

    /**
     * Begins a group of sockets, of which each frame goes to one: all of a flow's direction to the same. Their order is that of joining,
     * and after the device was down that of opening. The socket is bound, and from then on can't be bound to anything else.
     *
     * @return what the others {@link #join}
     */
    public int beginGroup() {
        option("PACKET_FANOUT", PACKET_FANOUT,
                (FANOUT_HASH | FANOUT_UNIQUE_ID | FANOUT_IGNORE_OUTGOING) << FANOUT_TYPE_SHIFT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment group = arena.allocate(JAVA_INT);
            libc.option("getsockopt PACKET_FANOUT", descriptor, SOL_PACKET, PACKET_FANOUT, group, length);
            return group.get(JAVA_INT, 0);
        }
    }

    /** Joins a group of sockets that are bound to the same device. @param group of {@link #beginGroup} */
    public void join(int group) {
        option("PACKET_FANOUT", PACKET_FANOUT, group);
    }

    /** {@link GroupMembership}; it ends with the socket. */
    public void joinAllGroups(String device, int index) {
        GroupMembership.join(libc, descriptor, device, index);
    }

    /** @return for epoll: readable when a frame is in the receive ring. */
    public int descriptor() {
        return descriptor;
    }

    /** @return the mapped receive ring; not to be touched after {@link #close}. */
    public NativeBuffer receiveRing() {
        return receiveRing;
    }

    /** @return the mapped transmit ring, empty for none; not to be touched after {@link #close}. */
    public NativeBuffer transmitRing() {
        return transmitRing;
    }

    /**
     * Has the kernel send what is in the transmit ring; one system call, which does not wait and does not allocate.
     *
     * @return bytes sent, or the error number negated
     */
    public int kick() {
        return libc.kick(descriptor);
    }

    /**
     * Sends one frame, of a socket without a transmit ring; does not wait and does not allocate.
     *
     * @param from address of the virtio-net header before the frame
     * @param bytes of header and frame
     * @return bytes sent, or the error number negated: EAGAIN when the send buffer is full
     */
    public int send(long from, int bytes) {
        return libc.send(descriptor, from, bytes);
    }

    /** @return frames that found the receive ring full since the last call. */
    public int missed() {
        libc.option("getsockopt PACKET_STATISTICS", descriptor, SOL_PACKET, PACKET_STATISTICS, statistics, length);
        return statistics.get(JAVA_INT, 4);
    }

    /** Forgets the error that a device leaves when it goes down; until then, epoll would not sleep. */
    public void clearError() {
        libc.option("getsockopt SO_ERROR", descriptor, SOL_SOCKET, SO_ERROR, error, length);
    }

    @Override
    public void close() {
        if (address != 0) {
            libc.unmap(address, size);
            address = 0;
        }
        libc.close(descriptor);
    }
}
