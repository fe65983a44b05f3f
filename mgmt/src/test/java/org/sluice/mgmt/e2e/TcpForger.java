package org.sluice.mgmt.e2e;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.AfPacketPort;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.route.Ipv4Address;

/**
 * Sends TCP segments of somebody else's connection, all around the circle of sequence numbers, with an acknowledgement that is a
 * guess; prints how many it sent. Flags 0 stand for a byte of data and then a RST at its end.
 *
 * <pre>
 * DEVICE GATEWAY-MAC SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT FLAGS COUNT SEED
 * </pre>
 */
final class TcpForger {
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(128, 2, 2_000, false);
    private static final int IP = VirtioNetHeader.LENGTH + Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;
    private static final int BURST = 50;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private TcpForger() {}

    /** See the class comment. */
    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[7]);
        Random random = new Random(Long.parseLong(arguments[8]));
        UnsafeBuffer b = OffHeap.allocate(L4 + Tcp.HEADER_LENGTH + 1);
        try (AfPacketPort port = AfPacketPort.open(0, "forger", arguments[0], OPTIONS)) {
            Ethernet.header(b, VirtioNetHeader.LENGTH, Ethernet.parseAddress(arguments[1]),
                    port.macAddress(), Ethernet.TYPE_IPV4);
            Ipv4.versionAndHeaderLength(b, IP, Ipv4.HEADER_LENGTH);
            Ipv4.ttl(b, IP, 64);
            Ipv4.protocol(b, IP, Ipv4.PROTOCOL_TCP);
            Ipv4.source(b, IP, Ipv4Address.parse(arguments[2]));
            Ipv4.destination(b, IP, Ipv4Address.parse(arguments[4]));
            Tcp.sourcePort(b, L4, Integer.parseInt(arguments[3]));
            Tcp.destinationPort(b, L4, Integer.parseInt(arguments[5]));
            Tcp.headerLength(b, L4, Tcp.HEADER_LENGTH);
            Tcp.window(b, L4, 0xFFFF);
            send(port, b, Integer.parseInt(arguments[6]), count, random);
            System.out.println(port.counters().get(PortCounter.TX_PACKETS));
        }
    }

    private static void send(AfPacketPort port, UnsafeBuffer b, int flags, int count, Random random) {
        int sequence = random.nextInt();
        int step = (int) ((1L << Integer.SIZE) / count);
        for (int i = 0; i < count; i++) {
            if (flags == 0) {
                send(port, b, Tcp.ACK, sequence, random.nextInt(), 1);
                send(port, b, Tcp.RST, sequence + 1, 0, 0);
            } else {
                send(port, b, flags, sequence, random.nextInt(), 0);
            }
            sequence += step;
            if (i % BURST == BURST - 1) {
                port.flush();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        port.flush();
    }

    private static void send(AfPacketPort port, UnsafeBuffer b, int flags, int sequence, int acknowledgement,
            int payload) {
        int length = Tcp.HEADER_LENGTH + payload;
        Ipv4.totalLength(b, IP, Ipv4.HEADER_LENGTH + length);
        Ipv4.updateChecksum(b, IP);
        Tcp.flags(b, L4, flags);
        Tcp.sequence(b, L4, sequence);
        Tcp.acknowledgement(b, L4, acknowledgement);
        Tcp.checksum(b, L4, Checksum.transport(b, IP, L4, length, Ipv4.PROTOCOL_TCP));
        port.transmit(b, VirtioNetHeader.LENGTH, L4 + length - VirtioNetHeader.LENGTH);
    }
}
