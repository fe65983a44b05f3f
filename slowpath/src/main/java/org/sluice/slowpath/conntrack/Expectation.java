package org.sluice.slowpath.conntrack;

import java.util.Objects;
import java.util.function.IntConsumer;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.route.IpAddress;

/**
 * A connection that a helper has announced, or several to the same endpoint, one after the other.
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
 * @param lasting null when the first connection uses it up
 * @param reader told of each flow that comes, by its original direction; null when nobody reads it
 */
public record Expectation(String helper, int parent, int protocol, IpAddress peer, IpAddress seenAddress, int seenPort,
        IpAddress realAddress, int realPort, Mapping mapping, long deadline, Lasting lasting, IntConsumer reader) {

    /**
     * It stays until its group ends.
     *
     * @param group name
     * @param limit nanoseconds that it stays without a sign of life
     * @param isFulfilled whether a connection has come
     */
    public record Lasting(String group, long limit, boolean isFulfilled) {}

    /** One that the first connection uses up. */
    public Expectation(String helper, int parent, int protocol, IpAddress peer, IpAddress seenAddress, int seenPort,
            IpAddress realAddress, int realPort, Mapping mapping, long deadline) {
        this(helper, parent, protocol, peer, seenAddress, seenPort, realAddress, realPort, mapping, deadline, null,
                null);
    }

    /** @return whether both let the same peer in to the same listener, for the same helper. */
    boolean repeats(Expectation other) {
        return Objects.equals(peer, other.peer) && leadsWhere(other);
    }

    /** @return whether both lead to the same listener, for the same helper. */
    private boolean leadsWhere(Expectation other) {
        return helper.equals(other.helper) && protocol == other.protocol && realAddress.equals(other.realAddress)
                && realPort == other.realPort;
    }

    /** @return whether it says anew what stands there for the same group, perhaps of another peer. */
    boolean renews(Expectation other) {
        return lasting != null && other.lasting != null && parent == other.parent
                && lasting.group.equals(other.lasting.group) && leadsWhere(other);
    }

    /** @return whether the same listener speaks of the same port again, though what it said before still lasts. */
    boolean supersedes(Expectation other) {
        return other.lasting != null && leadsWhere(other);
    }

    /** @return whether a connection has come. */
    boolean isFulfilled() {
        return lasting != null && lasting.isFulfilled;
    }

    /** @return the same, that a connection has come for, until a new deadline. */
    Expectation fulfilled(long newDeadline) {
        return new Expectation(helper, parent, protocol, peer, seenAddress, seenPort, realAddress, realPort, mapping,
                newDeadline, new Lasting(lasting.group, lasting.limit, true), reader);
    }

    /** @return whether packets from there are let in. */
    boolean admits(IpAddress source) {
        return peer == null || peer.equals(source) || isWithin();
    }

    /**
     * The peer was named by the listener's own outside address, so it is a host behind it, and comes with another address. It is let
     * in only from where the listener is.
     */
    public boolean isWithin() {
        return seenAddress.equals(peer) && !seenAddress.equals(realAddress);
    }
}
