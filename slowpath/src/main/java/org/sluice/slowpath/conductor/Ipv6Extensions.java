package org.sluice.slowpath.conductor;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Ipv6;

/** Looks through IPv6 extension headers (RFC 8200 section 4), whose lengths have been checked. */
final class Ipv6Extensions {
    private static final int ROUTING_TYPE = 2;

    private Ipv6Extensions() {}

    /**
     * @param l4 where the extension headers end
     * @return whether there is a routing header of type 0 (RFC 5095: to be dropped), which lets the sender prescribe the way
     */
    static boolean hasSourceRoute(DirectBuffer b, int ip, int l4) {
        int kind = Ipv6.nextHeader(b, ip);
        int at = ip + Ipv6.HEADER_LENGTH;
        while (at < l4) {
            if (kind == Ipv6.ROUTING && b.getByte(at + ROUTING_TYPE) == 0) {
                return true;
            }
            int next = Ipv6.extensionNext(b, at);
            at += Ipv6.extensionLength(b, at, kind);
            kind = next;
        }
        return false;
    }
}
