package org.sluice.fastpath.port;

import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.linux.Epoll;
import org.sluice.fastpath.linux.Errno;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.InterfaceReader;
import org.sluice.fastpath.linux.LinuxException;
import org.sluice.fastpath.linux.XdpSocket;

/**
 * A network device through AF_XDP: an XDP program in the driver hands each frame to a socket before the kernel makes anything of it.
 * One socket for each queue of the device receives; the first one's also sends. Frames are of ordinary size: with the program, the
 * kernel takes super-frames off veth and network cards do without. Several workers have a port each, with some of the queues
 * ({@link XdpSockets}).
 *
 * <p>When the device is deleted and made anew, or its MTU outgrows the frames, sockets and program are made anew too; the descriptor to
 * wait for stays. While its MTU is too large for AF_XDP, the port is down.
 */
public final class AfXdpPort extends DevicePort {
    private static final int REHEARSALS = 1_000;

    private final XdpSockets group;
    private final int worker;
    private final Epoll epoll = new Epoll();
    /** Null, as the transmitter, while the device is being made anew. */
    private XdpQueues queues;
    private XdpReceiver[] receivers = {};
    private XdpTransmitter transmitter;
    private int next;
    private long missed;
    private boolean isClosed;

    private AfXdpPort(int index, String name, String device, XdpSockets group, int worker) {
        super(index, name, device, new InterfaceReader(device));
        this.group = group;
        this.worker = worker;
        group.enter();
    }

    /** The same for one worker. */
    public static AfXdpPort open(int index, String name, String device) {
        return open(index, name, device, 1).getFirst();
    }

    /**
     * @param index position in the gateway's list of ports
     * @param name of the interface in the configuration
     * @param device of the kernel, such as eth0
     * @param workers from 1 on
     * @return one port for each of them
     * @throws IllegalStateException when there is no such device, its MTU is too large, or it has fewer queues than workers
     * @throws LinuxException for want of privilege or memory, or where the kernel has no AF_XDP
     */
    public static List<AfXdpPort> open(int index, String name, String device, int workers) {
        XdpSockets group = new XdpSockets(device, workers);
        List<AfXdpPort> ports = new ArrayList<>();
        try {
            for (int worker = 0; worker < workers; worker++) {
                ports.add(new AfXdpPort(index, name, device, group, worker));
                ports.getLast().start();
            }
            ports.getFirst().rehearse();
            return ports;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(ports);
            throw e;
        }
    }

    private void start() {
        InterfaceInfo info = reader.read();
        if (info == null) {
            throw new IllegalStateException("there is no device " + device());
        }
        renew(info);
        if (queues == null) {
            throw new IllegalStateException("the device " + device() + " changed while it was opened");
        }
    }

    /** Has sockets for the device as it is now, or none as long as other workers have some for it as it was. */
    private void renew(InterfaceInfo info) {
        giveBack();
        queues = group.take(worker, info);
        if (queues != null) {
            int frameSize = queues.frameSize();
            receivers = new XdpReceiver[queues.sockets().size()];
            for (int i = 0; i < receivers.length; i++) {
                XdpSocket socket = queues.sockets().get(i);
                receivers[i] = new XdpReceiver(socket, frameSize, counters);
                epoll.add(socket.descriptor());
            }
            transmitter = new XdpTransmitter(queues.sockets().getFirst(), queues.incoming() * frameSize, frameSize,
                    counters);
            missed = 0;
            seen(info);
        }
    }

    private void giveBack() {
        isUp(false);
        if (queues != null) {
            transmitter.abandon();
            transmitter = null;
            receivers = new XdpReceiver[0];
            epoll.clear();
            queues.close();
            queues = null;
            group.giveBack();
        }
    }

    /** Has the JVM link and compile the system call before the first frame has to wait for that. */
    private void rehearse() {
        for (int i = 0; i < REHEARSALS; i++) {
            queues.sockets().getFirst().kick();
        }
    }

    @Override
    public String description() {
        return group.description();
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
            } else if (queues == null || !group.serves(info)) {
                renew(info);
            } else {
                long now = 0;
                for (XdpSocket socket : queues.sockets()) {
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
    public void wakesOwner(boolean value) {
        epoll.listen(value);
    }

    @Override
    public void close() {
        if (!isClosed) {
            // a number that was closed may be another's already
            isClosed = true;
            giveBack();
            group.leave();
            CloseHelper.quietCloseAll(epoll, reader);
        }
    }
}
