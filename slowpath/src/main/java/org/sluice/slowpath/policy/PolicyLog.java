package org.sluice.slowpath.policy;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What rules with {@code log: true} decided, a line for each new flow and a bounded number of lines in a second. Conductor. */
final class PolicyLog {
    private static final Logger LOG = LoggerFactory.getLogger("policy");
    private static final int LINES = 20;
    private static final long SECOND = 1_000_000_000L;
    private long second;
    private int lines;
    private long suppressed;

    /** @param now System.nanoTime */
    void write(PolicyRule rule, Attempt a, long now) {
        if (lines == 0 || now - second >= SECOND) {
            if (suppressed > 0) {
                LOG.info("{} more decisions in a second are not written here; counters have them", suppressed);
            }
            second = now;
            lines = 0;
            suppressed = 0;
        }
        if (lines < LINES) {
            LOG.info("rule {}: {} {} -> {} proto {} src {} dst {} dport {}", rule.label(),
                    rule.action().name().toLowerCase(Locale.ROOT), a.from(), a.to(), a.protocol(), a.source(),
                    a.destination(), a.port());
        } else {
            suppressed++;
        }
        lines = Math.min(LINES, lines + 1);
    }
}
