package org.sluice.perf.suite.load;

import java.time.Duration;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Udp;
import org.sluice.perf.gen.Attachment;
import org.sluice.perf.gen.Generator;
import org.sluice.perf.gen.Latency;
import org.sluice.perf.gen.Sent;
import org.sluice.perf.gen.frame.Stamp;
import org.sluice.perf.gen.load.FrameSizes;
import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Rate;
import org.sluice.perf.suite.stand.Stand;

/**
 * UDP datagrams from the stand's client, to its server through the gateway, or to nobody; what arrives is the stand's to count, which
 * takes less of the processor than a sink. One thread.
 */
public final class HostTraffic implements AutoCloseable {
    private static final int PAYLOAD = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH + Udp.HEADER_LENGTH;
    private static final Duration ONCE = Duration.ofMinutes(1);

    private final Generator generator;
    private final long gateway;

    private HostTraffic(Attachment device, long gateway) {
        generator = Generator.open(device, null);
        this.gateway = gateway;
    }

    /** To the gateway. */
    public static HostTraffic open(Stand stand) {
        return new HostTraffic(stand.clientDevice(), stand.insideMacAddress());
    }

    /** To a device that forgets what it gets. */
    public static HostTraffic toNobody(Stand stand) {
        return new HostTraffic(stand.floor(), Stand.NOBODY);
    }

    /** As many as the device takes. @param size of a frame, with its check sequence */
    public Sent flood(int flows, int size, Duration duration) {
        return generator.send(load(flows, size).duration(duration), gateway, false);
    }

    /** At a rate. @param rate frames a second. @param sleeps see {@link Generator#send} */
    public Sent pace(int flows, int size, Duration duration, double rate, boolean sleeps) {
        return generator.send(load(flows, size).duration(duration).rate(Rate.packets(rate)), gateway, sleeps);
    }

    /** One datagram of each flow, as fast as the device takes them. */
    public Sent once(int flows) {
        return generator.send(load(flows, FrameSizes.SMALLEST).count(flows).duration(ONCE), gateway, false);
    }

    /**
     * Sends at a rate to the server, where the first flow's datagrams are looked at: with some hundred flows and more they cost so little
     * that the machine does what it does in {@link #pace}.
     *
     * @return how long those were on their way; null when none arrived
     */
    public static Latency latency(Stand stand, int flows, int size, Duration duration, double rate) {
        // only this driver has the kernel pass over the others
        Attachment sink = stand.serverDevice().driver(Attachment.Driver.AF_PACKET).only(Stamp.ofFlow(PAYLOAD, 0));
        try (Generator generator = Generator.open(stand.clientDevice(), sink)) {
            generator.letSinkSleep();
            Load load = load(flows, size).duration(duration).rate(Rate.packets(rate));
            return generator.run(load, stand.insideMacAddress()).latency();
        }
    }

    private static Load load(int flows, int size) {
        return HostFlows.of(flows).flows(flows).sizes(FrameSizes.of(size));
    }

    @Override
    public void close() {
        generator.close();
    }
}
