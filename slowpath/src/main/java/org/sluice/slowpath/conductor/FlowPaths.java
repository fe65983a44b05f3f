package org.sluice.slowpath.conductor;

import java.util.Set;
import org.agrona.concurrent.CachedNanoClock;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Route;

/** Takes live flows along when the gateway's addresses, its routes or its next hops change. Conductor. */
final class FlowPaths {
    private final Tables tables;
    private final FlowLife life;
    private final NeighborTable neighbors;
    private final CachedNanoClock clock;

    FlowPaths(Tables tables, FlowLife life, NeighborTable neighbors, CachedNanoClock clock) {
        this.tables = tables;
        this.life = life;
        this.neighbors = neighbors;
        this.clock = clock;
    }

    /**
     * Lets a live flow go the way that new flows go.
     *
     * @param flow original direction
     * @param gone addresses that the gateway has no more; who spoke to them would be answered by nobody
     * @return whether the flow was ended, because it can't go on
     */
    boolean follow(int flow, Set<IpAddress> gone) {
        Flows flows = tables.flows();
        if (gone.contains(flows.newSource(flow)) || gone.contains(flows.destination(flow))) {
            life.end(flow, EndReason.ADDRESS_GONE);
            return true;
        }
        IpAddress source = flows.source(flow);
        IpAddress destination = flows.newDestination(flow);
        Route to = keep(flow, destination, source);
        Route back = keep(flow | 1, source, destination);
        if (to == null || back == null || to.port() != port(flow) && hasAddressOfItsInterface(flow)) {
            life.end(flow, EndReason.PATH_GONE);
            return true;
        }
        // asymmetric paths stay so: answers come in where they did, unless the way to where they come from has moved
        int ingress = back.port() == port(flow | 1) ? flows.ingress(flow) : back.port();
        int reverseIngress = to.port() == port(flow) ? flows.ingress(flow | 1) : to.port();
        move(flow, ingress, to, destination);
        move(flow | 1, reverseIngress, back, source);
        return false;
    }

    /** As masquerading does, which is undone on another interface, where nobody would send answers to that address. */
    private boolean hasAddressOfItsInterface(int flow) {
        IpAddress seen = tables.flows().newSource(flow);
        return !seen.equals(tables.flows().source(flow)) && tables.interfaces().isOwn(seen);
    }

    private int port(int direction) {
        return neighbors.port(tables.flows().adjacency(direction));
    }

    private Route keep(int direction, IpAddress destination, IpAddress peer) {
        int adjacency = tables.flows().adjacency(direction);
        return tables.routes().keep(destination, peer, neighbors.port(adjacency), neighbors.address(adjacency));
    }

    /** The worker may read the old way once more, which is still a neighbour's for a minute. */
    private void move(int direction, int ingress, Route route, IpAddress destination) {
        int before = tables.flows().adjacency(direction);
        int adjacency = neighbors.use(route.port(), route.nextHop(destination), clock.nanoTime());
        tables.flows().path(direction, ingress, adjacency);
        neighbors.release(before);
    }
}
