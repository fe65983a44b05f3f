package org.sluice.slowpath.conntrack;

import java.util.Objects;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.route.IpAddress;

/**
 * A connection that a helper has announced.
 *
 * @param helper name
 * @param parent flow id of the control connection
 * @param protocol IP protocol number
 * @param peer address that may connect, or null for any
 * @param seenAddress destination as the peer was told
 * @param seenPort destination as the peer was told
 * @param realAddress of the listener
 * @param realPort of the listener
 * @param mapping that holds the outside port, or null when nothing is translated
 * @param deadline System.nanoTime when it is given up
 */
public record Expectation(String helper, int parent, int protocol, IpAddress peer, IpAddress seenAddress, int seenPort,
        IpAddress realAddress, int realPort, Mapping mapping, long deadline) {

    /** @return whether both let the same peer in to the same listener, for the same helper. */
    boolean repeats(Expectation other) {
        return helper.equals(other.helper) && protocol == other.protocol && Objects.equals(peer, other.peer)
                && realAddress.equals(other.realAddress) && realPort == other.realPort;
    }
}
