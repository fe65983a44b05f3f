package org.sluice.slowpath.icmp;

import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.route.IpAddress;

/** IP headers of the gateway's own packets. */
public final class IpPackets {
    private IpPackets() {}

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

    /** Writes a header of the addresses' family without options. @param payload bytes behind it. @return its length */
    public static int header(MutableDirectBuffer b, int payload, int protocol, IpAddress source, IpAddress destination,
            int hopLimit) {
        if (source.isV4()) {
            header(b, 0, Ipv4.HEADER_LENGTH + payload, protocol, source.v4(), destination.v4(), hopLimit);
            return Ipv4.HEADER_LENGTH;
        }
        Ipv6.versionAndClass(b, 0, 0);
        Ipv6.payloadLength(b, 0, payload);
        Ipv6.nextHeader(b, 0, protocol);
        Ipv6.hopLimit(b, 0, hopLimit);
        source.write(b, Ipv6.SOURCE);
        destination.write(b, Ipv6.DESTINATION);
        return Ipv6.HEADER_LENGTH;
    }

    /** @return bytes of the IP header without options of an address's family. */
    public static int headerLength(IpAddress address) {
        return address.isV4() ? Ipv4.HEADER_LENGTH : Ipv6.HEADER_LENGTH;
    }
}
