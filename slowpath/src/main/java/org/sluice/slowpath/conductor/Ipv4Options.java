package org.sluice.slowpath.conductor;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Ipv4;

/** Looks through IPv4 options (RFC 791 section 3.1). */
final class Ipv4Options {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private Ipv4Options() {}

    /** @return whether the sender prescribes the way (RFC 7126 4.3, 4.4: to be dropped), or the options make no sense. */
    static boolean hasSourceRoute(DirectBuffer b, int ip) {
        int at = ip + Ipv4.HEADER_LENGTH;
        int end = ip + Ipv4.headerLength(b, ip);
        while (at < end) {
            int kind = b.getByte(at) & 0xFF;
            if (kind == END) {
                return false;
            }
            if (kind == LOOSE_SOURCE_ROUTE || kind == STRICT_SOURCE_ROUTE) {
                return true;
            }
            int length = kind == NO_OPERATION ? 1 : at + 1 < end ? b.getByte(at + 1) & 0xFF : 0;
            if (length == 0 || kind != NO_OPERATION && length < 2 || at + length > end) {
                return true;
            }
            at += length;
        }
        return false;
    }
}
