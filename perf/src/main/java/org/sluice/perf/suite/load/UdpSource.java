package org.sluice.perf.suite.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
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
 * it runs in a network namespace; prints how many it sent and in how many nanoseconds.
 *
 * <pre>
 * DEVICE GATEWAY-MAC SOURCE DESTINATION FLOWS FRAME-BYTES MILLISECONDS FRAMES-PER-SECOND FRAMES (0: no limit) spin|sleep
 * </pre>
 *
 * Between bursts it spins, which keeps the rate exactly, or sleeps, which leaves the processor to what is measured.
 */
public final class UdpSource {
    private static final AfPacketPort.Options OPTIONS = new AfPacketPort.Options(128, 2, 2_000, false);
    private static final int BURST = 32;
    private static final long SEED = 42;
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int L4 = IP + Ipv4.HEADER_LENGTH;

    private UdpSource() {}

    /** See the class comment. */
    public static void main(String[] arguments) {
        int flows = Integer.parseInt(arguments[4]);
        int length = Integer.parseInt(arguments[5]);
        long duration = TimeUnit.MILLISECONDS.toNanos(Integer.parseInt(arguments[6]));
        long rate = Long.parseLong(arguments[7]);
        long limit = arguments[8].equals("0") ? Long.MAX_VALUE : Long.parseLong(arguments[8]);
        boolean sleeps = arguments[9].equals("sleep");
        int stride = BitUtil.align(VirtioNetHeader.LENGTH + length, Long.BYTES);
        try (AfPacketPort port = AfPacketPort.open(0, "source", arguments[0], OPTIONS)) {
            UnsafeBuffer frames = frames(flows, length, stride, Long.parseLong(arguments[1].replace(":", ""), 16),
                    port.macAddress(), Ipv4Address.parse(arguments[2]), Ipv4Address.parse(arguments[3]));
            long begin = System.nanoTime();
            long taken = 0;
            long elapsed = 0;
            int flow = 0;
            for (; elapsed < duration && taken < limit; elapsed = System.nanoTime() - begin) {
                if (rate > 0 && taken > elapsed * rate / TimeUnit.SECONDS.toNanos(1)) {
                    pause(sleeps);
                    continue;
                }
                for (int i = 0; i < BURST && taken < limit; i++) {
                    if (port.transmit(frames, flow * stride + VirtioNetHeader.LENGTH, length)) {
                        taken++;
                        flow = flow + 1 == flows ? 0 : flow + 1;
                    }
                }
                port.flush();
            }
            System.out.println(port.counters().get(PortCounter.TX_PACKETS) + " " + elapsed);
        }
    }

    private static void pause(boolean sleeps) {
        if (sleeps) {
            LockSupport.parkNanos(1);
        } else {
            Thread.onSpinWait();
        }
    }

    private static UnsafeBuffer frames(int flows, int length, int stride, long to, long from, int source,
            int destination) {
        UnsafeBuffer b = OffHeap.allocate((long) flows * stride);
        int[] pairs = PortPairs.shuffled(flows, SEED);
        for (int i = 0; i < flows; i++) {
            int frame = i * stride + VirtioNetHeader.LENGTH;
            int ip = frame + IP;
            int udp = frame + L4;
            Ethernet.header(b, frame, to, from, Ethernet.TYPE_IPV4);
            Ipv4.versionAndHeaderLength(b, ip, Ipv4.HEADER_LENGTH);
            Ipv4.totalLength(b, ip, length - IP);
            Ipv4.ttl(b, ip, 64);
            Ipv4.protocol(b, ip, Ipv4.PROTOCOL_UDP);
            Ipv4.source(b, ip, source);
            Ipv4.destination(b, ip, destination);
            Ipv4.updateChecksum(b, ip);
            Udp.sourcePort(b, udp, PortPairs.source(pairs[i]));
            Udp.destinationPort(b, udp, PortPairs.destination(pairs[i]));
            Udp.length(b, udp, length - L4);
            Udp.checksum(b, udp, Checksum.transport(b, ip, udp, length - L4, Ipv4.PROTOCOL_UDP));
        }
        return b;
    }
}
