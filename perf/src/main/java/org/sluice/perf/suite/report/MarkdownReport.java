package org.sluice.perf.suite.report;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A report to be kept. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** @return the whole document. */
    public static String of(Report report) {
        Environment e = report.environment();
        StringBuilder text = new StringBuilder("# sluice bench, %s%n%n".formatted(e.date()));
        text.append("%d cores, %s, %.1f GiB; Linux %s; Java %s; Sluice %s. Settings: %s. Load at the start: %.2f.%n%n"
                .formatted(e.cores(), e.processor(), e.memory() / (double) (1L << 30), e.kernel(), e.java(),
                        e.sluice(), e.settings(), e.load()));
        if (e.isBusy()) {
            text.append("**The machine was busy with other things when the run began: the figures say little.**\n\n");
        }
        text.append("| program | version |\n| --- | --- |\n");
        for (Map.Entry<String, String> program : e.programs().entrySet()) {
            text.append(line(List.of(program.getKey(), program.getValue())));
        }
        report.tables().forEach(table -> append(text, table));
        return text.toString();
    }

    private static void append(StringBuilder text, Table table) {
        text.append("\n## %s: %s%n%n%s%n%n".formatted(table.name(), table.title(), table.method()));
        text.append(line(table.columns()));
        text.append("| --- |").append(" ---: |".repeat(table.columns().size() - 1)).append('\n');
        table.rows().forEach(row -> text.append(line(row)));
        if (!table.notes().isEmpty()) {
            text.append('\n');
            table.notes().forEach(note -> text.append("- ").append(escaped(note)).append('\n'));
        }
    }

    private static String line(List<?> cells) {
        return Collections.unmodifiableList(cells).stream().map(cell -> escaped(Numbers.text(cell)))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
