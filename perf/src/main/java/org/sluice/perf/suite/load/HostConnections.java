package org.sluice.perf.suite.load;

import java.time.Duration;
import org.sluice.perf.gen.connection.ConnectionGenerator;
import org.sluice.perf.gen.connection.ConnectionLoad;
import org.sluice.perf.gen.connection.ConnectionResult;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;
import org.sluice.perf.gen.load.Rate;
import org.sluice.perf.suite.stand.Stand;

/** Connections from the stand's client to its server, which has both devices while it is open. One thread. */
public final class HostConnections implements AutoCloseable {
    /** Fewer than nf_conntrack holds by default. */
    public static final int MANY = 200_000;
    /** Enough for all that is on its way, in bursts, through any rival. */
    public static final int WINDOW = 1_000;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ConnectionGenerator generator;
    private final long gateway;

    private HostConnections(ConnectionGenerator generator, long gateway) {
        this.generator = generator;
        this.gateway = gateway;
    }

    /** Hosts and gateway know each other already. */
    public static HostConnections open(Stand stand) {
        return new HostConnections(ConnectionGenerator.open(stand.clientDevice(), stand.serverDevice()),
                stand.insideMacAddress());
    }

    /** Makes connections as fast as they are answered, which stay open. */
    public ConnectionResult fill(Protocol protocol, int count) {
        return generator.run(new ConnectionLoad(load(protocol, count), WINDOW, false), gateway);
    }

    /** Makes connections of TCP as fast as they are answered, each of which is closed at once. */
    public ConnectionResult complete(int count) {
        return generator.run(new ConnectionLoad(load(Protocol.TCP, count), WINDOW, true), gateway);
    }

    /** Makes connections at a rate, whether others have been answered or not; they stay open. @param rate connections a second */
    public ConnectionResult pace(Protocol protocol, int count, double rate) {
        return generator.run(new ConnectionLoad(load(protocol, count).rate(Rate.packets(rate)),
                ConnectionLoad.UNBOUNDED, false), gateway);
    }

    private static Load load(Protocol protocol, int count) {
        return HostFlows.of(count).stamped(false).protocol(protocol).count(count).duration(LIMIT);
    }

    @Override
    public void close() {
        generator.close();
    }
}
