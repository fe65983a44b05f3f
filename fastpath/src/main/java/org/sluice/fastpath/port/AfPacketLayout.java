package org.sluice.fastpath.port;

import org.sluice.fastpath.linux.RingGeometry;

/**
 * One slot of an AF_PACKET ring, version TPACKET_V2 (linux/if_packet.h). Numbers are in the machine's byte order.
 * <pre>
 *    0          4          8          12       14       16         20         24       26       28         32
 *   +----------+----------+----------+--------+--------+----------+----------+--------+--------+----------+
 *   |  status  |  length  | captured |  mac   |  net   | seconds  |   nano-  |  VLAN  |  VLAN  |  unused  |
 *   |          | of frame |  bytes   | offset | offset |          | seconds  |  TCI   |  TPID  |          |
 *   +----------+----------+----------+--------+--------+----------+----------+--------+--------+----------+
 *
 *   received:      32                52 (unused)  66                        76 = mac offset
 *                 +------------------------------+-------------------------+--------------
 *                 | address it came from         | virtio-net header       | frame
 *                 +------------------------------+-------------------------+--------------
 *   to transmit:   32                        42
 *                 +-------------------------+--------------
 *                 | virtio-net header       | frame             length = virtio-net header + frame
 *                 +-------------------------+--------------
 * </pre>
 * The status says whose the slot is, and is written last by whoever hands it over.
 *
 * <p>Frames come in two sizes by far: up to the MTU of Ethernet, and GSO super-frames of up to 64 KiB. So there are two
 * kinds of slots. Their strides are odd multiples of cache lines: with a stride of 2 KiB all headers of a ring would fall
 * into a small part of the cache and push each other out.
 */
final class AfPacketLayout {
    static final int STATUS = 0;
    static final int LENGTH = 4;
    static final int CAPTURED = 8;
    static final int MAC_OFFSET = 12;
    static final int SECONDS = 16;
    static final int NANOSECONDS = 20;
    static final int VLAN_TAG = 24;
    static final int TRANSMIT_HEADER = 32;
    static final int TRANSMIT_FRAME = TRANSMIT_HEADER + VirtioNetHeader.LENGTH;
    /** Where the kernel puts a received Ethernet frame with the socket options that we use. */
    static final int RECEIVED_FRAME = 76;

    static final int RECEIVE_KERNEL = 0;
    static final int RECEIVE_USER = 1;
    static final int RECEIVE_VLAN = 1 << 4;

    static final int VLAN_ID_MASK = 0xFFF;

    static final int TRANSMIT_AVAILABLE = 0;
    static final int TRANSMIT_REQUEST = 1;
    /** The bits that tell whose a transmit slot is; others may carry a note about time stamps. */
    static final int TRANSMIT_OWNER = 7;

    static final int SMALL_SLOT = 33 * 64;
    static final int SMALL_BLOCK = 64 * 1024;
    static final int LARGE_SLOT = 65 * 1024;
    static final int LARGE_BLOCK = 2 * 1024 * 1024;

    static final int SHORTEST_FRAME = 14;
    /** Longest frame for a small slot, in bytes from the Ethernet header on. */
    static final int SMALL_FRAME = SMALL_SLOT - RECEIVED_FRAME - 12;
    /** Longest frame for a large slot. */
    static final int LARGE_FRAME = LARGE_SLOT - RECEIVED_FRAME - 8;

    private AfPacketLayout() {}

    static RingGeometry small(int slots) {
        return RingGeometry.atLeast(slots, SMALL_SLOT, SMALL_BLOCK);
    }

    static RingGeometry large(int slots) {
        return RingGeometry.atLeast(slots, LARGE_SLOT, LARGE_BLOCK);
    }
}
