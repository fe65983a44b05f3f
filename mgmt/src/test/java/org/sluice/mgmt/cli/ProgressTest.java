package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long TIME = 1_780_000_000_000L;

    private final StringWriter err = new StringWriter();
    private long now = Long.MAX_VALUE - 5;

    private Progress progress(boolean isWatched) {
        return new Progress(new PrintWriter(err), isWatched, () -> now);
    }

    private static void read(Progress progress, int records) {
        for (int i = 0; i < records; i++) {
            progress.read(TIME);
        }
    }

    @Test
    void shouldTellHowFarItIsAndLeaveNothingBehind() {
        try (Progress progress = progress(true)) {
            read(progress, 10_000);
            assertThat(err.toString()).as("what is soon done").isEmpty();
            now += TimeUnit.SECONDS.toNanos(2);
            read(progress, 240);
            assertThat(err.toString()).isEqualTo("\r\u001b[K10,240 records read, now at 2026-05-28T20:26:40Z");
            read(progress, 10_000);
            assertThat(err.toString().split("\r")).as("not for each").hasSize(2);
        }
        assertThat(err.toString()).endsWith("\r\u001b[K");
    }

    @Test
    void shouldSayNothingWhereNobodyWatches() {
        try (Progress progress = progress(false)) {
            now += TimeUnit.SECONDS.toNanos(2);
            read(progress, 10_000);
        }
        assertThat(err.toString()).isEmpty();
    }
}
