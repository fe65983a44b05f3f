package org.sluice.perf.gen.connection;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.perf.gen.Attachment;
import org.sluice.perf.gen.Station;
import org.sluice.perf.gen.Stop;
import org.sluice.perf.gen.load.Protocol;

/**
 * A client's device and a server's, with a thread each, which make connections between them without a TCP of their own: each end
 * answers a segment out of what stands in it, so that a connection costs them a frame out and a frame in for each packet, and no more.
 * Both answer ARP for the load's addresses meanwhile. Runs follow each other. One thread.
 */
public final class ConnectionGenerator implements AutoCloseable {
    /** For the client's last acknowledgements, to which nothing is answered. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(1);

    private final Station client;
    private final Station server;

    private ConnectionGenerator(Station client, Station server) {
        this.client = client;
        this.server = server;
    }

    /** @throws RuntimeException that says why a device can't be had; root is needed */
    public static ConnectionGenerator open(Attachment client, Attachment server) {
        Station one = Station.open(client);
        try {
            return new ConnectionGenerator(one, Station.open(server));
        } catch (RuntimeException e) {
            CloseHelper.quietClose(one);
            throw e;
        }
    }

    /**
     * Makes connections, and waits until all of them are done or nothing more comes for a second.
     *
     * @param gateway Ethernet address, in the lower 48 bits, of the client's next hop
     * @throws IllegalStateException when a device goes down
     */
    public ConnectionResult run(ConnectionLoad load, long gateway) {
        ClientEnd one = new ClientEnd(client, load, gateway);
        ServerEnd other = new ServerEnd(server, load);
        Stop stop = new Stop();
        long missed = missed();
        Future<Object> answering = server.start(() -> {
            server.answerFor(load.load().to().addresses());
            other.run(stop);
            return null;
        });
        try {
            long nanos = Station.await(client.start(() -> {
                client.answerFor(load.load().from().addresses());
                return one.run();
            }));
            boolean isTcp = load.load().protocol() == Protocol.TCP;
            if (isTcp) {
                awaitLast(load, one, other);
            }
            stop.now();
            Station.await(answering);
            return new ConnectionResult(nanos, one.openingNanos(), one.opened(),
                    isTcp ? other.get(ConnectionCounter.ESTABLISHED) : one.finished(),
                    other.get(ConnectionCounter.CLOSED), missed() - missed);
        } finally {
            stop.now();
        }
    }

    private static void awaitLast(ConnectionLoad load, ClientEnd client, ServerEnd server) {
        ConnectionCounter last = load.closes() ? ConnectionCounter.CLOSED : ConnectionCounter.ESTABLISHED;
        long end = System.nanoTime() + PATIENCE;
        while (server.get(last) < client.finished()
                && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL);
        }
    }

    private long missed() {
        return client.port().counters().get(PortCounter.RX_MISSED)
                + server.port().counters().get(PortCounter.RX_MISSED);
    }

    /** Gives the devices back. */
    @Override
    public void close() {
        CloseHelper.quietClose(server);
        client.close();
    }
}
