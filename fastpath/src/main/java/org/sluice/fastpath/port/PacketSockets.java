package org.sluice.fastpath.port;

import java.util.List;
import org.agrona.CloseHelper;
import org.sluice.fastpath.linux.InterfaceInfo;
import org.sluice.fastpath.linux.KernelBypass;

/**
 * The packet sockets of one interface, a pair for each worker. With several workers the small ones are a fanout group and the large ones
 * another (packet(7), PACKET_FANOUT): a hash of addresses and ports picks the socket. Both groups have the workers in the same order,
 * so that a flow's frames are with one worker whatever their size. A socket that has joined a group can't be bound anew, which is why all
 * are opened again when the device was made anew.
 */
final class PacketSockets extends SocketGroup<PacketPair> {
    private final String device;
    private final AfPacketPort.Options options;
    private KernelBypass bypass;
    private volatile String bypassDescription = "kernel stack not kept out";

    /** @param options of each worker's rings */
    PacketSockets(String device, AfPacketPort.Options options, int workers) {
        super(workers);
        this.device = device;
        this.options = options;
    }

    @Override
    boolean fits(InterfaceInfo before, InterfaceInfo now) {
        return before.index() == now.index();
    }

    @Override
    void open(InterfaceInfo info, List<PacketPair> into) {
        // first the filter, then the sockets: better a frame lost than one that both the kernel and the gateway answer
        if (options.kernelBypass()) {
            bypass = KernelBypass.start(device);
            bypassDescription = bypass.description();
        }
        for (int worker = 0; worker < into.size(); worker++) {
            into.set(worker, PacketPair.open(options));
            into.get(worker).bind(device, info.index());
        }
        PacketPair first = into.getFirst();
        first.small().joinAllGroups(device, info.index());
        if (into.size() > 1) {
            group(into);
        }
        // last: until it is in its group a socket would be given everything
        into.forEach(pair -> pair.admit(options));
    }

    private static void group(List<PacketPair> pairs) {
        int small = pairs.getFirst().small().beginGroup();
        int large = pairs.getFirst().large().beginGroup();
        for (PacketPair pair : pairs.subList(1, pairs.size())) {
            pair.small().join(small);
            pair.large().join(large);
        }
    }

    @Override
    void closeShared() {
        CloseHelper.quietClose(bypass);
        bypass = null;
    }

    /** @return how the kernel's stack is kept out, and what is amiss with it. Any thread. */
    String bypassDescription() {
        return bypassDescription;
    }
}
