package org.sluice.helpers.spi;

import java.time.Duration;

/**
 * What several expectations of one control connection belong to, such as a call. They are not used up by the connection that comes:
 * media that pauses and comes back is let in again at the same port, until the group is ended, the control connection ends, or the
 * limit is over. The control connection is not given up as idle before that.
 *
 * @param name chosen by the helper, within one control connection; at most {@value #MAX_NAME} characters
 * @param limit how long an expectation lasts, counted from when it was last asked for or a connection came; at most a day
 */
public record Group(String name, Duration limit) {
    public static final int MAX_NAME = 256;
    private static final Duration MAX_LIMIT = Duration.ofDays(1);

    /** @throws IllegalArgumentException when the name or the limit is too long, or the limit is not above 0 */
    public Group {
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name of " + name.length() + " characters");
        }
        if (!limit.isPositive() || limit.compareTo(MAX_LIMIT) > 0) {
            throw new IllegalArgumentException("a limit of " + limit);
        }
    }
}
