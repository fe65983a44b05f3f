package org.sluice.mgmt.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets a gauge {@code x} and a counter {@code x_total} stand side by side. To the Prometheus client library both are the family
 * {@code x}, and it refuses the second. So such a counter has another name in the registry, and its own in what is written.
 *
 * <p>In the text format that is all there is to it. OpenMetrics 1.0 names a counter's family without {@code _total} and lets no
 * two families have one name: there the counter is of type unknown, whose family has the name of its samples.
 */
final class SharedNames {
    /** No meter's name ends like this. */
    private static final String MARK = "_counted";
    private final Set<String> gauges = new HashSet<>();

    /** Notes a gauge. @return whether it was not known */
    boolean gauge(String name) {
        return gauges.add(name);
    }

    /** @return the counter's name in the registry, without _total */
    String ofCounter(String name) {
        return gauges.contains(name) ? name + MARK : name;
    }

    /** @return what the registry wrote, with the counters' own names */
    String restore(String text, boolean openMetrics) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            lines.add(line.contains(MARK) ? restoreLine(line, openMetrics) : line);
        }
        return String.join("\n", lines);
    }

    private String restoreLine(String line, boolean openMetrics) {
        for (String name : gauges) {
            String family = openMetrics ? name + MARK : name + MARK + "_total";
            String restored = name + "_total";
            if (line.startsWith(name + MARK + "_total")) {
                return restored + line.substring(name.length() + MARK.length() + "_total".length());
            }
            if (line.startsWith("# HELP " + family + " ")) {
                return line.replaceFirst(family, restored);
            }
            if (line.startsWith("# TYPE " + family + " ")) {
                return "# TYPE " + restored + (openMetrics ? " unknown" : " counter");
            }
        }
        return line;
    }
}
