package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends a UDP datagram from each of many ports, over and over until it is ended: as many flows, kept alive. */
final class ManyDatagrams {
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** So that no burst fills a queue on the way. */
    private static final long GAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private ManyDatagrams() {}

    /** @param arguments own first port, number of ports, destination, its port */
    public static void main(String[] arguments) throws IOException {
        int first = Integer.parseInt(arguments[0]);
        List<DatagramChannel> channels = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            channels.add(DatagramChannel.open().bind(new InetSocketAddress(first + i)));
        }
        InetSocketAddress to = new InetSocketAddress(arguments[2], Integer.parseInt(arguments[3]));
        while (true) {
            for (DatagramChannel channel : channels) {
                channel.send(ByteBuffer.wrap(new byte[]{1}), to);
                LockSupport.parkNanos(GAP_NANOS);
            }
            LockSupport.parkNanos(ROUND_NANOS);
        }
    }
}
