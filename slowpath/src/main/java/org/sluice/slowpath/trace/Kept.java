package org.sluice.slowpath.trace;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.trace.FrameTracer;

/** A frame, or its beginning. */
final class Kept {
    private final int port;
    private final int length;
    private final byte[] bytes;

    /** @param port it came or went through. @param length of the whole frame. @param bytes that are kept */
    Kept(int port, int length, byte[] bytes) {
        this.port = port;
        this.length = length;
        this.bytes = bytes;
    }

    static Kept of(int port, DirectBuffer b, int frame, int length) {
        byte[] bytes = new byte[Math.min(FrameTracer.KEPT, length)];
        b.getBytes(frame, bytes);
        return new Kept(port, length, bytes);
    }

    int port() {
        return port;
    }

    int length() {
        return length;
    }

    /** @return not to be changed. */
    byte[] bytes() {
        return bytes;
    }
}
