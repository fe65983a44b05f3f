package org.sluice.fastpath.port;

/** What a port counts. */
public enum PortCounter {
    /** Frames taken from the device; a GSO super-frame counts once. */
    RX_PACKETS,
    RX_BYTES,
    /** Frames handed to the device. */
    TX_PACKETS,
    TX_BYTES,
    /**
     * Those of TX_PACKETS that stand for no received frame: the gateway's own. Counted first, so that a reader who looks at TX_PACKETS and
     * then here never takes one of them for a forwarded frame.
     */
    TX_ORIGINATED,
    /** Frames the kernel dropped because the receive ring was full; they never reached the gateway. */
    RX_MISSED,
    /** Received frames longer than the largest slot; dropped here, and included in RX_PACKETS. */
    RX_TRUNCATED,
    /** Received frames with a VLAN tag; dropped here, and included in RX_PACKETS. */
    RX_VLAN,
    /** Frames that had no room in the transmit ring. */
    TX_FULL,
    /** Frames that were taken for transmission and then refused by the device, for instance because its peer is down. */
    TX_REJECTED,
    /** Those of TX_REJECTED that were the gateway's own. */
    TX_REJECTED_ORIGINATED
}
