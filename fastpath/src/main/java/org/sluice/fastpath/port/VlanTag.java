package org.sluice.fastpath.port;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What stands between a frame's Ethernet addresses and its type when it belongs to a VLAN (802.1Q, 9.4). */
final class VlanTag {
    static final int LENGTH = 4;
    private static final int TYPE = 0x8100;
    private static final int ADDRESSES = 12;

    private VlanTag() {}

    /** @param vlan from 1 on; at most 0 for none. @return the tag, as a number in network order; 0 for none */
    static int of(int vlan) {
        return vlan > 0 ? TYPE << Short.SIZE | vlan : 0;
    }

    /**
     * Copies a frame and the virtio-net header before it, with the tag put in.
     *
     * @param length of the frame without the tag, bytes
     */
    static void copy(MutableDirectBuffer to, int frame, DirectBuffer source, int offset, int length, int tag) {
        to.putBytes(frame - VirtioNetHeader.LENGTH, source, offset - VirtioNetHeader.LENGTH,
                VirtioNetHeader.LENGTH + ADDRESSES);
        to.putInt(frame + ADDRESSES, tag, BIG_ENDIAN);
        to.putBytes(frame + ADDRESSES + LENGTH, source, offset + ADDRESSES, length - ADDRESSES);
        VirtioNetHeader.move(to, frame, LENGTH);
    }
}
