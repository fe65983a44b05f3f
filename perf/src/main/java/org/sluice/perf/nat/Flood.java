package org.sluice.perf.nat;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.linux.OffHeap;
import org.sluice.fastpath.port.AfPacketPort;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Udp;
import org.sluice.slowpath.route.Ipv4Address;

/**
 * Sends UDP datagrams as fast as the device takes them, or at a rate, one flow after the other. A process of its own, because
 * it runs in a network namespace; prints how many it sent.
 *
 * <pre>
 * DEVICE GATEWAY-MAC SOURCE DESTINATION FLOWS SECONDS PACKETS-PER-SECOND (0: no limit)
 * </pre>
 */
public final class Flood {
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(128, 2, 2_000, false);
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 60_000;
    private static final int DISCARD = 9;
    private static final int PAYLOAD = 18;
    private static final int BURST = 64;
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;
    private static final int LENGTH = L4 + Udp.HEADER_LENGTH + PAYLOAD;
    private static final int STRIDE = 128;

    private Flood() {}

    /** See the class comment. */
    public static void main(String[] arguments) {
        int flows = Integer.parseInt(arguments[4]);
        long duration = TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[5]));
        long rate = Long.parseLong(arguments[6]);
        try (AfPacketPort port = AfPacketPort.open(0, "flood", arguments[0], OPTIONS)) {
            UnsafeBuffer frames = frames(flows, Long.parseLong(arguments[1].replace(":", ""), 16), port.macAddress(),
                    Ipv4Address.parse(arguments[2]), Ipv4Address.parse(arguments[3]));
            long begin = System.nanoTime();
            long taken = 0;
            int flow = 0;
            for (long elapsed = 0; elapsed < duration; elapsed = System.nanoTime() - begin) {
                if (rate > 0 && taken > elapsed * rate / TimeUnit.SECONDS.toNanos(1)) {
                    Thread.onSpinWait();
                    continue;
                }
                for (int i = 0; i < BURST; i++) {
                    if (port.transmit(frames, flow * STRIDE + VirtioNetHeader.LENGTH, LENGTH)) {
                        taken++;
                    }
                    flow = flow + 1 == flows ? 0 : flow + 1;
                }
                port.flush();
            }
            CounterSet<PortCounter> counters = port.counters();
            System.out.println(counters.get(PortCounter.TX_PACKETS));
        }
    }

    private static UnsafeBuffer frames(int flows, long to, long from, int source, int destination) {
        UnsafeBuffer b = OffHeap.allocate(flows * STRIDE);
        for (int i = 0; i < flows; i++) {
            int frame = i * STRIDE + VirtioNetHeader.LENGTH;
            int ip = frame + IP;
            int udp = frame + L4;
            Ethernet.header(b, frame, to, from, Ethernet.TYPE_IPV4);
            Ipv4.versionAndHeaderLength(b, ip, Ipv4.HEADER_LENGTH);
            Ipv4.totalLength(b, ip, LENGTH - IP);
            Ipv4.ttl(b, ip, 64);
            Ipv4.protocol(b, ip, Ipv4.PROTOCOL_UDP);
            Ipv4.source(b, ip, source);
            Ipv4.destination(b, ip, destination);
            Ipv4.updateChecksum(b, ip);
            Udp.sourcePort(b, udp, FIRST_PORT + i % PORTS);
            Udp.destinationPort(b, udp, DISCARD + i / PORTS);
            Udp.length(b, udp, Udp.HEADER_LENGTH + PAYLOAD);
            Udp.checksum(b, udp, Checksum.transport(b, ip, udp, Udp.HEADER_LENGTH + PAYLOAD, Ipv4.PROTOCOL_UDP));
        }
        return b;
    }
}
