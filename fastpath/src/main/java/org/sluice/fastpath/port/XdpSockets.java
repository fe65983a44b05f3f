package org.sluice.fastpath.port;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.sluice.fastpath.linux.GroupMembership;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.KernelBypass;
import org.sluice.fastpath.linux.XdpProgram;
import org.sluice.fastpath.linux.XdpSocket;

/**
 * The AF_XDP sockets of one device, one for each of its queues, and the program that fills them. A direction of a flow comes by one queue,
 * as the device or its driver sees to; the queues are dealt out among the workers, each of which must have one at least.
 */
final class XdpSockets extends SocketGroup<XdpQueues> {
    /** Frames that all queues together can hold: what comes in the 20 ms and more for which a worker may have to wait for a processor. */
    private static final int INCOMING = 16_384;
    private static final int LEAST_INCOMING = 4_096;
    private static final int OUTGOING = 2_048;
    private static final int SMALL_FRAME = 2_048;
    private static final int LARGE_FRAME = 4_096;
    /** Ethernet header and a VLAN's tag. */
    private static final int LINK_HEADER = 18;

    private final String device;
    private XdpProgram program;
    private GroupMembership membership;
    private KernelBypass bypass;
    private volatile String description = "";

    XdpSockets(String device, int workers) {
        super(workers);
        this.device = device;
    }

    @Override
    boolean fits(InterfaceInfo before, InterfaceInfo now) {
        return before.index() == now.index() && frameSize(before.mtu()) == frameSize(now.mtu());
    }

    /** @return what holds a frame of that MTU behind the headroom; the larger size when none does. */
    private static int frameSize(int mtu) {
        return mtu + LINK_HEADER <= SMALL_FRAME - XdpSocket.HEADROOM ? SMALL_FRAME : LARGE_FRAME;
    }

    @Override
    void open(InterfaceInfo info, List<XdpQueues> into) {
        int frameSize = frameSize(info.mtu());
        if (info.mtu() + LINK_HEADER > frameSize - XdpSocket.HEADROOM) {
            throw new IllegalStateException("an MTU of " + info.mtu() + " is too large for AF_XDP; at most "
                    + (LARGE_FRAME - XdpSocket.HEADROOM - LINK_HEADER) + " is possible");
        }
        int queues = queues();
        if (queues < workers()) {
            throw new IllegalStateException(("it has %d receive queues, and each of %d workers needs one"
                    + " (ethtool -L %s combined %d, where the device can do that)").formatted(queues, workers(), device,
                            workers()));
        }
        bypass = KernelBypass.start(device);
        program = XdpProgram.load(queues);
        int incoming = Math.max(LEAST_INCOMING, Integer.highestOneBit(INCOMING / queues));
        for (int worker = 0; worker < workers(); worker++) {
            into.set(worker, new XdpQueues(new ArrayList<>(), incoming, frameSize));
        }
        for (int queue = 0; queue < queues; queue++) {
            List<XdpSocket> sockets = into.get(queue % workers()).sockets();
            XdpSocket socket = XdpSocket.open(incoming, sockets.isEmpty() ? OUTGOING : 0, frameSize);
            sockets.add(socket);
            socket.bind(device, info.index(), queue);
            program.socket(queue, socket);
        }
        program.attach(device, info.index());
        membership = new GroupMembership(device, info.index());
        description = "AF_XDP " + (program.isNative() ? "in the driver" : "before the kernel's stack (generic)") + ", "
                + queues + (queues == 1 ? " queue" : " queues")
                + (workers() == 1 ? "" : " of " + workers() + " workers");
    }

    private int queues() {
        try (Stream<Path> queues = Files.list(Path.of("/sys/class/net", device, "queues"))) {
            return (int) Math.max(1, queues.filter(q -> q.getFileName().toString().startsWith("rx-")).count());
        } catch (IOException e) {
            return 1;
        }
    }

    @Override
    void closeShared() {
        CloseHelper.quietCloseAll(program, membership, bypass);
        program = null;
        membership = null;
        bypass = null;
    }

    /** @return how it works here. Any thread. */
    String description() {
        return description;
    }
}
