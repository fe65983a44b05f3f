package org.sluice.slowpath.icmp;

import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.wire.Ipv4;

/** IPv4 headers of the gateway's own packets. */
public final class Ipv4Packets {
    private Ipv4Packets() {}

    /** Writes a header without options; "don't fragment" is set, so the identification may be 0 (RFC 6864 4.1). */
    public static void header(MutableDirectBuffer b, int ip, int totalLength, int protocol, int source, int destination,
            int ttl) {
        Ipv4.versionAndHeaderLength(b, ip, Ipv4.HEADER_LENGTH);
        Ipv4.tos(b, ip, 0);
        Ipv4.totalLength(b, ip, totalLength);
        Ipv4.identification(b, ip, 0);
        Ipv4.flagsAndFragment(b, ip, Ipv4.DONT_FRAGMENT);
        Ipv4.ttl(b, ip, ttl);
        Ipv4.protocol(b, ip, protocol);
        Ipv4.source(b, ip, source);
        Ipv4.destination(b, ip, destination);
        Ipv4.updateChecksum(b, ip);
    }
}
