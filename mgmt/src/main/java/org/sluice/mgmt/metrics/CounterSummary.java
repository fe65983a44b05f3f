package org.sluice.mgmt.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sluice.slowpath.view.Meter;

/**
 * Every meter by the name and labels that Prometheus shows, and before them the sums in which every packet appears:
 * at rest rx_packets = forwarded + delivered + held + dropped_total and tx_packets = forwarded + originated.
 */
public final class CounterSummary {
    /** The sums, and the meter family that each adds up. */
    public static final Map<String, String> TOTALS = totals();

    private CounterSummary() {}

    private static Map<String, String> totals() {
        Map<String, String> totals = new LinkedHashMap<>();
        totals.put("rx_packets", "sluice_rx_packets");
        totals.put("tx_packets", "sluice_tx_packets");
        totals.put("forwarded", "sluice_forwarded_packets");
        totals.put("delivered", "sluice_delivered_packets");
        totals.put("originated", "sluice_originated_packets");
        totals.put("held", "sluice_held_packets");
        totals.put("dropped_total", "sluice_drops");
        return Collections.unmodifiableMap(totals);
    }

    /** @return whole numbers wherever the value is one */
    public static Map<String, Number> of(List<Meter> meters) {
        Map<String, Number> all = new LinkedHashMap<>();
        TOTALS.forEach((name, meter) -> all.put(name, number(sum(meters, meter))));
        Map<String, Number> single = new TreeMap<>();
        meters.forEach(m -> single.put(label(m), number(m.value().getAsDouble())));
        all.putAll(single);
        return all;
    }

    /** @return the sum of all meters of that name */
    public static double sum(List<Meter> meters, String name) {
        return meters.stream().filter(m -> m.name().equals(name)).mapToDouble(m -> m.value().getAsDouble()).sum();
    }

    private static String label(Meter meter) {
        String name = meter.kind() == Meter.Kind.COUNTER ? meter.name() + "_total" : meter.name();
        return meter.labels().isEmpty()
                ? name
                : new TreeMap<>(meter.labels()).entrySet().stream()
                        .map(e -> e.getKey() + "=\"" + e.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                        .collect(Collectors.joining(",", name + "{", "}"));
    }

    private static Number number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53 ? (Number) (long) value : (Number) value;
    }
}
