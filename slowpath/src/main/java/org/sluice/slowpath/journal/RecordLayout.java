package org.sluice.slowpath.journal;

import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One record of the journal, in memory as on disk. Integers are little-endian on the machines that this runs on.
 * <pre>
 *    0  magic (2)   2 version (1)   3 kind (1)   4 length of the whole record (4)
 *    8  CRC32C of everything but itself (4)   12 0 (4)
 *   16  sequence (8): grows by one from record to record, over restarts too
 *   24  time (8): milliseconds of the epoch
 *   32  body; what it holds depends on the kind
 * </pre>
 * The checksum is made by the writer's thread, so that the conductor need not.
 */
public final class RecordLayout {
    public static final int MAGIC = 0x6A53;
    /** To be raised when a body changes its meaning; records of another version are passed over. */
    public static final int VERSION = 2;
    public static final int HEADER = 32;
    /** What a body may have, so that a damaged length is recognized. */
    public static final int MAX_BODY = 1 << 16;

    static final int KIND = 3;
    static final int LENGTH = 4;
    static final int CHECKSUM = 8;
    static final int SEQUENCE = 16;
    static final int TIME = 24;
    private static final int VERSION_OFFSET = 2;
    private static final int RESERVED = 12;

    private RecordLayout() {}

    /** Writes all of a header but the checksum. */
    public static void header(MutableDirectBuffer b, int at, int kind, int body, long sequence, long time) {
        b.putShort(at, (short) MAGIC);
        b.putByte(at + VERSION_OFFSET, (byte) VERSION);
        b.putByte(at + KIND, (byte) kind);
        b.putInt(at + LENGTH, HEADER + body);
        b.putInt(at + CHECKSUM, 0);
        b.putInt(at + RESERVED, 0);
        b.putLong(at + SEQUENCE, sequence);
        b.putLong(at + TIME, time);
    }

    /** Completes a record. @param array that holds it and nothing else, from its first byte */
    static void seal(MutableDirectBuffer array, int length) {
        array.putInt(CHECKSUM, 0);
        array.putInt(CHECKSUM, checksum(array.byteArray(), 0, length));
    }

    /** @return whether there may be a record of some version. */
    static boolean isMarked(DirectBuffer b, int at) {
        return (b.getShort(at) & 0xFFFF) == MAGIC;
    }

    static int version(DirectBuffer b, int at) {
        return b.getByte(at + VERSION_OFFSET) & 0xFF;
    }

    public static int kind(DirectBuffer b, int at) {
        return b.getByte(at + KIND) & 0xFF;
    }

    /** @return what the record says of its length, header included; may be anything when the record is damaged. */
    public static int length(DirectBuffer b, int at) {
        return b.getInt(at + LENGTH);
    }

    public static long sequence(DirectBuffer b, int at) {
        return b.getLong(at + SEQUENCE);
    }

    public static long time(DirectBuffer b, int at) {
        return b.getLong(at + TIME);
    }

    /** @param b on the heap. @return whether all of it is there and as it was written */
    static boolean isSound(DirectBuffer b, int at, int available) {
        int length = available < HEADER ? 0 : length(b, at);
        if (length < HEADER || length > HEADER + MAX_BODY || length > available || !isMarked(b, at)) {
            return false;
        }
        return checksum(b.byteArray(), at, length) == b.getInt(at + CHECKSUM);
    }

    private static int checksum(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CHECKSUM);
        crc.update(bytes, at + CHECKSUM + Integer.BYTES, length - CHECKSUM - Integer.BYTES);
        return (int) crc.getValue();
    }
}
