package org.sluice.helpers.spi;

/** Which side of the control connection speaks: the side that opened it, or the side that answered. */
public enum Direction {
    ORIGINAL, REPLY;

    /** @return the other side. */
    public Direction opposite() {
        return this == ORIGINAL ? REPLY : ORIGINAL;
    }
}
