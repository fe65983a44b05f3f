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
    private static final String[] MODES = {"netascii", "octet", "mail"};

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
        int options = mode < 0 ? -1 : afterString(b, mode, end);
        return (opcode == READ || opcode == WRITE) && mode > filename + 1 && options >= 0
                && isMode(b, mode, options - 1);
    }

    /** Of RFC 1350 section 1, in any letter case. */
    private static boolean isMode(DirectBuffer b, int begin, int end) {
        for (String mode : MODES) {
            int same = 0;
            while (same < mode.length() && begin + same < end
                    && (b.getByte(begin + same) | 0x20) == mode.charAt(same)) {
                same++;
            }
            if (same == mode.length() && begin + same == end) {
                return true;
            }
        }
        return false;
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
