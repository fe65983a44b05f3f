package org.sluice.helpers.h323;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Walks a message in the aligned variant of the packed encoding rules (X.691, whose sections are meant below) and finds what the table
 * of types marks. What has a length around it and can't be read is passed over by that length; otherwise nothing is found at all.
 * The table has no type that contains itself, so the depth is bounded by the table and the time by the length of the message. A
 * reader is good for one message.
 */
final class PackedReader {
    /** No honest message has as many. */
    private static final int MAX_FOUND = 256;
    private static final int SMALL = 64;
    private static final int MAX_SHORT_LENGTH = 0x80;
    private static final int MAX_LENGTH = 0x4000;
    private static final int OCTET_RANGE = 0x100;
    private static final int TWO_OCTETS_RANGE = 0x10000;
    private static final int UNALIGNED_BITS = 16;

    private final DirectBuffer stream;
    private final List<Found> found = new ArrayList<>();
    private final Deque<String> path = new ArrayDeque<>();
    private long position;
    private long end;
    private boolean isPartly;

    /** Reading ends before the end. */
    private static final class EndException extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean isMalformed;

        private EndException(boolean isMalformed) {
            super(null, null, false, false);
            this.isMalformed = isMalformed;
        }
    }

    private static EndException malformed() {
        return new EndException(true);
    }

    /** @param offset of the first byte in {@code stream}. @param length in bytes */
    PackedReader(DirectBuffer stream, int offset, int length) {
        this.stream = stream;
        position = (long) offset * Byte.SIZE;
        end = position + (long) length * Byte.SIZE;
    }

    /** @return whether the whole was understood as far as the table goes. */
    boolean read(Type type) {
        try {
            walk(type, "", false);
        } catch (EndException e) {
            if (e.isMalformed) {
                found.clear();
                return false;
            }
        }
        return !isPartly;
    }

    /** @return what was found, in the order of the message; offsets count as that of the reader. */
    List<Found> found() {
        return found;
    }

    private void walk(Type type, String name, boolean isReported) throws EndException {
        switch (type) {
            case Type.Reference r -> walk(r.target(), name, isReported);
            case Type.Bits b -> report(isReported, 0, 0, bits(b.count()));
            case Type.Int i -> report(isReported, 0, 0, integer(i.min(), i.max()));
            case Type.Units u -> units(u, isReported);
            case Type.Containing c -> {
                report(isReported, 0, 0, 0);
                open(c.content(), "", false);
            }
            case Type.ListOf l -> {
                for (int left = length(); left > 0; left--) {
                    walk(l.element(), name, isReported);
                }
            }
            case Type.Structure s -> {
                report(isReported, 0, 0, 0);
                structure(s);
            }
            case Type.Choice c -> {
                report(isReported, 0, 0, 0);
                choice(c);
            }
            case Type.Rest _ -> {
                report(isReported, 0, 0, 0);
                throw new EndException(false);
            }
            case Type.Unknown _ -> throw malformed();
        }
    }

    private void enter(Type.Field field) throws EndException {
        path.addLast(field.name());
        walk(field.type(), field.name(), field.isReported());
        path.removeLast();
    }

    private void report(boolean isReported, int offset, int length, long value) throws EndException {
        if (isReported) {
            if (found.size() == MAX_FOUND) {
                throw malformed();
            }
            found.add(new Found(List.copyOf(path), offset, length, value));
        }
    }

    /** Section 19: whether there are additions, which of the optional ones are there, the root, the additions. */
    private void structure(Type.Structure s) throws EndException {
        boolean isExtended = s.isExtensible() && bits(1) == 1;
        int optional = (int) s.root().stream().filter(Type.Field::isOptional).count();
        long present = bits(optional);
        for (Type.Field field : s.root()) {
            if (!field.isOptional() || (present >>> --optional & 1) == 1) {
                enter(field);
            }
        }
        if (isExtended) {
            additions(s.additions());
        }
    }

    private void additions(List<Type.Field> known) throws EndException {
        if (bits(1) == 1) {
            throw malformed();
        }
        int count = (int) bits(6) + 1;
        long present = count == SMALL ? bits(32) << 32 | bits(32) : bits(count);
        for (int i = 0; i < count; i++) {
            if ((present >>> count - 1 - i & 1) == 1) {
                addition(known, i);
            }
        }
    }

    /** Section 23: which alternative, and that. */
    private void choice(Type.Choice c) throws EndException {
        if (c.isExtensible() && bits(1) == 1) {
            if (bits(1) == 1) {
                throw malformed();
            }
            addition(c.additions(), (int) bits(6));
        } else {
            int index = (int) integer(0, c.root().size() - 1);
            if (index >= c.root().size()) {
                throw malformed();
            }
            enter(c.root().get(index));
        }
    }

    private void addition(List<Type.Field> known, int index) throws EndException {
        if (index < known.size() && known.get(index).type() != null) {
            Type.Field field = known.get(index);
            path.addLast(field.name());
            open(field.type(), field.name(), field.isReported());
            path.removeLast();
        } else {
            skip(length() * (long) Byte.SIZE);
        }
    }

    /** Section 11.2: something with its length in octets. What goes wrong in it ends with it. */
    private void open(Type type, String name, boolean isReported) throws EndException {
        long length = length() * (long) Byte.SIZE;
        long after = position + length;
        if (after > end) {
            throw malformed();
        }
        long outerEnd = end;
        int depth = path.size();
        int count = found.size();
        end = after;
        try {
            walk(type, name, isReported);
        } catch (EndException e) {
            while (path.size() > depth) {
                path.removeLast();
            }
            if (e.isMalformed) {
                found.subList(count, found.size()).clear();
                isPartly = true;
            }
        }
        end = outerEnd;
        position = after;
    }

    /** Sections 17 and 30. */
    private void units(Type.Units u, boolean isReported) throws EndException {
        boolean isFixed = u.min() == u.max();
        long count = isFixed ? u.min() : u.max() < 0 ? length() : integer(u.min(), u.max());
        if (!isFixed || count * u.bits() > UNALIGNED_BITS) {
            align();
        }
        int offset = (int) (position / Byte.SIZE);
        skip(count * u.bits());
        report(isReported, offset, (int) (count * u.bits() / Byte.SIZE), 0);
    }

    /** Section 11.5: a number of a known range. */
    private long integer(long min, long max) throws EndException {
        long range = max - min + 1;
        if (range < OCTET_RANGE) {
            return min + bits(Long.SIZE - Long.numberOfLeadingZeros(range - 1));
        }
        if (range == OCTET_RANGE || range <= TWO_OCTETS_RANGE) {
            align();
            return min + bits(range == OCTET_RANGE ? Byte.SIZE : Short.SIZE);
        }
        int octets = (Long.SIZE - Long.numberOfLeadingZeros(range - 1) + Byte.SIZE - 1) / Byte.SIZE;
        int length = (int) integer(1, octets);
        align();
        if (length > octets) {
            throw malformed();
        }
        return min + bits(length * Byte.SIZE);
    }

    /** Section 11.9: a length without a bound. What is cut in pieces of 16384 is no control message. */
    private int length() throws EndException {
        align();
        int first = (int) bits(Byte.SIZE);
        if (first < MAX_SHORT_LENGTH) {
            return first;
        }
        int length = (first << Byte.SIZE | (int) bits(Byte.SIZE)) - (MAX_SHORT_LENGTH << Byte.SIZE);
        if (length >= MAX_LENGTH) {
            throw malformed();
        }
        return length;
    }

    private void align() {
        position = (position + Byte.SIZE - 1) / Byte.SIZE * Byte.SIZE;
    }

    private void skip(long count) throws EndException {
        if (count > end - position) {
            throw malformed();
        }
        position += count;
    }

    /** @param count at most 63 */
    private long bits(int count) throws EndException {
        long from = position;
        skip(count);
        long value = 0;
        for (long i = from; i < position; i++) {
            value = value << 1 | stream.getByte((int) (i / Byte.SIZE)) >>> Byte.SIZE - 1 - i % Byte.SIZE & 1;
        }
        return value;
    }
}
