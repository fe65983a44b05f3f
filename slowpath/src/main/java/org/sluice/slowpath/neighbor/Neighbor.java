package org.sluice.slowpath.neighbor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.sluice.slowpath.route.IpAddress;

/** A host on a link, as far as ARP or neighbour discovery has told. Conductor. */
final class Neighbor {

    /** What is known of it. */
    enum State {
        /** Asked, no answer yet. */
        INCOMPLETE,
        REACHABLE,
        /** Was reachable and is being asked again; still used. */
        PROBE,
        /** Did not answer. */
        FAILED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    final int adjacency;
    final int port;
    final IpAddress address;
    final Deque<HeldFrame> queue = new ArrayDeque<>();
    State state = State.FAILED;
    long mac;
    /** Whether it is asked often, since others could take its place. */
    boolean isWatched;
    /** Whether it did not answer when it was asked last. */
    boolean isDown;
    int users;
    int requests;
    /** When to ask again, to take it for gone, or to forget it; System.nanoTime. */
    long deadline;

    Neighbor(int adjacency, int port, IpAddress address) {
        this.adjacency = adjacency;
        this.port = port;
        this.address = address;
    }
}
