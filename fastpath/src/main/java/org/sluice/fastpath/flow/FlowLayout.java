package org.sluice.fastpath.flow;

/**
 * One flow in memory: four cache lines. A <em>direction</em> line holds what to match and the prepared rewrite, so that a
 * worker decides nothing; it is written by the conductor before the flow is published and, but for flags, claim and adjacency,
 * never again while it is. The two fields in it that are the worker's stand there because the seen line is full.
 * <pre>
 *    0  original direction   64 bytes   conductor writes, workers read
 *   64  reply direction      64 bytes   conductor writes, workers read
 *  128  original, seen       32 bytes   the worker writes, conductor and management read
 *  160  reply, seen          32 bytes   the worker writes, conductor and management read
 *  192  tracking             64 bytes   the conductor writes; the worker reads the evidence now and then
 *
 *  direction:  0 addresses (8)   8 ports (8)   16 newSource (4)   20 newDestination (4)
 *             24 newSourcePort (2)  26 newDestinationPort (2)  28 addressDelta (2)  30 transportDelta (2)
 *             32 flags (2)  34 ingress port (1)  35 adopted (1), the worker's  36 adjacency (4)
 *             40 claim (4)  44 windowEnd (4), the worker's
 *             48 original direction: slowLastSeen ns (8); reply direction: slowWindowEnd of each direction (2 x 4)
 *             56 free
 *  IPv6:       0 source, first half (8)   16 source, second half (8)   24 destination, first half (8)
 *             56 destination, second half (8); the rest as above. What a translated packet becomes is in the line of the other
 *             direction: the source what answers are sent to, the destination where they come from; the ports likewise
 *  flags:      0 helped   1 translated   2 claim is of a FIN   3 claim is of a SYN
 *              4-7 TCP window scale of the direction (15: none was offered)   8-15 generation of the evidence
 *  seen:       0 packets (8)   8 bytes (8)   16 lastSeen ns (8)   24 sequenceEnd (4)   28 acknowledgement (4)
 *  tracking:   0 state (4)   4 status (4)   8 free (8)   16 sequenceEnd, acknowledgement of each direction (4 x 4)
 *             32 packets of each direction (2 x 4)   40 bytes of each direction (2 x 8)
 *             56 mapping (4)   60 parent (4)
 * </pre>
 * Integers are in the machine's byte order. How the evidence of a TCP connection (sequenceEnd, acknowledgement, windowEnd) is
 * shared between its two writers: {@link TcpWindow}.
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
    public static final int INGRESS = 34;
    public static final int ADOPTED = 35;
    public static final int ADJACENCY = 36;
    public static final int CLAIM = 40;
    public static final int WINDOW_END = 44;
    /** In the original direction's line. */
    public static final int SLOW_LAST_SEEN = 48;
    /** In the reply direction's line: 4 bytes for each direction. */
    public static final int SLOW_WINDOW_END = 48;

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
    public static final int SLOW_EVIDENCE = 16;
    public static final int SLOW_EVIDENCE_LENGTH = 8;
    public static final int SLOW_PACKETS = 32;
    public static final int SLOW_BYTES = 40;
    public static final int MAPPING = 56;
    public static final int PARENT = 60;

    /** Flag: every packet goes to the conductor, because a helper reads the flow. */
    public static final int HELPED = 1;
    /** Flag: addresses or ports change. */
    public static final int TRANSLATED = 2;
    /** Flag: a FIN of the direction ends at the claim, behind data that the gateway has not seen all of. */
    public static final int FIN_CLAIMED = 4;
    /** Flag: a SYN of the direction inside the open connection ends at the claim. */
    public static final int SYN_CLAIMED = 8;
    public static final int SCALE_SHIFT = 4;
    public static final int SCALE_MASK = 0xF;
    public static final int GENERATION_SHIFT = 8;
    public static final int GENERATION_MASK = 0xFF;

    private FlowLayout() {}
}
