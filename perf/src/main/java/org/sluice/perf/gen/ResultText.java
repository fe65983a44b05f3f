package org.sluice.perf.gen;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A result for people. */
final class ResultText {
    private static final double GIGA = 1e9;
    private static final double PERCENT = 100;
    private static final double MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    private ResultText() {}

    static String of(Result r) {
        StringBuilder text = new StringBuilder();
        line(text, "sent      %,15d frames %,13.0f/s %9.3f Gbit/s in %.2f s", r.sent(), r.sentRate(),
                r.sentBitRate() / GIGA, (double) r.nanos() / TimeUnit.SECONDS.toNanos(1));
        line(text, "received  %,15d frames %,13.0f/s %9.3f Gbit/s", r.received(), r.receivedRate(),
                r.receivedBitRate() / GIGA);
        line(text, "lost      %,15d frames (%.4f %%), reordered %,d, duplicates %,d", r.lost(),
                r.lossRatio() * PERCENT, r.reordered(), r.duplicates());
        if (r.refused() > 0) {
            line(text, "refused   %,15d frames by the sending device", r.refused());
        }
        if (r.missed() > 0) {
            line(text, "missed    %,15d frames by the sink itself, which was too slow", r.missed());
        }
        if (r.other() > 0) {
            line(text, "other     %,15d frames at the sink, of others", r.other());
        }
        if (r.leftOut() > 0) {
            line(text, "left out  %,15d frames of the capture, longer than the device takes or captured in part",
                    r.leftOut());
        }
        Latency latency = r.latency();
        if (latency != null) {
            line(text, "latency   min %.1f  mean %.1f  p50 %.1f  p90 %.1f  p99 %.1f  p99.9 %.1f  max %.1f µs",
                    latency.min() / MICRO, latency.mean() / MICRO, latency.p50() / MICRO, latency.p90() / MICRO,
                    latency.p99() / MICRO, latency.p999() / MICRO, latency.max() / MICRO);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
