package org.sluice.slowpath.fragment;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.packet.Pieces;

/** Cuts IPv4 packets that are larger than the next link takes (RFC 791 section 3.2). Conductor. */
public final class Fragmenter {
    private static final int UNIT = 8;
    private static final byte OPTION_END = 0;
    private static final byte OPTION_NONE = 1;
    private static final int OPTION_COPIED = 0x80;
    /** Datagrams of many hosts leave under one address, so the gateway numbers them itself (RFC 6864 5.3). */
    private int nextIdentification = ThreadLocalRandom.current().nextInt(1 << 16);

    /**
     * @param packet holds a whole packet with complete checksums
     * @param ip offset of its header
     * @param mtu bytes a fragment may have
     * @param out takes one fragment after another at {@code outIp}
     * @param sink gets the length of the fragment that is in {@code out}
     */
    public void cut(DirectBuffer packet, int ip, int mtu, MutableDirectBuffer out, int outIp, IntConsumer sink) {
        int headerLength = Ipv4.headerLength(packet, ip);
        int payload = Ipv4.totalLength(packet, ip) - headerLength;
        int step = (mtu - headerLength) / UNIT * UNIT;
        int identification = nextIdentification++ & 0xFFFF;
        for (int at = 0; at < payload; at += step) {
            int size = Math.min(step, payload - at);
            out.putBytes(outIp, packet, ip, headerLength);
            if (at > 0) {
                blankOptions(out, outIp + Ipv4.HEADER_LENGTH, outIp + headerLength);
            }
            out.putBytes(outIp + headerLength, packet, ip + headerLength + at, size);
            Ipv4.totalLength(out, outIp, headerLength + size);
            Ipv4.identification(out, outIp, identification);
            Ipv4.flagsAndFragment(out, outIp, at / UNIT | (at + size < payload ? Ipv4.MORE_FRAGMENTS : 0));
            Ipv4.updateChecksum(out, outIp);
            sink.accept(headerLength + size);
        }
    }

    /**
     * The same for an IPv6 packet that came in pieces, which go on under their own number (RFC 8200 section 4.5).
     *
     * @param pieces as they came
     */
    public void cut6(DirectBuffer packet, int ip, Pieces pieces, MutableDirectBuffer out, int outIp, IntConsumer sink) {
        int headers = pieces.headers();
        int fragment = outIp + headers;
        int start = ip + headers;
        int next = Ipv6.lastNextHeader(packet, ip, start);
        int payload = Ipv6.HEADER_LENGTH + Ipv6.payloadLength(packet, ip) - headers;
        int step = (pieces.length() - headers - Ipv6.FRAGMENT_HEADER_LENGTH) / UNIT * UNIT;
        for (int at = 0; at < payload; at += step) {
            int size = Math.min(step, payload - at);
            out.putBytes(outIp, packet, ip, headers);
            Ipv6.endHeadersWith(out, outIp, fragment, Ipv6.FRAGMENT);
            Ipv6.fragmentHeader(out, fragment, next, at | (at + size < payload ? Ipv6.MORE_FRAGMENTS : 0),
                    pieces.identification());
            int length = headers + Ipv6.FRAGMENT_HEADER_LENGTH + size;
            out.putBytes(fragment + Ipv6.FRAGMENT_HEADER_LENGTH, packet, start + at, size);
            Ipv6.payloadLength(out, outIp, length - Ipv6.HEADER_LENGTH);
            sink.accept(length);
        }
    }

    /** Options that are not to be in every fragment become padding, so that all headers have one length (RFC 791 3.1). */
    private static void blankOptions(MutableDirectBuffer b, int from, int end) {
        int at = from;
        while (at < end && b.getByte(at) != OPTION_END) {
            int type = b.getByte(at);
            int length = type == OPTION_NONE ? 1 : at + 1 < end ? b.getByte(at + 1) & 0xFF : 0;
            if (length == 0 || at + length > end) {
                return;
            }
            if ((type & OPTION_COPIED) == 0) {
                b.setMemory(at, length, OPTION_NONE);
            }
            at += length;
        }
    }
}
