package org.sluice.fastpath.flow;

/**
 * One flow in memory: a record of two cache lines, side by side, and what only some flows need in lines of their own ({@link LineStore}).
 * The first line of the record says what to match and what becomes of it; the conductor writes it, keys and differences before the flow is
 * published and never again while it is. The second is the workers', who count there; before the flow is published the conductor writes what
 * it has counted.
 * <pre>
 *  record:     0 addresses (8)  ports (8), of the original direction;  16 the same of the reply direction
 *             32 original direction: addressDelta (2)  transportDelta (2);  36 the same of the reply direction
 *             40 flags of each direction (2 x 2)   44 ingress port of each direction (2 x 1)
 *             46 tracking (2): 0-10 status, 12-15 state   48 adjacency of each direction (2 x 4)
 *             56 mapping (4)   60 more (4): number of a line, 0 for none
 *             64 original direction, seen (32)   96 reply direction, seen (32)
 *  seen:       0 packets (8)   8 bytes (56 bits) and above them adopted (8 bits)   16 lastSeen (4), of {@link SeenTime}
 *             20 sequenceEnd (4)   24 acknowledgement (4)   28 windowEnd (4)
 *  flags:      0 helped   1 translated   2 claim is of a FIN   3 claim is of a SYN
 *              4-7 TCP window scale of the direction (15: none was offered)   8-14 generation of the evidence
 *              15 opening
 * </pre>
 * What a translated packet becomes is the other direction's key: its source what answers are sent to, its destination where they come
 * from, the ports likewise. The differences of the sums are there to spare adding up four addresses for each packet. Calls of PPTP have no
 * such sum; of them the new call ID stands in the place of transportDelta.
 *
 * <p>A flow of IPv6 has in addresses, of both directions, the number of the line that holds them. It has no differences.
 * <pre>
 *  addresses:  0 original direction: source (16)  destination (16);  32 the same of the reply direction
 * </pre>
 * A flow gets one more line when the conductor has to note something that is a worker's to write in the record: with the first packet that
 * it sees of the flow after it was published, of TCP after both sides have sent a SYN; or when the flow has a parent. SCTP has one from the
 * beginning. The conductor writes it; of TCP a worker reads the evidence now and then.
 * <pre>
 *  more:       0 original direction: slowSequenceEnd (4)  slowAcknowledgement (4)  slowWindowEnd (4)  claim (4);  16 the same of the reply direction
 *             32 packets of each direction (2 x 4)   40 bytes of each direction (2 x 8)   56 lastSeen (4)   60 parent (4)
 * </pre>
 * Integers are in the machine's byte order. How the evidence of a TCP connection (sequenceEnd, acknowledgement, windowEnd) is
 * shared between its two writers: {@link TcpWindow}.
 */
public final class FlowLayout {
    public static final int LENGTH = 128;

    /** What a flow's timer needs, in a table of its own. */
    public static final int TIMER_LENGTH = 12;

    /** From one direction's key to the other's. */
    public static final int KEY_LENGTH = 16;
    public static final int ADDRESSES = 0;
    public static final int PORTS = 8;

    /** From one direction's differences to the other's. */
    public static final int DELTAS_LENGTH = 4;
    public static final int ADDRESS_DELTA = 32;
    public static final int TRANSPORT_DELTA = 34;

    public static final int FLAGS = 40;
    public static final int INGRESS = 44;
    public static final int TRACKING = 46;
    public static final int ADJACENCY = 48;
    public static final int MAPPING = 56;
    public static final int MORE = 60;

    public static final int SEEN = 64;
    /** From what was seen of one direction to what was of the other. */
    public static final int SEEN_LENGTH = 32;
    public static final int PACKETS = 0;
    public static final int BYTES = 8;
    public static final int LAST_SEEN = 16;
    public static final int SEQUENCE_END = 20;
    public static final int ACKNOWLEDGEMENT = 24;
    public static final int WINDOW_END = 28;

    /** Above the bytes. */
    public static final int ADOPTED_SHIFT = 56;
    public static final long BYTES_MASK = (1L << ADOPTED_SHIFT) - 1;

    /** From one direction's IPv6 addresses to the other's. */
    public static final int ADDRESSES6_LENGTH = 32;
    public static final int SOURCE_HIGH = 0;
    public static final int SOURCE_LOW = 8;
    public static final int DESTINATION_HIGH = 16;
    public static final int DESTINATION_LOW = 24;

    /** From the conductor's evidence of one direction to that of the other. */
    public static final int SLOW_EVIDENCE_LENGTH = 16;
    public static final int SLOW_SEQUENCE_END = 0;
    public static final int SLOW_ACKNOWLEDGEMENT = 4;
    public static final int SLOW_WINDOW_END = 8;
    public static final int CLAIM = 12;
    public static final int SLOW_PACKETS = 32;
    public static final int SLOW_BYTES = 40;
    public static final int SLOW_LAST_SEEN = 56;
    public static final int PARENT = 60;

    public static final int STATUS_MASK = 0x7FF;
    public static final int STATE_SHIFT = 12;
    public static final int STATE_MASK = 0xF;

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
    public static final int GENERATION_MASK = 0x7F;
    /** Flag: every packet goes to the conductor, which as long writes the evidence, and counts, in the workers' place. */
    public static final int OPENING = 1 << 15;

    private FlowLayout() {}
}
