package org.sluice.perf.helpers;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The outcomes of all sessions, and how they are printed.
 *
 * @param rows one a session
 */
record ComparisonTable(List<Row> rows) {

    /** One session through both. */
    record Row(String helper, String session, Outcome kernel, Outcome sluice) {

        /** @return whether Sluice passes or the kernel doesn't. */
        boolean noWorse() {
            return sluice.passed() || sluice.played() && !kernel.passed();
        }
    }

    /** @return whether everything was played and Sluice passes wherever the kernel does. */
    boolean noWorse() {
        return !rows.isEmpty() && rows.stream().allMatch(Row::noWorse);
    }

    String summary() {
        return "%d sessions: the kernel passes %d, Sluice %d".formatted(rows.size(),
                rows.stream().filter(row -> row.kernel.passed()).count(),
                rows.stream().filter(row -> row.sluice.passed()).count());
    }

    String text() {
        int session = width("session", rows.stream().map(Row::session).toList());
        int kernel = width("kernel", rows.stream().map(row -> row.kernel.toString()).toList());
        String format = "%-6s  %-" + session + "s  %-" + kernel + "s  %s%n";
        StringBuilder text = new StringBuilder(format.formatted("helper", "session", "kernel", "sluice"));
        rows.forEach(row -> text.append(format.formatted(row.helper, row.session, row.kernel, row.sluice)));
        return text.append(summary()).append('\n').toString();
    }

    private static int width(String head, List<String> column) {
        return Math.max(head.length(), column.stream().mapToInt(String::length).max().orElse(0));
    }

    String markdown() {
        return "| helper | session | kernel | sluice |\n| --- | --- | --- | --- |\n" + rows.stream()
                .map(row -> "| %s | %s | %s | %s |%n".formatted(row.helper, cell(row.session),
                        cell(row.kernel.toString()), cell(row.sluice.toString())))
                .collect(Collectors.joining()) + "\n" + summary() + "\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
