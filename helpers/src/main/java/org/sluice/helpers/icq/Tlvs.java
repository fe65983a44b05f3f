package org.sluice.helpers.icq;

import org.agrona.DirectBuffer;

/**
 * Values that each have a type and a length before them, two bytes each.
 *
 * @param buffer valid during the call
 * @param from offset of the first
 * @param end behind the last; one that would go on behind it ends the search
 */
record Tlvs(DirectBuffer buffer, int from, int end) {
    private static final int HEADER = 4;

    /** A value. */
    record Value(int offset, int length) {}

    /** @return the first of that type, or null. */
    Value find(int type) {
        for (int at = from; at + HEADER <= end; at += HEADER + length(at)) {
            if (at + HEADER + length(at) > end) {
                return null;
            }
            if (Flap.number(buffer, at) == type) {
                return new Value(at + HEADER, length(at));
            }
        }
        return null;
    }

    /** @return the same if it has that length, else null. */
    Value find(int type, int length) {
        Value found = find(type);
        return found != null && found.length == length ? found : null;
    }

    /** @return what follows so many of them. */
    Tlvs behind(int count) {
        int at = from;
        for (int i = 0; i < count && at + HEADER <= end; i++) {
            at += HEADER + length(at);
        }
        return new Tlvs(buffer, Math.min(at, end), end);
    }

    private int length(int at) {
        return Flap.number(buffer, at + 2);
    }
}
