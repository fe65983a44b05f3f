package org.sluice.perf.gen.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;

/**
 * A frame of one size. What is the same in all of them was written, and its checksums' sums taken, once; {@link #fill} puts in what differs
 * and adds that to the sums (RFC 1071: it doesn't matter in which order words are added). One thread.
 */
final class FrameTemplate {
    /** Of the frame in the buffer: the virtio-net header fits before it, and the IP header is aligned. */
    static final int FRAME = 18;
    private static final int IP = FRAME + Ethernet.HEADER_LENGTH;
    private static final int TTL = 64;
    private static final int WINDOW = 64_240;
    private static final int IPV6_LOW_HALF = 8;
    private static final int ICMP_IDENTIFIER = 4;
    private static final int ICMP_SEQUENCE = 6;

    private final UnsafeBuffer buffer;
    private final Protocol protocol;
    private final boolean isIpv6;
    private final boolean isStamped;
    private final int l4;
    private final int stamp;
    private final int length;
    /** Sums of all that stays, not folded. */
    private final long ipSum;
    private final long l4Sum;

    /**
     * @param size with frame check sequence
     * @param to next hop's Ethernet address
     * @param from own Ethernet address
     * @param run that stamps carry
     */
    FrameTemplate(Load load, int size, long to, long from, int run) {
        length = size - FrameSizes.CHECK_SEQUENCE;
        buffer = OffHeap.allocate(FRAME + length);
        protocol = load.protocol();
        isIpv6 = load.isIpv6();
        isStamped = load.isStamped();
        l4 = IP + (isIpv6 ? Ipv6.HEADER_LENGTH : Ipv4.HEADER_LENGTH);
        stamp = l4 + protocol.headerLength();
        int l4Length = FRAME + length - l4;
        int number = protocol.number(isIpv6);
        Ethernet.header(buffer, FRAME, to, from, isIpv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4);
        if (isIpv6) {
            Ipv6.versionAndClass(buffer, IP, 0);
            Ipv6.payloadLength(buffer, IP, l4Length);
            Ipv6.nextHeader(buffer, IP, number);
            Ipv6.hopLimit(buffer, IP, TTL);
            buffer.putLong(IP + Ipv6.SOURCE, load.from().addresses().high(), BIG_ENDIAN);
            buffer.putLong(IP + Ipv6.DESTINATION, load.to().addresses().high(), BIG_ENDIAN);
            ipSum = 0;
        } else {
            Ipv4.versionAndHeaderLength(buffer, IP, Ipv4.HEADER_LENGTH);
            Ipv4.totalLength(buffer, IP, FRAME + length - IP);
            // never cut, so it needs no identification (RFC 6864)
            Ipv4.flagsAndFragment(buffer, IP, Ipv4.DONT_FRAGMENT);
            Ipv4.ttl(buffer, IP, TTL);
            Ipv4.protocol(buffer, IP, number);
            ipSum = Checksum.sum(buffer, IP, Ipv4.HEADER_LENGTH);
        }
        header(l4Length);
        if (isStamped) {
            Stamp.run(buffer, stamp, run);
        }
        l4Sum = Checksum.sum(buffer, l4, l4Length)
                + (hasPseudoHeader() ? Checksum.pseudoHeader(buffer, IP, number, l4Length) : 0);
    }

    private boolean hasPseudoHeader() {
        return isIpv6 || protocol != Protocol.ICMP;
    }

    private void header(int l4Length) {
        switch (protocol) {
            case UDP -> Udp.length(buffer, l4, l4Length);
            case TCP -> {
                Tcp.headerLength(buffer, l4, Tcp.HEADER_LENGTH);
                Tcp.flags(buffer, l4, Tcp.SYN);
                Tcp.window(buffer, l4, WINDOW);
            }
            case ICMP -> Icmp.type(buffer, l4, isIpv6 ? Icmpv6.ECHO_REQUEST : Icmp.ECHO_REQUEST);
        }
    }

    /**
     * Makes it the next frame of a flow.
     *
     * @param tuple of the flow
     * @param place of the flow, for the stamp
     * @param sequence of the frame within the place
     * @param time for the stamp
     */
    void fill(TupleSpace tuple, int place, int sequence, long time) {
        long sum = l4Sum;
        if (isStamped) {
            Stamp.write(buffer, stamp, place, sequence, time);
            sum += Stamp.sum(place, sequence, time);
        }
        if (hasPseudoHeader()) {
            sum += words(tuple.source()) + words(tuple.destination());
        }
        addresses(tuple.source(), tuple.destination());
        switch (protocol) {
            case UDP -> {
                sum += tuple.sourcePort() + tuple.destinationPort();
                Udp.sourcePort(buffer, l4, tuple.sourcePort());
                Udp.destinationPort(buffer, l4, tuple.destinationPort());
                Udp.computedChecksum(buffer, l4, ~Checksum.fold(sum) & 0xFFFF);
            }
            case TCP -> {
                sum += tuple.sourcePort() + tuple.destinationPort();
                Tcp.sourcePort(buffer, l4, tuple.sourcePort());
                Tcp.destinationPort(buffer, l4, tuple.destinationPort());
                Tcp.checksum(buffer, l4, ~Checksum.fold(sum));
            }
            case ICMP -> {
                sum += tuple.sourcePort() + (sequence & 0xFFFF);
                buffer.putShort(l4 + ICMP_IDENTIFIER, (short) tuple.sourcePort(), BIG_ENDIAN);
                buffer.putShort(l4 + ICMP_SEQUENCE, (short) sequence, BIG_ENDIAN);
                Icmp.checksum(buffer, l4, ~Checksum.fold(sum));
            }
        }
    }

    private void addresses(long source, long destination) {
        if (isIpv6) {
            buffer.putLong(IP + Ipv6.SOURCE + IPV6_LOW_HALF, source, BIG_ENDIAN);
            buffer.putLong(IP + Ipv6.DESTINATION + IPV6_LOW_HALF, destination, BIG_ENDIAN);
        } else {
            Ipv4.source(buffer, IP, (int) source);
            Ipv4.destination(buffer, IP, (int) destination);
            Ipv4.checksum(buffer, IP, ~Checksum.fold(ipSum + source + destination));
        }
    }

    /** @return what an address's half adds to a sum. */
    private static long words(long half) {
        return (half >>> Integer.SIZE) + (half & 0xFFFF_FFFFL);
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    /** @return bytes of the frame at {@link #FRAME}, without check sequence. */
    int length() {
        return length;
    }
}
