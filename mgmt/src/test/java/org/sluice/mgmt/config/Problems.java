package org.sluice.mgmt.config;

import java.util.List;

/** Finds out what the reader has to say about a text. */
final class Problems {
    /** A whole configuration but for what a test adds. */
    static final String BASE = """
            interfaces:
              inside: {device: in0, addresses: [10.77.0.1/24]}
              outside: {device: out0, addresses: [198.51.100.1/24]}
            """;

    private Problems() {}

    /** @return errors and warnings, as people see them */
    static List<String> of(String text) {
        try {
            return formatted(ConfigLoader.parse("f.yaml", text).warnings());
        } catch (ConfigException e) {
            return formatted(e.problems());
        }
    }

    /** The same of lines that follow the interfaces; these end in line 3. */
    static List<String> after(String text) {
        return of(BASE + text);
    }

    private static List<String> formatted(List<Problem> problems) {
        return problems.stream().map(p -> p.format("f.yaml")).toList();
    }
}
