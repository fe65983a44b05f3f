package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.fastpath.port.AfPacketLayout.LARGE_FRAME;
import static org.sluice.fastpath.port.AfPacketLayout.LARGE_SLOT;
import static org.sluice.fastpath.port.AfPacketLayout.RECEIVED_FRAME;
import static org.sluice.fastpath.port.AfPacketLayout.SMALL_FRAME;
import static org.sluice.fastpath.port.AfPacketLayout.SMALL_SLOT;
import static org.sluice.fastpath.port.AfPacketLayout.TRANSMIT_FRAME;

import org.junit.jupiter.api.Test;
import org.sluice.fastpath.linux.RingGeometry;

class AfPacketLayoutTest {
    private static final int CACHE_LINE = 64;

    @Test
    void shouldHoldTheLongestFramesBothWays() {
        assertThat(SMALL_FRAME).isGreaterThanOrEqualTo(14 + 4 + 1_500);
        assertThat(LARGE_FRAME).isGreaterThanOrEqualTo(14 + 65_535);
        for (int start : new int[]{RECEIVED_FRAME, TRANSMIT_FRAME}) {
            assertThat(start + SMALL_FRAME).isLessThanOrEqualTo(SMALL_SLOT);
            assertThat(start + LARGE_FRAME).isLessThanOrEqualTo(LARGE_SLOT);
        }
    }

    @Test
    void shouldSpreadTheSlotsOverTheCache() {
        assertThat(SMALL_SLOT / CACHE_LINE % 2).isEqualTo(1);
        assertThat(SMALL_SLOT % CACHE_LINE).isZero();
        assertThat(LARGE_SLOT % (2 * CACHE_LINE) == 0 ? LARGE_SLOT / 1024 % 2 : 1).isEqualTo(1);
    }

    @Test
    void shouldWasteLittleOfABlock() {
        RingGeometry small = AfPacketLayout.small(8_000);
        RingGeometry large = AfPacketLayout.large(240);

        assertThat((double) small.slots() * SMALL_SLOT / small.size()).isGreaterThan(0.98);
        assertThat((double) large.slots() * LARGE_SLOT / large.size()).isGreaterThan(0.98);
    }
}
