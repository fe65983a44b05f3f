package org.sluice.slowpath.conntrack;

import java.util.Locale;

/** What became of an expectation. Each has exactly one in the end. */
public enum ExpectationOutcome {
    /** The connection came. */
    FULFILLED,
    /** Its time was up. */
    EXPIRED,
    /** The same host announced another one in its place. */
    REPLACED,
    /** The control connection that announced it ended. */
    ENDED;

    /** @return the name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
