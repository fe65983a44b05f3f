package org.sluice.mgmt.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets counters have names that the Prometheus client library refuses. To it a gauge {@code x} and a counter {@code x_total} are
 * one family {@code x}, and so is {@code x_created_total}, because {@code _created} is a suffix of its own. Such a counter has
 * another name in the registry, and its own in what is written.
 *
 * <p>In the text format that is all there is to it. OpenMetrics 1.0 names a counter's family without {@code _total} and lets no
 * two families have one name: there a counter beside a gauge of its name is of type unknown, whose family has the name of its
 * samples.
 */
final class CounterNames {
    /** No meter's name ends like this. */
    private static final String MARK = "_counted";
    private static final String TOTAL = "_total";
    private final Set<String> gauges = new HashSet<>();
    private final Set<String> marked = new HashSet<>();

    /** Notes a gauge. @return whether it was not known */
    boolean gauge(String name) {
        return gauges.add(name);
    }

    /** @param name without _total. @return the counter's name in the registry */
    String inRegistry(String name) {
        if (!gauges.contains(name) && !name.endsWith("_created")) {
            return name + TOTAL;
        }
        marked.add(name);
        return name + MARK + TOTAL;
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
        for (String name : marked) {
            String sample = name + MARK + TOTAL;
            if (line.startsWith(sample)) {
                return name + TOTAL + line.substring(sample.length());
            }
            boolean unknown = openMetrics && gauges.contains(name);
            String written = openMetrics ? name + MARK : sample;
            String family = openMetrics && !unknown ? name : name + TOTAL;
            if (line.startsWith("# HELP " + written + " ")) {
                return line.replaceFirst(written, family);
            }
            if (line.startsWith("# TYPE " + written + " ")) {
                return "# TYPE " + family + (unknown ? " unknown" : " counter");
            }
        }
        return line;
    }
}
