package org.sluice.mgmt.lab;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/**
 * What became of every packet, read from the counters of a running gateway: what came in went out, went to the gateway itself,
 * is held, or was dropped for a reason. Any thread may call.
 */
public final class Accounts {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Pattern DROP = Pattern.compile("sluice_drops_total\\{reason=\"([a-z_0-9]+)\"}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayProcess gateway;

    /** @param gateway that is asked */
    public Accounts(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /**
     * One reading.
     *
     * @param counters of {@code /api/v1/counters} by name
     */
    public record Statement(Map<String, Long> counters) {

        /** @return whether both sums agree. */
        public boolean agrees() {
            return get("rx_packets") == get("forwarded") + get("delivered") + get("held") + get("dropped_total")
                    && get("tx_packets") == get("forwarded") + get("originated");
        }

        /** @return both sums in words, with the reasons of drops. */
        public String describe() {
            return ("received %,d = forwarded %,d + delivered %,d + held %,d + dropped %,d%s; "
                    + "sent %,d = forwarded + originated %,d").formatted(get("rx_packets"), get("forwarded"),
                            get("delivered"), get("held"), get("dropped_total"), reasons(), get("tx_packets"),
                            get("originated"));
        }

        private String reasons() {
            Map<String, Long> drops = new TreeMap<>();
            counters.forEach((name, value) -> {
                Matcher matcher = DROP.matcher(name);
                if (value > 0 && matcher.matches()) {
                    drops.put(matcher.group(1), value);
                }
            });
            return drops.isEmpty()
                    ? ""
                    : drops.entrySet().stream().map(e -> "%s %,d".formatted(e.getKey(), e.getValue()))
                            .collect(Collectors.joining(", ", " (", ")"));
        }

        /** @return a counter by its name in {@code /api/v1/counters}. */
        public long get(String name) {
            Long value = counters.get(name);
            if (value == null) {
                throw new LabException("/api/v1/counters has no " + name);
            }
            return value;
        }

        private boolean sameTraffic(Statement other) {
            return get("rx_packets") == other.get("rx_packets") && get("tx_packets") == other.get("tx_packets");
        }
    }

    /** @return the reading of now. */
    public Statement now() {
        Map<String, Long> counters = new TreeMap<>();
        JSON.readValue(gateway.get("/api/v1/counters"), new TypeReference<Map<String, Number>>() {
        })
                .forEach((name, value) -> counters.put(name, value.longValue()));
        return new Statement(counters);
    }

    /** @return the reading once two in a row are the same and agree; the last one when that has not come within 10 s. */
    public Statement atRest() {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        Statement before = now();
        while (true) {
            LockSupport.parkNanos(QUIET_NANOS);
            Statement now = now();
            if (now.sameTraffic(before) && now.agrees() || System.nanoTime() - deadline > 0) {
                return now;
            }
            before = now;
        }
    }
}
