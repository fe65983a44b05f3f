package org.sluice.slowpath.journal;

import org.sluice.slowpath.route.IpAddress;

/**
 * An inside host was known outside by an address and port, for a time.
 *
 * @param from milliseconds of the epoch
 * @param until the same; {@link #STILL} while it is so
 * @param protocol number
 * @param peer host that it spoke with; null when only the port was held
 * @param packets from inside, 0 while they are not known
 * @param bytes from inside, 0 while they are not known
 */
public record Holding(long from, long until, int protocol, IpAddress outside, int outsidePort, IpAddress inside,
        int insidePort, IpAddress peer, int peerPort, long packets, long bytes) {
    public static final long STILL = Long.MAX_VALUE;

    /** @return whether it was so at that time. */
    public boolean isAt(long time) {
        return from <= time && time <= until;
    }
}
