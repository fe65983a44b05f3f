package org.sluice.perf.gen.connection;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.perf.gen.load.Protocol;

/**
 * A frame of a connection, without data, of the smallest size. It tells the connection's number wherever it is, whatever NAT did to its
 * addresses and ports, so that neither end has to look anything up. In TCP each end begins with the sequence number
 * <pre>
 *  31                              3 2   0
 *  +--------------------------------+-----+
 *  |             number             |  0  |
 *  +--------------------------------+-----+
 * </pre>
 * whose lower bits then count SYN and FIN: an acknowledgement of 1 answers the SYN, one of 2 the FIN. In UDP the payload begins with the
 * number. One thread.
 */
final class Segment {
    /** Connections in a run. */
    static final int MOST = 1 << 28;
    static final int SYN_DONE = 1;
    static final int FIN_DONE = 2;

    /** The virtio-net header fits before it, and the IP header is aligned. */
    private static final int FRAME = 18;
    private static final int LENGTH = 60;
    private static final int IP = FRAME + Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;
    private static final int SHIFT = 3;
    private static final int PHASE = (1 << SHIFT) - 1;
    private static final int TTL = 64;
    private static final int WINDOW = 64_240;

    private final UnsafeBuffer b = OffHeap.allocate(FRAME + LENGTH);
    private final int protocol;
    private final int l4Length;

    /** @param protocol TCP or UDP */
    Segment(Protocol protocol) {
        this.protocol = protocol.number(false);
        // a datagram fills the frame, a segment leaves some of it as Ethernet's padding
        l4Length = protocol == Protocol.TCP ? Tcp.HEADER_LENGTH : FRAME + LENGTH - L4;
        Ipv4.versionAndHeaderLength(b, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, IP, Ipv4.HEADER_LENGTH + l4Length);
        Ipv4.flagsAndFragment(b, IP, Ipv4.DONT_FRAGMENT);
        Ipv4.ttl(b, IP, TTL);
        Ipv4.protocol(b, IP, this.protocol);
        if (protocol == Protocol.TCP) {
            Tcp.headerLength(b, L4, Tcp.HEADER_LENGTH);
            Tcp.window(b, L4, WINDOW);
        } else {
            Udp.length(b, L4, l4Length);
        }
    }

    /** @return where the transport header of a frame of this protocol is; -1 when it is of another. */
    static int find(DirectBuffer b, int frame, int length, Protocol protocol) {
        int ip = frame + Ethernet.HEADER_LENGTH;
        int least = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH + Tcp.HEADER_LENGTH;
        boolean fits = length >= least && Ethernet.type(b, frame) == Ethernet.TYPE_IPV4
                && Ipv4.protocol(b, ip) == protocol.number(false) && !Ipv4.isFragment(b, ip);
        return fits ? ip + Ipv4.headerLength(b, ip) : -1;
    }

    /** @return the connection that a sequence or acknowledgement number, or a payload's first word, tells. */
    static int number(int word) {
        return word >>> SHIFT;
    }

    /** @return how many of SYN and FIN are before a sequence or acknowledgement number. */
    static int phase(int word) {
        return word & PHASE;
    }

    static int word(int number, int phase) {
        return number << SHIFT | phase;
    }

    /** @return the first word of a datagram's payload. */
    static int payload(DirectBuffer b, int udp) {
        return b.getInt(udp + Udp.HEADER_LENGTH, BIG_ENDIAN);
    }

    /** From the client. @param to Ethernet address of the next hop. @param from own Ethernet address */
    void address(long to, long from, int source, int destination, int sourcePort, int destinationPort) {
        Ethernet.header(b, FRAME, to, from, Ethernet.TYPE_IPV4);
        Ipv4.source(b, IP, source);
        Ipv4.destination(b, IP, destination);
        Ipv4.updateChecksum(b, IP);
        // where UDP has them too
        Tcp.sourcePort(b, L4, sourcePort);
        Tcp.destinationPort(b, L4, destinationPort);
    }

    /** To where a frame came from. */
    void addressBack(DirectBuffer in, int frame, int l4) {
        int ip = frame + Ethernet.HEADER_LENGTH;
        int here = Ipv4.destination(in, ip);
        int there = Ipv4.source(in, ip);
        int herePort = Tcp.destinationPort(in, l4);
        int therePort = Tcp.sourcePort(in, l4);
        address(Ethernet.source(in, frame), Ethernet.destination(in, frame), here, there, herePort, therePort);
    }

    /** Sends it as a segment of TCP, waiting for room. */
    void send(Port port, int flags, int sequence, int acknowledgement) {
        Tcp.flags(b, L4, flags);
        Tcp.sequence(b, L4, sequence);
        Tcp.acknowledgement(b, L4, acknowledgement);
        Tcp.checksum(b, L4, Checksum.transport(b, IP, L4, l4Length, protocol));
        transmit(port);
    }

    /** Sends it as a datagram, waiting for room. */
    void send(Port port, int word) {
        b.putInt(L4 + Udp.HEADER_LENGTH, word, BIG_ENDIAN);
        Udp.computedChecksum(b, L4, Checksum.transport(b, IP, L4, l4Length, protocol));
        transmit(port);
    }

    private void transmit(Port port) {
        while (!port.transmit(b, FRAME, LENGTH) && port.isUp()) {
            // what is queued has to leave first
            port.flush();
            Thread.onSpinWait();
        }
    }
}
