package org.sluice.fastpath.flow;

/**
 * One flow in memory: four cache lines. A <em>direction</em> line holds what to match and the prepared rewrite, so that a
 * worker decides nothing; it is written by the conductor before the flow is published and, but for flags and adjacency,
 * never again while it is.
 * <pre>
 *    0  original direction   64 bytes   conductor writes, workers read
 *   64  reply direction      64 bytes   conductor writes, workers read
 *  128  original, seen       32 bytes   the worker writes, conductor and management read
 *  160  reply, seen          32 bytes   the worker writes, conductor and management read
 *  192  tracking             64 bytes   conductor only
 *
 *  direction:  0 addresses (8)   8 ports (8)   16 newSource (4)   20 newDestination (4)
 *             24 newSourcePort (2)  26 newDestinationPort (2)  28 addressDelta (2)  30 transportDelta (2)
 *             32 flags (4)  36 adjacency (4)  40 ingress port (4)  44 free
 *             48 slowLastSeen ns (8), original direction only  56 free
 *  IPv6, never translated:  0 source, first half (8)   16 source, second half (8)   24 destination, first half (8)
 *             56 destination, second half (8); the rest as above
 *  seen:       0 packets (8)   8 bytes (8)   16 lastSeen ns (8)   24 sequenceEnd (4)   28 acknowledgement (4)
 *  tracking:   0 state (4)   4 status (4)   8 timer (8)   16 sequenceEnd, acknowledgement of each direction (4 x 4)
 *             32 packets of each direction (2 x 4)   40 bytes of each direction (2 x 8)
 *             56 mapping (4)   60 parent (4)
 * </pre>
 * Integers are in the machine's byte order.
 */
public final class FlowLayout {
    public static final int LENGTH = 256;
    public static final int DIRECTION_LENGTH = 64;

    public static final int ADDRESSES = 0;
    public static final int PORTS = 8;
    public static final int NEW_SOURCE = 16;
    public static final int NEW_DESTINATION = 20;
    public static final int NEW_SOURCE_PORT = 24;
    public static final int NEW_DESTINATION_PORT = 26;
    public static final int ADDRESS_DELTA = 28;
    public static final int TRANSPORT_DELTA = 30;
    public static final int FLAGS = 32;
    public static final int ADJACENCY = 36;
    public static final int INGRESS = 40;
    public static final int SLOW_LAST_SEEN = 48;

    public static final int SOURCE_HIGH = 0;
    public static final int SOURCE_LOW = 16;
    public static final int DESTINATION_HIGH = 24;
    public static final int DESTINATION_LOW = 56;

    public static final int SEEN = 128;
    public static final int SEEN_LENGTH = 32;
    public static final int PACKETS = 0;
    public static final int BYTES = 8;
    public static final int LAST_SEEN = 16;
    public static final int SEQUENCE_END = 24;
    public static final int ACKNOWLEDGEMENT = 28;

    public static final int TRACKING = 192;
    public static final int STATE = 0;
    public static final int STATUS = 4;
    public static final int TIMER = 8;
    public static final int SLOW_EVIDENCE = 16;
    public static final int SLOW_PACKETS = 32;
    public static final int SLOW_BYTES = 40;
    public static final int MAPPING = 56;
    public static final int PARENT = 60;

    /** Flag: every packet goes to the conductor, because a helper reads the flow. */
    public static final int HELPED = 1;
    /** Flag: addresses or ports change. */
    public static final int TRANSLATED = 2;

    private FlowLayout() {}
}
