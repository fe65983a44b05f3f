package org.sluice.helpers.tftp;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * A client's port that asks for files. The server answers each request from a new port of its own to the port that the request
 * came from (RFC 1350 section 4), so that is what is expected, from the server's host only.
 *
 * <pre>
 *   2 bytes    string    1 byte   string   1 byte   options (RFC 2347)
 *   +--------+----------+------+---------+------+-----
 *   | opcode | filename |  0   |  mode   |  0   |  ...     opcode 1: read, 2: write
 *   +--------+----------+------+---------+------+-----
 * </pre>
 */
final class TftpSession implements HelperSession {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int OPCODE_LENGTH = 2;

    private final Control control;

    TftpSession(Control control) {
        this.control = control;
    }

    @Override
    public int onBytes(Direction from, DirectBuffer datagram, int offset, int length) {
        if (from == Direction.ORIGINAL && isRequest(datagram, offset, length)) {
            control.expect(Direction.ORIGINAL, Peer.OTHER_SIDE, Transport.UDP,
                    control.endpointOf(Direction.ORIGINAL));
        }
        return length;
    }

    private static boolean isRequest(DirectBuffer b, int offset, int length) {
        if (length < OPCODE_LENGTH || b.getByte(offset) != 0) {
            return false;
        }
        int opcode = b.getByte(offset + 1);
        int end = offset + length;
        int filename = offset + OPCODE_LENGTH;
        int mode = afterString(b, filename, end);
        return (opcode == READ || opcode == WRITE) && mode > filename + 1 && afterString(b, mode, end) > mode + 1;
    }

    /** @return behind the string's closing 0, or -1 when it has none. */
    private static int afterString(DirectBuffer b, int start, int end) {
        for (int i = start; i >= 0 && i < end; i++) {
            if (b.getByte(i) == 0) {
                return i + 1;
            }
        }
        return -1;
    }
}
