package org.sluice.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {

    /** Both ways of three flows in each of 600 rounds, ten times; what begins those by UDP and ICMP goes another way. */
    @Test
    void shouldTakeTheFastPathForNearlyAllOfItsPackets() {
        assertThat(new WarmUp().run()).isBetween(34_500L, 34_800L);
    }

    /** Its table would be full after some hundred collections, and its code no longer that of a new flow. */
    @Test
    void shouldBeginNewFlowsEachTimeThatItRunsAgain() {
        WarmUp warmUp = new WarmUp();
        long first = warmUp.again();
        long before = warmUp.again();
        for (int i = 0; i < 1_000; i++) {
            warmUp.again();
        }
        assertThat(warmUp.again() - before).isEqualTo(1_001 * (before - first)).isPositive();
    }
}
