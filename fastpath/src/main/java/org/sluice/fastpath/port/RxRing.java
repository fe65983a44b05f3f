package org.sluice.fastpath.port;

import static org.sluice.fastpath.port.AfPacketLayout.VLAN_ID_MASK;
import static org.sluice.fastpath.port.AfPacketLayout.VLAN_TAG;
import static org.sluice.fastpath.port.AfPacketLayout.CAPTURED;
import static org.sluice.fastpath.port.AfPacketLayout.LENGTH;
import static org.sluice.fastpath.port.AfPacketLayout.MAC_OFFSET;
import static org.sluice.fastpath.port.AfPacketLayout.NANOSECONDS;
import static org.sluice.fastpath.port.AfPacketLayout.RECEIVE_KERNEL;
import static org.sluice.fastpath.port.AfPacketLayout.RECEIVE_USER;
import static org.sluice.fastpath.port.AfPacketLayout.RECEIVE_VLAN;
import static org.sluice.fastpath.port.AfPacketLayout.SECONDS;
import static org.sluice.fastpath.port.AfPacketLayout.STATUS;

import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.RingGeometry;

/**
 * A mapped receive ring, read slot by slot. The kernel sets RECEIVE_USER in a slot's status after its contents; reading the
 * status with acquire semantics shows both. Belongs to one thread.
 */
final class RxRing {
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    private final NativeBuffer buffer;
    private final int[] offsets;
    private int next;
    private int slot;
    private int oldest;
    private int held;

    RxRing(NativeBuffer buffer, RingGeometry geometry) {
        this.buffer = buffer;
        offsets = geometry.offsets();
        slot = offsets[0];
    }

    NativeBuffer buffer() {
        return buffer;
    }

    /** @return whether a frame is there that was not taken; the accessors below are about it until {@link #take}. */
    boolean isReady() {
        return (buffer.getIntAcquire(slot + STATUS) & RECEIVE_USER) != 0 && held < offsets.length;
    }

    /** @return where the frame starts in {@link #buffer}. */
    int frame() {
        return slot + (buffer.getShort(slot + MAC_OFFSET) & 0xFFFF);
    }

    /** @return bytes of the frame as it was on the device. */
    int length() {
        return buffer.getInt(slot + LENGTH);
    }

    boolean isTruncated() {
        return buffer.getInt(slot + CAPTURED) < buffer.getInt(slot + LENGTH);
    }

    /** @return whether the kernel took the tag of a VLAN out of the frame; one that only tells a priority is none (802.1Q 6.9). */
    boolean hadVlanTag() {
        return (buffer.getInt(slot + STATUS) & RECEIVE_VLAN) != 0
                && (buffer.getShort(slot + VLAN_TAG) & VLAN_ID_MASK) != 0;
    }

    /** @return nanoseconds of CLOCK_REALTIME. */
    long timestamp() {
        return (buffer.getInt(slot + SECONDS) & 0xFFFF_FFFFL) * NANOS_A_SECOND + buffer.getInt(slot + NANOSECONDS);
    }

    /** Keeps the slot and goes to the next. */
    void take() {
        next = after(next);
        slot = offsets[next];
        held++;
    }

    /** Gives all slots that were taken back to the kernel. */
    void release() {
        for (; held > 0; held--) {
            buffer.putIntRelease(offsets[oldest] + STATUS, RECEIVE_KERNEL);
            oldest = after(oldest);
        }
    }

    private int after(int index) {
        return index + 1 == offsets.length ? 0 : index + 1;
    }
}
