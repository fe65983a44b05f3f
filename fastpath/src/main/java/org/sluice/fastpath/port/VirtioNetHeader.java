package org.sluice.fastpath.port;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The header that travels before every frame, between kernel and gateway and inside the gateway. It tells what hardware
 * would still have to do: finish a checksum, cut a super-frame into segments (virtio 1.2, section 5.1.6). Little-endian,
 * which is the byte order of every machine this runs on.
 * <pre>
 *   0        1         2            4           6            8             10
 *  +--------+---------+------------+-----------+------------+-------------+
 *  | flags  | gsoType | headerLen  |  gsoSize  | csumStart  | csumOffset  |
 *  +--------+---------+------------+-----------+------------+-------------+
 * </pre>
 * csumStart counts from the Ethernet header, csumOffset from csumStart.
 */
public final class VirtioNetHeader {
    public static final int LENGTH = 10;
    /** Room for it before a frame, so that the frame's IP header is aligned. */
    static final int LENGTH_ALIGNED = 18;

    /** The transport checksum field holds only the sum of the pseudo header; the rest is still to be added. */
    public static final int NEEDS_CHECKSUM = 1;
    /** The transport checksum was verified already. */
    public static final int CHECKSUM_VALID = 2;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;
    public static final int GSO_TCPV6 = 4;
    public static final int GSO_UDP_L4 = 5;
    /** Bit beside the GSO type: the first segment carries ECN's CWR. */
    public static final int GSO_ECN = 0x80;

    private static final int FLAGS = 0;
    private static final int GSO_TYPE = 1;
    private static final int HEADER_LENGTH = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private VirtioNetHeader() {}

    /** Says "an ordinary frame, checksums complete". */
    public static void clear(MutableDirectBuffer buffer, int frame) {
        buffer.putLong(frame - LENGTH, 0);
        buffer.putShort(frame - LENGTH + CHECKSUM_OFFSET, (short) 0);
    }

    public static int flags(DirectBuffer buffer, int frame) {
        return buffer.getByte(frame - LENGTH + FLAGS) & 0xFF;
    }

    public static boolean needsChecksum(DirectBuffer buffer, int frame) {
        return (buffer.getByte(frame - LENGTH + FLAGS) & NEEDS_CHECKSUM) != 0;
    }

    /** Clears all flags but {@link #NEEDS_CHECKSUM}, the only one that means something to a device. */
    public static void keepNeedsChecksumOnly(MutableDirectBuffer buffer, int frame) {
        buffer.putByte(frame - LENGTH + FLAGS, (byte) (buffer.getByte(frame - LENGTH + FLAGS) & NEEDS_CHECKSUM));
    }

    /** Asks the device to finish a checksum whose field holds the pseudo header's sum. */
    public static void needsChecksum(MutableDirectBuffer buffer, int frame, int start, int offset) {
        buffer.putByte(frame - LENGTH + FLAGS, (byte) NEEDS_CHECKSUM);
        buffer.putShort(frame - LENGTH + CHECKSUM_START, (short) start);
        buffer.putShort(frame - LENGTH + CHECKSUM_OFFSET, (short) offset);
    }

    /** @return from the Ethernet header on, where the checksum's sum begins. */
    static int checksumStart(DirectBuffer buffer, int frame) {
        return buffer.getShort(frame - LENGTH + CHECKSUM_START) & 0xFFFF;
    }

    /** @return from there on, where the checksum stands. */
    static int checksumOffset(DirectBuffer buffer, int frame) {
        return buffer.getShort(frame - LENGTH + CHECKSUM_OFFSET) & 0xFFFF;
    }

    /** Moves what the header points to, because bytes were put in before it. */
    public static void move(MutableDirectBuffer buffer, int frame, int bytes) {
        if (needsChecksum(buffer, frame)) {
            int start = buffer.getShort(frame - LENGTH + CHECKSUM_START) & 0xFFFF;
            buffer.putShort(frame - LENGTH + CHECKSUM_START, (short) (start + bytes));
        }
        int headers = buffer.getShort(frame - LENGTH + HEADER_LENGTH) & 0xFFFF;
        if (headers != 0) {
            headerLength(buffer, frame, headers + bytes);
        }
    }

    /** @return type without the ECN bit. */
    public static int gsoType(DirectBuffer buffer, int frame) {
        return buffer.getByte(frame - LENGTH + GSO_TYPE) & 0x7F;
    }

    /** @return payload bytes in each segment of a super-frame. */
    public static int gsoSize(DirectBuffer buffer, int frame) {
        return buffer.getShort(frame - LENGTH + GSO_SIZE) & 0xFFFF;
    }

    public static void headerLength(MutableDirectBuffer buffer, int frame, int value) {
        buffer.putShort(frame - LENGTH + HEADER_LENGTH, (short) value);
    }
}
