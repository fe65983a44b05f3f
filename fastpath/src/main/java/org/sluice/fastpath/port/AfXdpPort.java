package org.sluice.fastpath.port;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.Epoll;
import org.sluice.fastpath.linux.Errno;
import org.sluice.fastpath.linux.GroupMembership;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.InterfaceReader;
import org.sluice.fastpath.linux.KernelBypass;
import org.sluice.fastpath.linux.LinuxException;
import org.sluice.fastpath.linux.XdpProgram;
import org.sluice.fastpath.linux.XdpSocket;

/**
 * A network device through AF_XDP: an XDP program in the driver hands each frame to a socket before the kernel makes anything of it.
 * One socket for each queue of the device receives; the first one's also sends. Frames are of ordinary size: with the program, the
 * kernel takes super-frames off veth and network cards do without.
 *
 * <p>When the device is deleted and made anew, or its MTU outgrows the frames, sockets and program are made anew too; the descriptor to
 * wait for stays. While its MTU is too large for AF_XDP, the port is down.
 */
public final class AfXdpPort extends DevicePort {
    private static final int INCOMING = 4_096;
    private static final int OUTGOING = 2_048;
    private static final int SMALL_FRAME = 2_048;
    private static final int LARGE_FRAME = 4_096;
    private static final int REHEARSALS = 1_000;
    /** Ethernet header and a VLAN's tag. */
    private static final int LINK_HEADER = 18;

    private final Epoll epoll = new Epoll();
    private final List<XdpSocket> sockets = new ArrayList<>();
    private XdpReceiver[] receivers = {};
    private XdpTransmitter transmitter;
    private XdpProgram program;
    private GroupMembership groups;
    private KernelBypass bypass;
    private int next;
    private int deviceIndex;
    private int frameSize;
    private long missed;
    private boolean isClosed;

    private AfXdpPort(int index, String name, String device) {
        super(index, name, device, new InterfaceReader(device));
    }

    /**
     * @param index position in the gateway's list of ports
     * @param name of the interface in the configuration
     * @param device of the kernel, such as eth0
     * @throws IllegalStateException when there is no such device, or its MTU is too large
     * @throws LinuxException for want of privilege or memory, or where the kernel has no AF_XDP
     */
    public static AfXdpPort open(int index, String name, String device) {
        AfXdpPort port = new AfXdpPort(index, name, device);
        try {
            InterfaceInfo info = port.reader.read();
            if (info == null) {
                throw new IllegalStateException("there is no device " + device);
            }
            port.bind(info);
            port.rehearse();
            return port;
        } catch (RuntimeException e) {
            port.close();
            throw e;
        }
    }

    private void bind(InterfaceInfo info) {
        try {
            attach(info);
        } catch (RuntimeException e) {
            // half of it is of no use
            unbind();
            throw e;
        }
    }

    /** @return what holds a frame of that MTU behind the headroom; the larger size when none does. */
    private static int frameSize(int mtu) {
        return mtu + LINK_HEADER <= SMALL_FRAME - XdpSocket.HEADROOM ? SMALL_FRAME : LARGE_FRAME;
    }

    private void attach(InterfaceInfo info) {
        unbind();
        frameSize = frameSize(info.mtu());
        if (info.mtu() + LINK_HEADER > frameSize - XdpSocket.HEADROOM) {
            throw new IllegalStateException("an MTU of " + info.mtu() + " is too large for AF_XDP; at most "
                    + (LARGE_FRAME - XdpSocket.HEADROOM - LINK_HEADER) + " is possible");
        }
        bypass = KernelBypass.start(device());
        int queues = queues();
        program = XdpProgram.load(queues);
        receivers = new XdpReceiver[queues];
        for (int i = 0; i < queues; i++) {
            XdpSocket socket = XdpSocket.open(INCOMING, i == 0 ? OUTGOING : 0, frameSize);
            sockets.add(socket);
            receivers[i] = new XdpReceiver(socket, frameSize, counters);
            socket.bind(device(), info.index(), i);
            program.socket(i, socket);
            epoll.add(socket.descriptor());
        }
        transmitter = new XdpTransmitter(sockets.getFirst(), INCOMING * frameSize, frameSize, counters);
        program.attach(device(), info.index());
        groups = new GroupMembership(device(), info.index());
        deviceIndex = info.index();
        missed = 0;
        seen(info);
    }

    private int queues() {
        try (Stream<Path> queues = Files.list(Path.of("/sys/class/net", device(), "queues"))) {
            return (int) Math.max(1, queues.filter(q -> q.getFileName().toString().startsWith("rx-")).count());
        } catch (IOException e) {
            return 1;
        }
    }

    private void unbind() {
        if (transmitter != null) {
            transmitter.abandon();
            transmitter = null;
        }
        receivers = new XdpReceiver[0];
        CloseHelper.quietCloseAll(program, groups, bypass);
        CloseHelper.quietCloseAll(sockets);
        sockets.clear();
        program = null;
        groups = null;
        bypass = null;
    }

    /** Has the JVM link and compile the system call before the first frame has to wait for that. */
    private void rehearse() {
        for (int i = 0; i < REHEARSALS; i++) {
            sockets.getFirst().kick();
        }
    }

    @Override
    public String description() {
        return "AF_XDP " + (program.isNative() ? "in the driver" : "before the kernel's stack (generic)") + ", "
                + receivers.length + (receivers.length == 1 ? " queue" : " queues");
    }

    @Override
    public int receive(FrameBurst burst) {
        burst.clear();
        int count = receivers.length;
        // none of the queues is always the first
        next = next + 1 < count ? next + 1 : 0;
        for (int i = 0; i < count; i++) {
            int queue = next + i < count ? next + i : next + i - count;
            receivers[queue].receive(burst);
        }
        if (burst.size() == 0) {
            release();
        }
        return burst.size();
    }

    @Override
    public void release() {
        for (XdpReceiver receiver : receivers) {
            receiver.release();
        }
    }

    @Override
    boolean transmit(DirectBuffer buffer, int offset, int length, boolean originated) {
        if (!isUp() || transmitter == null) {
            return false;
        }
        boolean taken = transmitter.offer(buffer, offset, length, originated);
        if (!taken) {
            flush();
            taken = isUp() && transmitter.offer(buffer, offset, length, originated);
        }
        if (!taken) {
            counters.increment(PortCounter.TX_FULL);
        }
        return taken;
    }

    @Override
    public void flush() {
        if (!isUp() || transmitter == null || transmitter.isEmpty()) {
            return;
        }
        int errno = transmitter.flush();
        if (errno == Errno.ENETDOWN.number() || errno == Errno.ENXIO.number()) {
            isUp(false);
        }
    }

    @Override
    public void maintain() {
        try {
            InterfaceInfo info = reader.read();
            if (info == null) {
                isUp(false);
            } else if (info.index() != deviceIndex || sockets.isEmpty() || frameSize(info.mtu()) != frameSize) {
                isUp(false);
                bind(info);
            } else {
                long now = 0;
                for (XdpSocket socket : sockets) {
                    now += socket.missed();
                    socket.clearError();
                }
                counters.add(PortCounter.RX_MISSED, now - missed);
                missed = now;
                seen(info);
            }
        } catch (LinuxException | IllegalStateException e) {
            // the device changes at this very moment, or came back as one that can't be had; the next call finds out
            isUp(false);
        }
        flush();
    }

    /** @return one descriptor, always the same. */
    @Override
    public int[] fileDescriptors() {
        return new int[]{epoll.descriptor()};
    }

    @Override
    public void close() {
        isUp(false);
        unbind();
        if (!isClosed) {
            // a number that was closed may be another's already
            isClosed = true;
            CloseHelper.quietCloseAll(epoll, reader);
        }
    }
}
