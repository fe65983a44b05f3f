package org.sluice.fastpath.port;

import org.agrona.CloseHelper;
import org.sluice.fastpath.linux.PacketSocket;
import org.sluice.fastpath.linux.SocketFilter;

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

    /** Each frame of the port's goes to exactly one of the two. */
    void admit(AfPacketPort.Options options) {
        small.admit(SocketFilter.ALL.length(AfPacketLayout.SHORTEST_FRAME, AfPacketLayout.SMALL_FRAME)
                .and(options.admitted()));
        large.admit(SocketFilter.ALL.length(AfPacketLayout.SMALL_FRAME + 1, Integer.MAX_VALUE).and(options.admitted()));
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(small, large);
    }
}
