package org.sluice.perf.helpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
    private static final Outcome FAILED = new Outcome(Outcome.Kind.FAILED, "told 10.77.0.2 | nothing");
    private static final Outcome NOT_PLAYED = new Outcome(Outcome.Kind.NOT_PLAYED, "vsftpd is not installed");

    private static ComparisonTable table(Outcome kernel, Outcome sluice) {
        return new ComparisonTable(List.of(new ComparisonTable.Row("ftp", "PORT", Outcome.PASSED, Outcome.PASSED),
                new ComparisonTable.Row("ftp", "EPRT", kernel, sluice)));
    }

    @Test
    void shouldDemandWhatTheKernelPasses() {
        assertThat(table(Outcome.PASSED, FAILED).noWorse()).isFalse();
        assertThat(table(Outcome.PASSED, NOT_PLAYED).noWorse()).isFalse();
        assertThat(table(Outcome.PASSED, Outcome.PASSED).noWorse()).isTrue();
    }

    @Test
    void shouldNotDemandWhatTheKernelFails() {
        assertThat(table(FAILED, FAILED).noWorse()).isTrue();
        assertThat(table(FAILED, Outcome.PASSED).noWorse()).isTrue();
    }

    @Test
    void shouldNotBeContentWithASessionThatIsNotPlayed() {
        assertThat(table(NOT_PLAYED, NOT_PLAYED).noWorse()).isFalse();
    }

    @Test
    void shouldNotBeContentWithNothing() {
        assertThat(new ComparisonTable(List.of()).noWorse()).isFalse();
    }

    @Test
    void shouldPrintOutcomesWithReasons() {
        ComparisonTable table = table(FAILED, Outcome.PASSED);

        assertThat(table.text().lines().toList()).containsExactly(
                "helper  session  kernel                            sluice",
                "ftp     PORT     passed                            passed",
                "ftp     EPRT     failed: told 10.77.0.2 | nothing  passed",
                "2 sessions: the kernel passes 1, Sluice 2");
        assertThat(table.markdown()).contains("| ftp | EPRT | failed: told 10.77.0.2 \\| nothing | passed |\n");
    }
}
