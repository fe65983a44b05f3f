package org.sluice.fastpath.port;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;

/**
 * Transport checksums where neither device nor kernel helps. Nothing here allocates or throws.
 *
 * <p>A host that is joined by veth leaves a packet's checksum to hardware that isn't there, and AF_XDP does not tell: the field then holds
 * the pseudo header's sum alone. {@link #find} knows it by that. Of complete checksums one in 65,536 looks the same, and is simply
 * computed once more on the way out.
 */
final class SoftwareChecksum {
    private SoftwareChecksum() {}

    /** Writes a received frame's {@link VirtioNetHeader}. */
    static void find(MutableDirectBuffer b, int frame, int length) {
        VirtioNetHeader.clear(b, frame);
        int ip = frame + Ethernet.HEADER_LENGTH;
        int available = length - Ethernet.HEADER_LENGTH;
        if (available < Ipv4.HEADER_LENGTH) {
            return;
        }
        int l4;
        int end;
        int protocol;
        switch (Ethernet.type(b, frame)) {
            case Ethernet.TYPE_IPV4 -> {
                l4 = ip + Ipv4.headerLength(b, ip);
                end = ip + Ipv4.totalLength(b, ip);
                protocol = Ipv4.isFragment(b, ip) ? 0 : Ipv4.protocol(b, ip);
            }
            case Ethernet.TYPE_IPV6 -> {
                if (available < Ipv6.HEADER_LENGTH) {
                    return;
                }
                l4 = ip + Ipv6.HEADER_LENGTH;
                end = l4 + Ipv6.payloadLength(b, ip);
                protocol = Ipv6.nextHeader(b, ip);
            }
            default -> {
                return;
            }
        }
        int field = field(protocol);
        if (field < 0 || end > frame + length || l4 + field + Short.BYTES > end) {
            return;
        }
        int sum = Checksum.fold(Checksum.pseudoHeader(b, ip, protocol, end - l4));
        if ((b.getShort(l4 + field, BIG_ENDIAN) & 0xFFFF) == sum) {
            VirtioNetHeader.needsChecksum(b, frame, l4 - frame, field);
        }
    }

    private static int field(int protocol) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> Tcp.CHECKSUM;
            case Ipv4.PROTOCOL_UDP -> Udp.CHECKSUM;
            default -> -1;
        };
    }

    /** Adds up what the {@link VirtioNetHeader} says is still to be added. */
    static void complete(MutableDirectBuffer b, int frame, int length) {
        if (!VirtioNetHeader.needsChecksum(b, frame)) {
            return;
        }
        int start = VirtioNetHeader.checksumStart(b, frame);
        int field = start + VirtioNetHeader.checksumOffset(b, frame);
        if (field + Short.BYTES <= length) {
            put(b, frame + field, Checksum.sum(b, frame + start, length - start));
        }
    }

    private static void put(MutableDirectBuffer b, int field, long sum) {
        int checksum = ~Checksum.fold(sum) & 0xFFFF;
        // RFC 768: 0 would say that there is none; to TCP the two are the same
        b.putShort(field, (short) (checksum == 0 ? 0xFFFF : checksum), BIG_ENDIAN);
    }

    /** Computes it from scratch. */
    static void compute(MutableDirectBuffer b, int ip, int l4, int l4Length, int protocol) {
        int field = l4 + field(protocol);
        b.putShort(field, (short) 0);
        put(b, field, Checksum.pseudoHeader(b, ip, protocol, l4Length) + Checksum.sum(b, l4, l4Length));
    }

}
