package org.sluice.perf.suite.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A report for programs: the rows of each table as objects, by the columns' names, with all digits. */
public final class JsonReport {
    private JsonReport() {}

    /** @return the whole document. */
    public static String of(Report report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("environment", report.environment());
        document.put("busy", report.environment().isBusy());
        document.put("experiments", report.tables().stream().map(JsonReport::table).toList());
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(document)
                + "\n";
    }

    private static Map<String, Object> table(Table table) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", table.name());
        map.put("title", table.title());
        map.put("method", table.method());
        map.put("rows", table.rows().stream().map(row -> row(table.columns(), row)).toList());
        map.put("notes", table.notes());
        return map;
    }

    private static Map<String, Object> row(List<String> columns, List<Object> cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            row.put(columns.get(i), cells.get(i));
        }
        return row;
    }
}
