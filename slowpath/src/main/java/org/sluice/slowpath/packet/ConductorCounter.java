package org.sluice.slowpath.packet;

/** What the conductor counts besides drops. */
public enum ConductorCounter {
    /** Frames taken from the punt rings. */
    TAKEN,
    /** Received frames given back to a worker to be sent. */
    RESUMED,
    /** Received frames that were for the gateway itself, or that went into another frame. */
    DELIVERED,
    /** Frames that began to wait: for an ARP answer, for the rest of a datagram. */
    HELD,
    /** Frames that waited and do no more. */
    RELEASED,
    FLOWS_CREATED
}
