package org.sluice.slowpath.trace;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;

/** Finds the headers of a frame of which only the beginning is at hand, and which may be malformed. One thread. */
final class Headers {
    private int l4;
    private int protocol;
    private boolean isFragment;

    /** @return whether it is IP, and its addresses are at hand */
    boolean read(DirectBuffer b, int frame, int length) {
        int ip = frame + Ethernet.HEADER_LENGTH;
        int end = frame + length;
        isFragment = false;
        if (length < Ethernet.HEADER_LENGTH) {
            return false;
        }
        return switch (Ethernet.type(b, frame)) {
            case Ethernet.TYPE_IPV4 -> end - ip >= Ipv4.HEADER_LENGTH && read4(b, ip);
            case Ethernet.TYPE_IPV6 -> end - ip >= Ipv6.HEADER_LENGTH && read6(b, ip, end);
            default -> false;
        };
    }

    private boolean read4(DirectBuffer b, int ip) {
        l4 = ip + Ipv4.headerLength(b, ip);
        protocol = Ipv4.protocol(b, ip);
        isFragment = (Ipv4.flagsAndFragment(b, ip) & Ipv4.FRAGMENT_OFFSET_MASK) != 0;
        return !Ipv6.isVersion6(b, ip);
    }

    private boolean read6(DirectBuffer b, int ip, int end) {
        protocol = Ipv6.nextHeader(b, ip);
        l4 = ip + Ipv6.HEADER_LENGTH;
        while (Ipv6.isExtension(protocol) && l4 + Ipv6.FRAGMENT_HEADER_LENGTH <= end) {
            int extension = protocol;
            isFragment |= extension == Ipv6.FRAGMENT
                    && (Ipv6.offsetAndFlags(b, l4) & Ipv6.FRAGMENT_OFFSET_MASK) != 0;
            protocol = Ipv6.extensionNext(b, l4);
            l4 += Ipv6.extensionLength(b, l4, extension);
        }
        return Ipv6.isVersion6(b, ip);
    }

    /** @return offset behind the headers of IP; may lie behind what is at hand */
    int l4() {
        return l4;
    }

    int protocol() {
        return protocol;
    }

    /** @return whether it has no transport header, because an earlier fragment has it. */
    boolean isFragment() {
        return isFragment;
    }
}
