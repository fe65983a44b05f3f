package org.sluice.fastpath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RingGeometryTest {
    @Test
    void shouldNotLetASlotCrossABlock() {
        RingGeometry geometry = RingGeometry.atLeast(100, 2112, 65536);
        int[] offsets = geometry.offsets();

        assertThat(geometry.blocks()).isEqualTo(4);
        assertThat(geometry.slots()).isEqualTo(124).isEqualTo(offsets.length);
        for (int offset : offsets) {
            assertThat(offset / 65536).isEqualTo((offset + 2112 - 1) / 65536);
        }
    }

    @Test
    void shouldStartEachBlockWithASlot() {
        int[] offsets = new RingGeometry(2112, 65536, 2).offsets();

        assertThat(offsets[0]).isZero();
        assertThat(offsets[30]).isEqualTo(30 * 2112);
        assertThat(offsets[31]).isEqualTo(65536);
    }

    @Test
    void shouldHaveABlockEvenForNoSlots() {
        assertThat(RingGeometry.atLeast(0, 2112, 65536).blocks()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatTheKernelWouldRefuse() {
        assertThatThrownBy(() -> new RingGeometry(2111, 65536, 1)).hasMessageContaining("multiple of 16");
        assertThatThrownBy(() -> new RingGeometry(2112, 2048, 1)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new RingGeometry(2112, 66560, 1)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new RingGeometry(2112, 65536, 32768)).hasMessageContaining("2 GiB");
    }
}
