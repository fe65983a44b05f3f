package org.sluice.fastpath.wire;

import org.agrona.DirectBuffer;

/** Options of a TCP header, RFC 9293 section 3.1 and RFC 7323. */
public final class TcpOptions {
    /** RFC 7323 2.3: a larger shift is taken for this one. */
    public static final int MAX_WINDOW_SCALE = 14;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int MAXIMUM_SEGMENT_SIZE_LENGTH = 4;
    private static final int WINDOW_SCALE = 3;
    private static final int WINDOW_SCALE_LENGTH = 3;

    private TcpOptions() {}

    /**
     * @param tcp offset of the TCP header, whose length has been checked
     * @return the shift of the window scale option, up to {@link #MAX_WINDOW_SCALE}, or -1 when there is none that can be read
     */
    public static int windowScale(DirectBuffer b, int tcp) {
        int at = find(b, tcp, WINDOW_SCALE, WINDOW_SCALE_LENGTH);
        return at < 0 ? -1 : Math.min(b.getByte(at + 2) & 0xFF, MAX_WINDOW_SCALE);
    }

    /**
     * @param tcp offset of the TCP header, whose length has been checked
     * @return offset of the two bytes that hold the maximum segment size, or -1 when there is no such option that can be read
     */
    public static int maximumSegmentSize(DirectBuffer b, int tcp) {
        int at = find(b, tcp, MAXIMUM_SEGMENT_SIZE, MAXIMUM_SEGMENT_SIZE_LENGTH);
        return at < 0 ? -1 : at + 2;
    }

    /** @return offset of the first option of that kind and length, or -1; nothing is read behind one of false length. */
    private static int find(DirectBuffer b, int tcp, int kind, int kindLength) {
        int end = tcp + Tcp.headerLength(b, tcp);
        int at = tcp + Tcp.HEADER_LENGTH;
        while (at < end && b.getByte(at) != END) {
            if (b.getByte(at) == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < end ? b.getByte(at + 1) & 0xFF : 0;
            if (length < 2 || at + length > end) {
                return -1;
            }
            if (b.getByte(at) == kind && length == kindLength) {
                return at;
            }
            at += length;
        }
        return -1;
    }
}
