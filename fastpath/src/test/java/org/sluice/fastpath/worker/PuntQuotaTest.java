package org.sluice.fastpath.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PuntQuotaTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOST = 0x0A4D_0002L;
    private long now = Long.MAX_VALUE - 5 * SECOND;
    private final PuntQuota quota = new PuntQuota(42, now);

    private int admitted(long host, int packets) {
        int count = 0;
        for (int i = 0; i < packets; i++) {
            count += quota.admits(host, now) ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldAdmitEverythingWithoutALimit() {
        assertThat(admitted(HOST, 100_000)).isEqualTo(100_000);
    }

    @Test
    void shouldAdmitASecondsWorthAtOnceAndThenTheRate() {
        quota.limit(1_000);
        assertThat(admitted(HOST, 5_000)).isEqualTo(1_000);
        for (int i = 0; i < 100; i++) {
            // across the wrap of nanoTime
            now += SECOND / 10;
            assertThat(admitted(HOST, 5_000)).isEqualTo(100);
        }
        now += 60 * SECOND;
        assertThat(admitted(HOST, 5_000)).as("what was not used is not saved up").isEqualTo(1_000);
    }

    @Test
    void shouldKeepHostsApart() {
        quota.limit(10);
        admitted(HOST, 100);
        int served = 0;
        for (int other = 1; other <= 1_000; other++) {
            served += admitted(HOST + other, 1);
        }
        assertThat(served).as("but for the few that share the group").isGreaterThan(980);
    }

    @Test
    void shouldTakeAnotherLimitAtOnce() {
        quota.limit(1);
        assertThat(admitted(HOST, 10)).isEqualTo(1);
        quota.limit(0);
        assertThat(admitted(HOST, 10)).isEqualTo(10);
    }
}
