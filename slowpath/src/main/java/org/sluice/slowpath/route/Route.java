package org.sluice.slowpath.route;

/**
 * Where packets to a prefix go.
 *
 * @param to destinations
 * @param via next hop; null when the destination itself is on the link
 * @param port index of the interface
 */
public record Route(Prefix to, IpAddress via, int port) {

    /** @return whom to ask for by ARP or neighbour discovery. */
    public IpAddress nextHop(IpAddress destination) {
        return via == null ? destination : via;
    }
}
