package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.GatewayProcess;

/** A packet's fate is always told: what came in went out, went to the gateway, is held, or was dropped for a reason. */
final class Accounting {
    private static final Pattern COUNTER = Pattern.compile("\"([^\"]+)\"\\s*:\\s*(\\d+)");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final GatewayProcess gateway;

    Accounting(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /** Waits until two readings are the same and agree with themselves; fails with the last one when that never comes. */
    void assertAtRest() {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        Map<String, Long> before = counters();
        while (true) {
            LockSupport.parkNanos(QUIET_NANOS);
            Map<String, Long> now = counters();
            boolean rests = now.get("rx_packets").equals(before.get("rx_packets"))
                    && now.get("tx_packets").equals(before.get("tx_packets"));
            if (rests && agrees(now)) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                assertThat(now.get("rx_packets"))
                        .as("received = forwarded + delivered + held + dropped, at rest, in %s", now)
                        .isEqualTo(fates(now));
                assertThat(now.get("tx_packets")).as("sent = forwarded + originated, at rest, in %s", now)
                        .isEqualTo(now.get("forwarded") + now.get("originated"));
                assertThat(rests).as("the gateway comes to rest; before %s, after %s", before, now).isTrue();
            }
            before = now;
        }
    }

    private static boolean agrees(Map<String, Long> counters) {
        return counters.get("rx_packets") == fates(counters)
                && counters.get("tx_packets") == counters.get("forwarded") + counters.get("originated");
    }

    private static long fates(Map<String, Long> counters) {
        return counters.get("forwarded") + counters.get("delivered") + counters.get("held")
                + counters.get("dropped_total");
    }

    private Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        Matcher matcher = COUNTER.matcher(gateway.get("/api/v1/counters"));
        while (matcher.find()) {
            counters.put(matcher.group(1), Long.valueOf(matcher.group(2)));
        }
        assertThat(counters).as("the counters of /api/v1/counters").containsKeys("rx_packets", "tx_packets",
                "forwarded", "delivered", "held", "dropped_total", "originated");
        return counters;
    }
}
