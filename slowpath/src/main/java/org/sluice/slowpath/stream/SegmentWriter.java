package org.sluice.slowpath.stream;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;

/** Makes segments from the headers of one that came in. */
final class SegmentWriter {
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_SACK = 5;
    private static final int OPTION_TIMESTAMPS = 8;
    private static final int BLOCK = 8;

    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[1 << 16]);
    private int headers;
    private int ipHeader;

    /** Takes the IP and TCP headers as the pattern of what follows. @param tcp offset of the TCP header */
    void pattern(DirectBuffer b, int ip, int tcp) {
        ipHeader = tcp - ip;
        headers = ipHeader + Tcp.headerLength(b, ip + ipHeader);
        packet.putBytes(0, b, ip, headers);
    }

    /** @return bytes of IP and TCP headers, options included. */
    int headers() {
        return headers;
    }

    /** @return bytes of TCP options. */
    int optionBytes() {
        return headers - ipHeader - Tcp.HEADER_LENGTH;
    }

    void acknowledgement(int value) {
        Tcp.acknowledgement(packet, ipHeader, value);
    }

    int flags() {
        return Tcp.flags(packet, ipHeader);
    }

    /** Makes the pattern one that answers a segment: with its time (RFC 7323 section 4.3), and without SACK blocks of earlier ones. */
    void answering(DirectBuffer b, int tcp) {
        int asked = findOption(b, tcp, OPTION_TIMESTAMPS);
        int answered = findOption(packet, ipHeader, OPTION_TIMESTAMPS);
        if (asked >= 0 && answered >= 0) {
            packet.putInt(answered + 6, b.getInt(asked + 2));
        }
        int sack = findOption(packet, ipHeader, OPTION_SACK);
        if (sack >= 0) {
            packet.setMemory(sack, packet.getByte(sack + 1) & 0xFF, (byte) OPTION_NOP);
        }
    }

    /** @return a segment complete in {@link #packet}: its length. */
    int write(int sequence, int flags, int urgentPointer, DirectBuffer payload, int offset, int length) {
        Tcp.sequence(packet, ipHeader, sequence);
        Tcp.flags(packet, ipHeader, flags);
        Tcp.urgentPointer(packet, ipHeader, urgentPointer);
        if (length > 0) {
            packet.putBytes(headers, payload, offset, length);
        }
        if (Ipv6.isVersion6(packet, 0)) {
            Ipv6.payloadLength(packet, 0, headers + length - Ipv6.HEADER_LENGTH);
        } else {
            Ipv4.totalLength(packet, 0, headers + length);
            Ipv4.updateChecksum(packet, 0);
        }
        int l4Length = headers - ipHeader + length;
        Tcp.checksum(packet, ipHeader, Checksum.transport(packet, 0, ipHeader, l4Length, Ipv4.PROTOCOL_TCP));
        return headers + length;
    }

    UnsafeBuffer packet() {
        return packet;
    }

    /** Gives SACK blocks the numbers of the sender they go to; a block of which nothing whole is left becomes padding. */
    void translateSack(StreamDirection acknowledged) {
        int at = findOption(packet, ipHeader, OPTION_SACK);
        if (at < 0) {
            return;
        }
        int end = at + (packet.getByte(at + 1) & 0xFF);
        int kept = at + 2;
        for (int block = at + 2; block + BLOCK <= end; block += BLOCK) {
            int left = acknowledged.sackEdge(read(block), true);
            int right = acknowledged.sackEdge(read(block + 4), false);
            if (right - left > 0) {
                put(kept, left);
                put(kept + 4, right);
                kept += BLOCK;
            }
        }
        packet.putByte(at + 1, (byte) (kept - at));
        if (kept == at + 2) {
            kept = at;
        }
        packet.setMemory(kept, end - kept, (byte) OPTION_NOP);
    }

    private int read(int offset) {
        return packet.getInt(offset, BIG_ENDIAN);
    }

    private void put(int offset, int value) {
        packet.putInt(offset, value, BIG_ENDIAN);
    }

    /** @return what a SYN says its sender takes, or the default. */
    static int mss(DirectBuffer b, int tcp) {
        int at = findOption(b, tcp, OPTION_MSS);
        return at < 0 || (b.getByte(at + 1) & 0xFF) != 4
                ? StreamLimits.DEFAULT_MSS
                : Math.max(64, b.getShort(at + 2, BIG_ENDIAN) & 0xFFFF);
    }

    /** @return offset of an option of that kind that lies within the header, or -1. */
    private static int findOption(DirectBuffer b, int tcp, int kind) {
        int at = tcp + Tcp.HEADER_LENGTH;
        int end = tcp + Tcp.headerLength(b, tcp);
        while (at < end) {
            int found = b.getByte(at) & 0xFF;
            if (found == OPTION_END) {
                return -1;
            }
            if (found == OPTION_NOP) {
                at++;
                continue;
            }
            int length = at + 1 < end ? b.getByte(at + 1) & 0xFF : 0;
            if (length < (found == OPTION_TIMESTAMPS ? 10 : 2) || at + length > end) {
                return -1;
            }
            if (found == kind) {
                return at;
            }
            at += length;
        }
        return -1;
    }
}
