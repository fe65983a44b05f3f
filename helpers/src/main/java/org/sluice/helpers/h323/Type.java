package org.sluice.helpers.h323;

import java.util.List;
import java.util.Map;

/** What {@link PackedReader} knows of a type: just enough to find its end, and what is inside. */
sealed interface Type {

    /** Takes that many bits, nothing but these: a BOOLEAN 1, a NULL 0. */
    record Bits(int count) implements Type {}

    /** An INTEGER from {@code min} to {@code max}. */
    record Int(long min, long max) implements Type {}

    /**
     * A string of units: octets, or characters of 4, 8 or 16 bits.
     *
     * @param max -1 when there is no bound
     */
    record Units(int bits, long min, long max) implements Type {}

    /** An octet string without a bound that holds the encoding of something else (X.682 section 11). */
    record Containing(Type content) implements Type {}

    /** SEQUENCE OF without a bound. */
    record ListOf(Type element) implements Type {}

    /** SEQUENCE. @param additions behind its root; those that have no type are passed over */
    record Structure(List<Field> root, boolean isExtensible, List<Field> additions) implements Type {}

    /** CHOICE. */
    record Choice(List<Field> root, boolean isExtensible, List<Field> additions) implements Type {}

    /** A type that stands elsewhere in the table. */
    record Reference(String name, Map<String, Type> table) implements Type {

        Type target() {
            Type target = table.get(name);
            if (target == null) {
                throw new IllegalStateException("the table has no type " + name);
            }
            return target;
        }
    }

    /** Nothing behind this is of interest, up to the end of whatever has a length around it. */
    record Rest() implements Type {}

    /** Its length can't be told, so nothing behind it can be read. */
    record Unknown() implements Type {}

    /**
     * A component or an alternative.
     *
     * @param type null for an addition that is passed over
     * @param isReported whether its occurrence is told
     */
    record Field(String name, Type type, boolean isOptional, boolean isReported) {}
}
