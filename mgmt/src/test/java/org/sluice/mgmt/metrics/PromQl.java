package org.sluice.mgmt.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Prometheus's query language as it takes to see which metrics an expression reads. */
final class PromQl {
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "inf", "nan");
    private static final Pattern GROUPING = Pattern
            .compile("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern TIME = Pattern.compile("\\[[^]]*]|\\boffset\\s+-?\\w+");
    private static final Pattern SELECTOR = Pattern
            .compile("(?<![\\w.])([a-zA-Z_:][\\w:]*)\\s*(?:(\\()|\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private PromQl() {}

    /**
     * A metric that is read.
     *
     * @param name of its samples
     * @param labels that are asked for
     */
    record Selector(String name, Map<String, Condition> labels) {}

    /**
     * What a label must be like.
     *
     * @param operator one of four
     * @param value text, or a regular expression
     */
    record Condition(String operator, String value) {

        boolean holds(String label) {
            return switch (operator) {
                case "=" -> label.equals(value);
                case "!=" -> !label.equals(value);
                case "=~" -> label.matches(value);
                default -> !label.matches(value);
            };
        }
    }

    /** @return every metric of the expression, in its order */
    static List<Selector> selectors(String expression) {
        String bare = TIME.matcher(GROUPING.matcher(expression).replaceAll(" ")).replaceAll(" ");
        List<Selector> found = new ArrayList<>();
        Matcher m = SELECTOR.matcher(bare);
        while (m.find()) {
            if (m.group(2) == null && !WORDS.contains(m.group(1))) {
                found.add(new Selector(m.group(1), labels(m.group(3))));
            }
        }
        return found;
    }

    private static Map<String, Condition> labels(String text) {
        Map<String, Condition> labels = new LinkedHashMap<>();
        if (text != null) {
            Matcher m = MATCHER.matcher(text);
            while (m.find()) {
                labels.put(m.group(1), new Condition(m.group(2), m.group(3)));
            }
        }
        return labels;
    }
}
