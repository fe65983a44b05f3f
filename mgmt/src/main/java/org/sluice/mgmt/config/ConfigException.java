package org.sluice.mgmt.config;

import java.util.List;

/** A configuration can't be used. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String file;
    private final transient List<Problem> problems;

    ConfigException(String file, List<Problem> problems) {
        super(problems.isEmpty() ? file : problems.getFirst().format(file));
        this.file = file;
        this.problems = List.copyOf(problems);
    }

    /** @return as it was named on the command line. */
    public String file() {
        return file;
    }

    /** @return all of them, warnings too, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
