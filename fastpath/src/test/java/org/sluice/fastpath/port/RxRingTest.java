package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.BufferUtil;
import org.junit.jupiter.api.Test;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.linux.RingGeometry;

class RxRingTest {
    private final RingGeometry geometry = new RingGeometry(2112, 4096, 2);
    private final NativeBuffer memory = new NativeBuffer(BufferUtil.allocateDirectAligned(geometry.size(), 4096));
    private final RxRing ring = new RxRing(memory, geometry);

    @Test
    void shouldReadAFrameAsTheKernelWroteIt() {
        assertThat(ring.isReady()).isFalse();
        kernelWrites(0, AfPacketLayout.RECEIVE_USER, 100, 100);

        assertThat(ring.isReady()).isTrue();
        assertThat(ring.frame()).isEqualTo(76);
        assertThat(ring.length()).isEqualTo(100);
        assertThat(ring.isTruncated()).isFalse();
        assertThat(ring.hadVlanTag()).isFalse();
    }

    @Test
    void shouldGoRoundAndGiveSlotsBack() {
        for (int i = 0; i < 7; i++) {
            int slot = i % 2 * 4096;
            kernelWrites(slot, AfPacketLayout.RECEIVE_USER, 60 + i, 60 + i);
            assertThat(ring.length()).isEqualTo(60 + i);
            assertThat(ring.frame()).isEqualTo(slot + 76);
            ring.take();
            ring.release();
            assertThat(memory.getInt(slot)).isEqualTo(AfPacketLayout.RECEIVE_KERNEL);
            assertThat(ring.isReady()).isFalse();
        }
    }

    @Test
    void shouldKeepSlotsUntilTheyAreReleased() {
        kernelWrites(0, AfPacketLayout.RECEIVE_USER, 60, 60);
        kernelWrites(4096, AfPacketLayout.RECEIVE_USER, 61, 61);
        ring.take();
        assertThat(ring.length()).isEqualTo(61);
        ring.take();
        assertThat(ring.isReady()).as("both slots are taken").isFalse();
        assertThat(memory.getInt(0)).isEqualTo(AfPacketLayout.RECEIVE_USER);

        ring.release();
        assertThat(memory.getInt(0)).isEqualTo(AfPacketLayout.RECEIVE_KERNEL);
        assertThat(memory.getInt(4096)).isEqualTo(AfPacketLayout.RECEIVE_KERNEL);
        assertThat(ring.isReady()).isFalse();
    }

    @Test
    void shouldTellATruncatedFrameAndATaggedOne() {
        kernelWrites(0, AfPacketLayout.RECEIVE_USER, 3000, 2000);
        assertThat(ring.isTruncated()).isTrue();
        ring.take();
        ring.release();
        kernelWrites(4096, AfPacketLayout.RECEIVE_USER | AfPacketLayout.RECEIVE_VLAN, 60, 60);
        assertThat(ring.hadVlanTag()).as("of a priority only").isFalse();
        memory.putShort(4096 + AfPacketLayout.VLAN_TAG, (short) 0x600A);
        assertThat(ring.hadVlanTag()).isTrue();
    }

    @Test
    void shouldReadTimeAfter2038() {
        kernelWrites(0, AfPacketLayout.RECEIVE_USER, 60, 60);
        memory.putInt(AfPacketLayout.SECONDS, (int) 3_000_000_000L);
        memory.putInt(AfPacketLayout.NANOSECONDS, 7);

        assertThat(ring.timestamp()).isEqualTo(3_000_000_000_000_000_007L);
    }

    private void kernelWrites(int slot, int status, int length, int captured) {
        memory.putInt(slot + AfPacketLayout.LENGTH, length);
        memory.putInt(slot + AfPacketLayout.CAPTURED, captured);
        memory.putShort(slot + AfPacketLayout.MAC_OFFSET, (short) 76);
        memory.putIntRelease(slot + AfPacketLayout.STATUS, status);
    }
}
