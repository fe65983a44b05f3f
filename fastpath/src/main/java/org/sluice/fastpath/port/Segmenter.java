package org.sluice.fastpath.port;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/**
 * Cuts a GSO super-frame of TCP or UDP into the segments that its {@link VirtioNetHeader} asks for, as a network card would: numbers go
 * on, PSH and FIN are the last one's, CWR the first one's (RFC 3168 6.1.2), every one has its own checksums. Nothing here allocates
 * or throws.
 */
final class Segmenter {
    private static final int CWR = 0x80;

    private Segmenter() {}

    /** @return how many segments it makes, at least 1. */
    static int count(DirectBuffer b, int frame, int length) {
        int size = VirtioNetHeader.gsoSize(b, frame);
        int payload = length - headers(b, frame);
        return size == 0 ? 1 : Math.max(1, (payload + size - 1) / size);
    }

    /** @return bytes of the longest frame that it makes. */
    static int longest(DirectBuffer b, int frame, int length) {
        return Math.min(length, headers(b, frame) + VirtioNetHeader.gsoSize(b, frame));
    }

    /** @return bytes of all headers, which each segment has. */
    private static int headers(DirectBuffer b, int frame) {
        int l4 = VirtioNetHeader.checksumStart(b, frame);
        return l4 + (isUdp(b, frame) ? Udp.HEADER_LENGTH : Tcp.headerLength(b, frame + l4));
    }

    private static boolean isUdp(DirectBuffer b, int frame) {
        return VirtioNetHeader.gsoType(b, frame) == VirtioNetHeader.GSO_UDP_L4;
    }

    /**
     * Writes one segment.
     *
     * @param target gets it, with no virtio-net header
     * @param at offset of its Ethernet header there
     * @param number of the segment, from 0
     * @return its bytes
     */
    static int write(MutableDirectBuffer target, int at, DirectBuffer b, int frame, int length, int number) {
        int headers = headers(b, frame);
        int size = VirtioNetHeader.gsoSize(b, frame);
        int begin = headers + number * size;
        int payload = size == 0 ? length - headers : Math.min(size, length - begin);
        boolean isLast = begin + payload == length;
        target.putBytes(at, b, frame, headers);
        target.putBytes(at + headers, b, frame + begin, payload);

        int ip = at + Ethernet.HEADER_LENGTH;
        int l4 = at + VirtioNetHeader.checksumStart(b, frame);
        int end = at + headers + payload;
        if (Ipv6.isVersion6(target, ip)) {
            Ipv6.payloadLength(target, ip, end - ip - Ipv6.HEADER_LENGTH);
        } else {
            Ipv4.totalLength(target, ip, end - ip);
            Ipv4.identification(target, ip, Ipv4.identification(b, frame + Ethernet.HEADER_LENGTH) + number);
            Ipv4.updateChecksum(target, ip);
        }
        if (isUdp(b, frame)) {
            Udp.length(target, l4, end - l4);
            SoftwareChecksum.compute(target, ip, l4, end - l4, Ipv4.PROTOCOL_UDP);
        } else {
            Tcp.sequence(target, l4, Tcp.sequence(target, l4) + number * size);
            int flags = Tcp.flags(target, l4);
            if (!isLast) {
                flags &= ~(Tcp.FIN | Tcp.PSH);
            }
            if (number > 0) {
                flags &= ~CWR;
            }
            Tcp.flags(target, l4, flags);
            SoftwareChecksum.compute(target, ip, l4, end - l4, Ipv4.PROTOCOL_TCP);
        }
        return headers + payload;
    }
}
