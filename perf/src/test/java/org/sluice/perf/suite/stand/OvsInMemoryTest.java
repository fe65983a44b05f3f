package org.sluice.perf.suite.stand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OvsInMemoryTest {
    /** Of Open vSwitch 3.1.0, shortened. */
    private static final String STATISTICS = """
            pmd thread numa_id 0 core_id 1:
              packets received: 1870432
              packet recirculations: 1870400
              avg. datapath passes per packet: 2.00
              emc hits: 238260
              megaflow hits: 3502540
              avg. packets per output batch: 32.00
              idle cycles: 0 (0.00%)
              processing cycles: 13033813494 (100.00%)
              avg cycles per packet: 6968.34 (13033813494/1870432)
              avg processing cycles per packet: 6968.34 (13033813494/1870432)
            main thread:
              packets received: 0
            """;

    @Test
    void shouldReadThePollingThread() {
        OvsInMemory.Rate rate = OvsInMemory.rate(STATISTICS, 2_000_000_000L);

        assertThat(rate.packets()).isEqualTo(935_216);
        assertThat(rate.cycles()).isEqualTo(6_968.34);
    }

    @Test
    void shouldNotMistakeSilenceForZero() {
        assertThatThrownBy(() -> OvsInMemory.rate("", 1)).hasMessageContaining("packets received");
    }
}
