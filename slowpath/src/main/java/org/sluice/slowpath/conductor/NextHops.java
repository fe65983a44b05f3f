package org.sluice.slowpath.conductor;

import java.util.Set;
import org.agrona.concurrent.CachedNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.fastpath.port.Port;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Route;

/** Which of several equal routes can be used: those whose link is up and whose next hop answers. Conductor. */
final class NextHops {
    private static final Logger LOG = LoggerFactory.getLogger(NextHops.class);

    private final Tables tables;
    private final NeighborTable neighbors;
    private final Transmitter.Ports ports;
    private final FlowPaths paths;
    private final FlowSweep sweep;
    private final CachedNanoClock clock;
    /** A bit for each port of a shared route whose link was down at the last look. */
    private long down;

    NextHops(Tables tables, NeighborTable neighbors, Transmitter.Ports ports, FlowPaths paths, FlowSweep sweep,
            CachedNanoClock clock) {
        this.tables = tables;
        this.neighbors = neighbors;
        this.ports = ports;
        this.paths = paths;
        this.sweep = sweep;
        this.clock = clock;
        tables.routes().usable(this::isUsable);
        neighbors.onDown(this::onDown);
    }

    private boolean isUsable(Route route) {
        Port port = ports.get(route.port());
        return port.isUp() && !neighbors.isDown(route.port(), route.via());
    }

    /** The routes are other ones: those of several to one prefix have to be watched. */
    void watch() {
        neighbors.watch(tables.routes().shared(), clock.nanoTime());
    }

    /** To be called several times a second: looks at the links. */
    void tick() {
        long now = 0;
        for (Route route : tables.routes().shared()) {
            now |= ports.get(route.port()).isUp() ? 0 : 1L << route.port();
        }
        if ((now & ~down) != 0) {
            follow();
        }
        down = now;
    }

    private void onDown(int port, IpAddress address) {
        LOG.warn("the next hop {} on {} does not answer; what went there takes another route if there is one", address,
                tables.interfaces().get(port).name());
        follow();
    }

    private void follow() {
        sweep.each(flow -> paths.follow(flow, Set.of()));
    }
}
