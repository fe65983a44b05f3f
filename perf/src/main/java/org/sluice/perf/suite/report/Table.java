package org.sluice.perf.suite.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What one experiment found out: rows of numbers and words under named columns, and how to read them. One thread. */
public final class Table {
    private final String name;
    private final String title;
    private final String method;
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Plot> plots = new ArrayList<>();

    /**
     * @param name of the experiment, as on the command line
     * @param method how it was measured, in a sentence or two
     * @param columns heads, units included
     */
    public Table(String name, String title, String method, String... columns) {
        this.name = name;
        this.title = title;
        this.method = method;
        this.columns = List.of(columns);
    }

    /** Adds a row: a {@link Number}, a {@link String}, or null where there is nothing to say, for each column. */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns of " + name);
        }
        rows.add(Collections.unmodifiableList(Arrays.asList(cells.clone())));
        return this;
    }

    /** Adds a sentence that stands below the table. */
    public Table note(String sentence) {
        notes.add(sentence);
        return this;
    }

    /** Adds a picture of some of the numbers. */
    public Table plot(Plot plot) {
        plots.add(plot);
        return this;
    }

    public String name() {
        return name;
    }

    public String title() {
        return title;
    }

    public String method() {
        return method;
    }

    public List<String> columns() {
        return columns;
    }

    public List<List<Object>> rows() {
        return Collections.unmodifiableList(rows);
    }

    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    public List<Plot> plots() {
        return Collections.unmodifiableList(plots);
    }
}
