package org.sluice.fastpath.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * SCTP common header and the beginning of its first chunk, RFC 9260 section 3. The checksum covers no addresses, so these can be
 * translated without touching it; ports can't.
 * <pre>
 *   0             2             4                  8            12     13      14       16
 *  +-------------+-------------+------------------+------------+------+-------+--------+--------------+----
 *  | source port | destination | verification tag | CRC32c     | type | flags | length | initiate tag | …
 *  +-------------+-------------+------------------+------------+------+-------+--------+--------------+----
 * </pre>
 * The initiate tag is in INIT and INIT ACK alone.
 */
public final class Sctp {
    public static final int HEADER_LENGTH = 12;
    public static final int CHUNK_HEADER_LENGTH = 4;
    /** Offset of the CRC32c, which is computed with 0 in its place. */
    public static final int CHECKSUM = 8;

    /** Types of chunks. */
    public static final int DATA = 0;
    public static final int INIT = 1;
    public static final int INIT_ACK = 2;
    public static final int HEARTBEAT = 4;
    public static final int HEARTBEAT_ACK = 5;
    public static final int ABORT = 6;
    public static final int SHUTDOWN = 7;
    public static final int SHUTDOWN_ACK = 8;
    public static final int COOKIE_ECHO = 10;
    public static final int COOKIE_ACK = 11;
    public static final int SHUTDOWN_COMPLETE = 14;

    /** Flag of ABORT and SHUTDOWN COMPLETE: the tag is the one that its sender was sent (RFC 9260 8.5.1). */
    public static final int REFLECTED_TAG = 1;

    private static final int MOVING = 1 << INIT | 1 << INIT_ACK | 1 << ABORT | 1 << SHUTDOWN | 1 << SHUTDOWN_ACK
            | 1 << COOKIE_ECHO | 1 << COOKIE_ACK | 1 << SHUTDOWN_COMPLETE;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int VERIFICATION_TAG = 4;
    private static final int CHUNK_TYPE = 12;
    private static final int CHUNK_FLAGS = 13;
    private static final int INITIATE_TAG = 16;
    private static final int INITIATE_END = 20;

    private Sctp() {}

    public static int sourcePort(DirectBuffer b, int sctp) {
        return b.getShort(sctp + SOURCE_PORT, BIG_ENDIAN) & 0xFFFF;
    }

    public static int destinationPort(DirectBuffer b, int sctp) {
        return b.getShort(sctp + DESTINATION_PORT, BIG_ENDIAN) & 0xFFFF;
    }

    public static int verificationTag(DirectBuffer b, int sctp) {
        return b.getInt(sctp + VERIFICATION_TAG, BIG_ENDIAN);
    }

    /** @return CRC32c, RFC 9260 appendix A. */
    public static int checksum(DirectBuffer b, int sctp) {
        return b.getInt(sctp + CHECKSUM, LITTLE_ENDIAN);
    }

    /** @param end offset behind the packet. @return type of the first chunk, or -1 when there is none */
    public static int chunkType(DirectBuffer b, int sctp, int end) {
        return sctp + HEADER_LENGTH + CHUNK_HEADER_LENGTH > end ? -1 : b.getByte(sctp + CHUNK_TYPE) & 0xFF;
    }

    /** @return flags of the first chunk, which is there. */
    public static int chunkFlags(DirectBuffer b, int sctp) {
        return b.getByte(sctp + CHUNK_FLAGS) & 0xFF;
    }

    /** @param end offset behind the packet. @return tag that its sender wants to be sent, of INIT and INIT ACK; 0 when it is cut */
    public static int initiateTag(DirectBuffer b, int sctp, int end) {
        return sctp + INITIATE_END > end ? 0 : b.getInt(sctp + INITIATE_TAG, BIG_ENDIAN);
    }

    /** @return whether a chunk of that type opens or closes an association. */
    public static boolean isMoving(int chunkType) {
        return chunkType >= 0 && chunkType < Integer.SIZE && (MOVING >>> chunkType & 1) != 0;
    }
}
