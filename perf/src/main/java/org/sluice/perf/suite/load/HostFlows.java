package org.sluice.perf.suite.load;

import java.net.InetAddress;
import org.sluice.mgmt.lab.Topology;
import org.sluice.perf.gen.load.AddressRange;
import org.sluice.perf.gen.load.Endpoints;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.PortRange;

/**
 * Flows from the stand's client to its server: combinations of source and destination port in pseudorandom order, each once, as RFC
 * 9693, section 4.4, enumerates them. The hosts' own stacks stay silent on these destination ports.
 */
public final class HostFlows {
    private static final PortRange SOURCES = new PortRange(5_000, 64_999);
    /** Discard (RFC 863). */
    private static final int FIRST_DESTINATION = 9;

    private HostFlows() {}

    /** @return a load of no more combinations than it takes for as many flows. */
    public static Load of(int flows) {
        int destinations = (flows + SOURCES.count() - 1) / SOURCES.count();
        return Load.between(endpoints(Topology.CLIENT_ADDRESS, SOURCES), endpoints(Topology.SERVER_ADDRESS,
                new PortRange(FIRST_DESTINATION, FIRST_DESTINATION + destinations - 1))).shuffled(true);
    }

    private static Endpoints endpoints(String address, PortRange ports) {
        return new Endpoints(new AddressRange(InetAddress.ofLiteral(address), 1), ports);
    }
}
