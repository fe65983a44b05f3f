package org.sluice.slowpath.fragment;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.packet.Packet;

/** A datagram of which not all fragments have come. Conductor. */
final class Datagram {
    /** Offset of the Ethernet header in the buffer of a whole datagram. */
    static final int FRAME = 16;
    private static final int MAX_LENGTH = 0xFFFF;
    private static final int MAX_PIECES = 64;
    private static final int GROWTH = 4096;

    final int port;
    final long deadline;
    private final boolean isIpv6;
    private int pieceLength;
    private int firstProtocol;
    private final int[] begins = new int[MAX_PIECES];
    private final int[] ends = new int[MAX_PIECES];
    private int pieces;
    private int received;
    private int total = -1;
    private int headerLength;
    private UnsafeBuffer header;
    private UnsafeBuffer payload = new UnsafeBuffer(new byte[GROWTH]);

    Datagram(int port, boolean isIpv6, long deadline) {
        this.port = port;
        this.isIpv6 = isIpv6;
        this.deadline = deadline;
    }

    /** @return frames received so far. */
    int received() {
        return received;
    }

    /** @return bytes of memory held. */
    int size() {
        return payload.capacity();
    }

    /** @return false when the fragment contradicts the others: the datagram is to be given up (RFC 5722, RFC 1858). */
    boolean add(Packet p, Piece piece) {
        received++;
        int begin = piece.begin();
        int length = p.end() - piece.payload();
        boolean last = piece.isLast();
        if (isDuplicate(begin, begin + length, last)) {
            return true;
        }
        if (pieces == MAX_PIECES || length == 0 || !last && length % 8 != 0 || overlaps(begin, begin + length)
                || total >= 0 && (last || begin + length > total)
                || begin + length + minHeader() > MAX_LENGTH) {
            return false;
        }
        if (last) {
            total = begin + length;
        }
        if (begin == 0) {
            headerLength = Ethernet.HEADER_LENGTH + piece.header();
            header = new UnsafeBuffer(new byte[headerLength]);
            header.putBytes(0, p.buffer(), p.frame(), headerLength);
            firstProtocol = p.protocol();
        }
        pieceLength = Math.max(pieceLength, p.end() - p.ip());
        reserve(begin + length);
        payload.putBytes(begin, p.buffer(), piece.payload(), length);
        begins[pieces] = begin;
        ends[pieces++] = begin + length;
        // the first fragment's header, which may have options, is the datagram's
        int headers = header == null ? minHeader() : headerLength - Ethernet.HEADER_LENGTH - fixedHeader();
        return highestEnd() + headers <= MAX_LENGTH && (total < 0 || highestEnd() <= total);
    }

    /** @return bytes that are surely before the payload and count as the datagram's length does: not at all for IPv6. */
    private int minHeader() {
        return isIpv6 ? 0 : Ipv4.HEADER_LENGTH;
    }

    /** @return bytes of header that the datagram's length does not count. */
    private int fixedHeader() {
        return isIpv6 ? Ipv6.HEADER_LENGTH : 0;
    }

    /** @return length of the largest fragment, from the IP header on. */
    int pieceLength() {
        return pieceLength;
    }

    /** Networks duplicate packets; one that is there already is no contradiction (RFC 791 3.2). What came first stays. */
    private boolean isDuplicate(int begin, int end, boolean last) {
        for (int i = 0; i < pieces; i++) {
            if (begins[i] == begin && ends[i] == end) {
                return last == (end == total);
            }
        }
        return false;
    }

    private boolean overlaps(int begin, int end) {
        for (int i = 0; i < pieces; i++) {
            if (begin < ends[i] && end > begins[i]) {
                return true;
            }
        }
        return false;
    }

    private int highestEnd() {
        int highest = 0;
        for (int i = 0; i < pieces; i++) {
            highest = Math.max(highest, ends[i]);
        }
        return highest;
    }

    private void reserve(int size) {
        if (size > payload.capacity()) {
            UnsafeBuffer larger = new UnsafeBuffer(new byte[Math.max(size, 2 * payload.capacity())]);
            larger.putBytes(0, payload, 0, payload.capacity());
            payload = larger;
        }
    }

    /** @return whether nothing is missing: pieces don't overlap, so their lengths tell. */
    boolean isWhole() {
        int sum = 0;
        for (int i = 0; i < pieces; i++) {
            sum += ends[i] - begins[i];
        }
        return total >= 0 && sum == total && header != null;
    }

    /** @return the whole datagram as a frame at {@link #FRAME}, its virtio-net header before it. */
    UnsafeBuffer whole() {
        UnsafeBuffer b = new UnsafeBuffer(new byte[FRAME + length()]);
        VirtioNetHeader.clear(b, FRAME);
        b.putBytes(FRAME, header, 0, headerLength);
        b.putBytes(FRAME + headerLength, payload, 0, total);
        int ip = FRAME + Ethernet.HEADER_LENGTH;
        if (isIpv6) {
            Ipv6.payloadLength(b, ip, length() - Ethernet.HEADER_LENGTH - Ipv6.HEADER_LENGTH);
            Ipv6.endHeadersWith(b, ip, FRAME + headerLength, firstProtocol);
        } else {
            Ipv4.totalLength(b, ip, length() - Ethernet.HEADER_LENGTH);
            Ipv4.flagsAndFragment(b, ip, 0);
            Ipv4.updateChecksum(b, ip);
        }
        return b;
    }

    int length() {
        return headerLength + total;
    }
}
