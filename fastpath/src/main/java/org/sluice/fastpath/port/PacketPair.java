package org.sluice.fastpath.port;

import org.agrona.CloseHelper;
import org.sluice.fastpath.linux.PacketSocket;

/**
 * The two packet sockets of one port.
 *
 * @param small for frames of ordinary size
 * @param large for GSO super-frames
 */
record PacketPair(PacketSocket small, PacketSocket large) implements AutoCloseable {
    private static final int SEND_BUFFER = 64 * 1024 * 1024;

    /** Not yet bound. */
    static PacketPair open(AfPacketPort.Options options) {
        PacketSocket small = PacketSocket.open(AfPacketLayout.small(options.smallReceive()),
                AfPacketLayout.small(options.smallTransmit()), SEND_BUFFER, true);
        try {
            return new PacketPair(small, PacketSocket.open(AfPacketLayout.large(options.largeReceive()),
                    null, SEND_BUFFER, false));
        } catch (RuntimeException e) {
            small.close();
            throw e;
        }
    }

    void bind(String device, int index) {
        small.bind(device, index);
        large.bind(device, index);
    }

    /** Each frame goes to exactly one of the two. */
    void admit(int vlan) {
        small.admit(AfPacketLayout.SHORTEST_FRAME, AfPacketLayout.SMALL_FRAME, vlan);
        large.admit(AfPacketLayout.SMALL_FRAME + 1, Integer.MAX_VALUE, vlan);
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(small, large);
    }
}
