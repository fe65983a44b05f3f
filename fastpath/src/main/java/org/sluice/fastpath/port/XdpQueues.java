package org.sluice.fastpath.port;

import java.util.List;
import org.agrona.CloseHelper;
import org.sluice.fastpath.linux.XdpSocket;

/**
 * The AF_XDP sockets of one port, one for each of its queues; the first one's also sends.
 *
 * @param incoming frames that each can hold
 * @param frameSize of their areas
 */
record XdpQueues(List<XdpSocket> sockets, int incoming, int frameSize) implements AutoCloseable {

    @Override
    public void close() {
        CloseHelper.quietCloseAll(sockets);
    }
}
