package org.sluice.perf.suite.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A report for the terminal. */
public final class TextReport {
    private TextReport() {}

    /** @return where and when, a line for each thing. */
    public static String environment(Environment e) {
        StringBuilder text = new StringBuilder();
        text.append("%s, %d cores, %s, Linux %s, Java %s, Sluice %s%n".formatted(e.date(), e.cores(), e.processor(),
                e.kernel(), e.java(), e.sluice()));
        for (Map.Entry<String, String> program : e.programs().entrySet()) {
            text.append("  %s: %s%n".formatted(program.getKey(), program.getValue()));
        }
        text.append("  settings: ").append(e.settings()).append('\n');
        if (e.isBusy()) {
            text.append("  warning: the load is %.2f on %d cores; others are at work, and the figures say little%n"
                    .formatted(e.load(), e.cores()));
        }
        return text.toString();
    }

    /** @return a table with its columns aligned, and its notes. */
    public static String table(Table table) {
        List<List<String>> lines = new ArrayList<>(List.of(table.columns()));
        table.rows().forEach(row -> lines.add(row.stream().map(Numbers::text).toList()));
        int[] widths = new int[table.columns().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(table.name() + ": " + table.title() + "\n");
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                // the first column names the rival, the others are mostly numbers
                row.append(("  %" + (i == 0 ? "-" : "") + widths[i] + "s").formatted(line.get(i)));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        table.notes().forEach(note -> text.append("  ").append(note).append('\n'));
        return text.toString();
    }
}
