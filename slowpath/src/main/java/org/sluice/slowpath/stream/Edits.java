package org.sluice.slowpath.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Replacements that a reader asks for, within the bytes it is being shown. */
public final class Edits {
    private final List<Edit> list = new ArrayList<>();

    /**
     * One replacement.
     *
     * @param offset counted from the first byte shown
     * @param length that goes
     * @param bytes that come
     */
    record Edit(int offset, int length, UnsafeBuffer bytes) {}

    /**
     * Replaces some of the bytes shown; in any order, but not twice the same byte.
     *
     * @param length at least 1: what is put in without taking anything away could not be asked for again by anyone
     * @throws IllegalArgumentException when it is less
     */
    public void replace(int offset, int length, DirectBuffer with, int withOffset, int withLength) {
        if (length < 1) {
            throw new IllegalArgumentException("an edit of " + length + " bytes");
        }
        byte[] bytes = new byte[withLength];
        with.getBytes(withOffset, bytes);
        list.add(new Edit(offset, length, new UnsafeBuffer(bytes)));
    }

    /** @return by how many bytes the part grows by what was asked for so far; below 0 when it shrinks. */
    public int growth(int offset, int length) {
        return list.stream().filter(e -> e.offset >= offset && e.offset < offset + length)
                .mapToInt(e -> e.bytes.capacity() - e.length).sum();
    }

    /** Forgets what was asked for. */
    public void clear() {
        list.clear();
    }

    /** @return whether nothing was asked for. */
    public boolean isEmpty() {
        return list.isEmpty();
    }

    /**
     * Writes the bytes shown with the replacements in them.
     *
     * @param room bytes that {@code out} takes
     * @return how many were written, or -1 when there is not enough room
     * @throws IllegalStateException when replacements overlap or leave the bytes shown
     */
    public int apply(DirectBuffer shown, int offset, int length, MutableDirectBuffer out, int outOffset, int room) {
        int from = 0;
        int to = 0;
        for (Edit edit : sorted(length)) {
            int kept = edit.offset - from;
            if (to + kept + edit.bytes.capacity() > room) {
                return -1;
            }
            out.putBytes(outOffset + to, shown, offset + from, kept);
            out.putBytes(outOffset + to + kept, edit.bytes, 0, edit.bytes.capacity());
            to += kept + edit.bytes.capacity();
            from = edit.offset + edit.length;
        }
        int rest = length - from;
        if (to + rest > room) {
            return -1;
        }
        out.putBytes(outOffset + to, shown, offset + from, rest);
        return to + rest;
    }

    /** @return in order of their offset. @throws IllegalStateException when they overlap or leave the consumed bytes */
    List<Edit> sorted(int consumed) {
        list.sort(Comparator.comparingInt(Edit::offset));
        int end = 0;
        for (Edit edit : list) {
            if (edit.offset < end || edit.offset + edit.length > consumed) {
                throw new IllegalStateException("edit of " + edit.length + " bytes at " + edit.offset
                        + " overlaps another or is not within the " + consumed + " bytes consumed");
            }
            end = edit.offset + edit.length;
        }
        return list;
    }
}
