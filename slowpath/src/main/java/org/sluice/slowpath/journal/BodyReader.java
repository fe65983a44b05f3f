package org.sluice.slowpath.journal;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.sluice.slowpath.route.IpAddress;

/**
 * Reads the fields of a body one behind the other. Never beyond its end: a record may have a right checksum and yet be none of ours. One
 * thread.
 */
final class BodyReader {
    private DirectBuffer buffer;
    private int at;
    private int end;

    BodyReader wrap(DirectBuffer b, int offset, int length) {
        buffer = b;
        at = offset;
        end = offset + length;
        return this;
    }

    private int take(int length) {
        if (length < 0 || length > end - at) {
            throw new IllegalArgumentException("the record ends before its fields do");
        }
        int from = at;
        at += length;
        return from;
    }

    int u8() {
        return buffer.getByte(take(Byte.BYTES)) & 0xFF;
    }

    boolean flag() {
        return u8() != 0;
    }

    int i32() {
        return buffer.getInt(take(Integer.BYTES));
    }

    long i64() {
        return buffer.getLong(take(Long.BYTES));
    }

    IpAddress address() {
        return new IpAddress(i64(), i64());
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        int length = i32();
        byte[] bytes = new byte[Math.clamp(length, 0, end - at)];
        buffer.getBytes(take(length), bytes);
        return bytes;
    }
}
