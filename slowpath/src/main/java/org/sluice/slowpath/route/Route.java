package org.sluice.slowpath.route;

/**
 * Where packets to a prefix go.
 *
 * @param to destinations
 * @param via next hop; 0 when the destination itself is on the link
 * @param port index of the interface
 */
public record Route(Ipv4Prefix to, int via, int port) {

    /** @return whom to ask for by ARP. */
    public int nextHop(int destination) {
        return via == 0 ? destination : via;
    }
}
