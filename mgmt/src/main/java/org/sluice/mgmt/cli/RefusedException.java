package org.sluice.mgmt.cli;

import java.util.List;

/** The gateway found faults in what it was to do. */
final class RefusedException extends ClientException {
    private static final long serialVersionUID = 1;
    private final transient List<String> errors;

    /** @param errors one line each, for people */
    RefusedException(String message, List<String> errors) {
        super(message);
        this.errors = errors;
    }

    List<String> errors() {
        return errors;
    }
}
