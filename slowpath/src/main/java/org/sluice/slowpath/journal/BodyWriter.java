package org.sluice.slowpath.journal;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.sluice.slowpath.route.IpAddress;

/** Writes the fields of a body one behind the other. One thread. */
final class BodyWriter {
    private MutableDirectBuffer buffer;
    private int at;

    BodyWriter wrap(MutableDirectBuffer b, int offset) {
        buffer = b;
        at = offset;
        return this;
    }

    /** @return index behind what was written. */
    int position() {
        return at;
    }

    BodyWriter u8(int value) {
        buffer.putByte(at, (byte) value);
        at += Byte.BYTES;
        return this;
    }

    BodyWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    BodyWriter i32(int value) {
        buffer.putInt(at, value);
        at += Integer.BYTES;
        return this;
    }

    BodyWriter i64(long value) {
        buffer.putLong(at, value);
        at += Long.BYTES;
        return this;
    }

    BodyWriter address(IpAddress address) {
        return i64(address.high()).i64(address.low());
    }

    BodyWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    BodyWriter bytes(byte[] bytes) {
        i32(bytes.length);
        buffer.putBytes(at, bytes);
        at += bytes.length;
        return this;
    }
}
