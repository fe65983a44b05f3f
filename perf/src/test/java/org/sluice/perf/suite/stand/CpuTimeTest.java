package org.sluice.perf.suite.stand;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {

    @Test
    void shouldAddUpWhatIsNotIdle() {
        // user nice system idle iowait irq softirq steal guest guest_nice
        assertThat(CpuTime.ofMachine("cpu  100 20 3 9999 8888 4 5 7777 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n"))
                .isEqualTo(132 * 10_000_000L);
    }

    @Test
    void shouldReadAProcessWithBlanksInItsName() {
        assertThat(CpuTime.ofProcess("42 (a ) b) S 1 42 42 0 -1 4194560 10 0 0 0 30 12 0 0 20 0 1 0 5 6 7"))
                .isEqualTo(42 * 10_000_000L);
    }

    @Test
    void shouldReadACounterOfNft() {
        assertThat(Stand.packets("table ip quiet {\n\tcounter datagrams {\n\t\tpackets 4711 bytes 216706\n\t}\n}\n"))
                .isEqualTo(4711);
    }
}
