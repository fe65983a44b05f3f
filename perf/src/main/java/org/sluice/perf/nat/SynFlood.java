package org.sluice.perf.nat;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
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
 * Sends TCP SYNs of random sources (198.18.0.0/15, RFC 2544) as fast as the device takes them. A process of its own, because it runs in a
 * network namespace; prints how many it sent.
 *
 * <pre>
 * DEVICE GATEWAY-MAC DESTINATION PORT SECONDS
 * </pre>
 */
public final class SynFlood {
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(128, 2, 2_000, false);
    private static final int SOURCES = 0xC612_0000;
    private static final int SOURCE_BITS = 17;
    private static final int BURST = 64;
    private static final int FRAME = VirtioNetHeader.LENGTH;
    private static final int IP = FRAME + Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;
    private static final int LENGTH = L4 + Tcp.HEADER_LENGTH - FRAME;
    private static final int WINDOW = 64_240;

    private SynFlood() {}

    /** See the class comment. */
    public static void main(String[] arguments) {
        long duration = TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[4]));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(System.nanoTime());
        try (AfPacketPort port = AfPacketPort.open(0, "flood", arguments[0], OPTIONS)) {
            UnsafeBuffer syn = syn(Ethernet.parseAddress(arguments[1]), port.macAddress(),
                    Ipv4Address.parse(arguments[2]), Integer.parseInt(arguments[3]));
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < duration) {
                for (int i = 0; i < BURST; i++) {
                    randomize(syn, random.nextLong());
                    port.transmit(syn, FRAME, LENGTH);
                }
                port.flush();
            }
            System.out.println(port.counters().get(PortCounter.TX_PACKETS));
        }
    }

    private static void randomize(UnsafeBuffer b, long bits) {
        Ipv4.source(b, IP, SOURCES | (int) (bits & (1 << SOURCE_BITS) - 1));
        Ipv4.updateChecksum(b, IP);
        Tcp.sourcePort(b, L4, (int) (bits >>> SOURCE_BITS) & 0xFFFF | 1_024);
        Tcp.sequence(b, L4, (int) (bits >>> Integer.SIZE));
        Tcp.checksum(b, L4, Checksum.transport(b, IP, L4, Tcp.HEADER_LENGTH, Ipv4.PROTOCOL_TCP));
    }

    private static UnsafeBuffer syn(long to, long from, int destination, int port) {
        UnsafeBuffer b = OffHeap.allocate(FRAME + LENGTH);
        Ethernet.header(b, FRAME, to, from, Ethernet.TYPE_IPV4);
        Ipv4.versionAndHeaderLength(b, IP, Ipv4.HEADER_LENGTH);
        Ipv4.totalLength(b, IP, FRAME + LENGTH - IP);
        Ipv4.ttl(b, IP, 64);
        Ipv4.protocol(b, IP, Ipv4.PROTOCOL_TCP);
        Ipv4.destination(b, IP, destination);
        Tcp.destinationPort(b, L4, port);
        Tcp.headerLength(b, L4, Tcp.HEADER_LENGTH);
        Tcp.flags(b, L4, Tcp.SYN);
        Tcp.window(b, L4, WINDOW);
        return b;
    }
}
