package org.sluice.mgmt.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.slowpath.route.AddressAndPort;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.InterfaceView;

/**
 * What has happened between two samples, for each second of it.
 *
 * @param seconds between them
 * @param forwarded packets, by the fast path and by the conductor
 * @param fast packets, by the fast path alone
 * @param flows there are
 * @param capacity of the flow table
 * @param created flows that began
 * @param interfaces in the order of the configuration
 * @param drops by reason, those that grow most first, then those that ever were
 * @param top flows, those that moved most bytes first
 * @param isWhole whether all flows were looked at
 */
public record Rates(double seconds, double forwarded, double fast, long flows, long capacity, double created,
        List<Link> interfaces, List<Drops> drops, List<Top> top, boolean isWhole) {
    private static final String DROPS = "sluice_drops_total{reason=\"";

    /**
     * An interface.
     *
     * @param rxPackets per second
     * @param rxBits per second
     * @param txPackets per second
     * @param txBits per second
     */
    public record Link(String name, boolean up, double rxPackets, double rxBits, double txPackets, double txBits) {}

    /**
     * Packets that went no further.
     *
     * @param reason as in {@code sluice_drops_total}
     * @param rate per second
     * @param total since the gateway started
     */
    public record Drops(String reason, double rate, long total) {}

    /**
     * A flow.
     *
     * @param proto tcp, udp, icmp, or the number
     * @param from who opened it
     * @param to whom it was opened to
     * @param sentBits per second of the opener
     * @param answeredBits per second of the other side
     * @param state of TCP; empty for others
     */
    public record Top(String proto, String from, String to, double sentBits, double answeredBits, String state) {

        double bits() {
            return sentBits + answeredBits;
        }
    }

    /** @param limit flows at the top */
    public static Rates between(Sample before, Sample now, int limit) {
        double seconds = Math.max(1e-3, (now.nanos() - before.nanos()) / 1e9);
        return new Rates(seconds, rate(before, now, "forwarded", seconds),
                rate(sum(before, "sluice_fastpath_packets_total{"), sum(now, "sluice_fastpath_packets_total{"),
                        seconds),
                sum(now, "sluice_flows{"), (long) now.counter("sluice_flows_capacity"),
                rate(before, now, "sluice_flows_created_total", seconds), links(before, now, seconds),
                drops(before, now, seconds), top(before, now, seconds, limit), now.isWhole());
    }

    private static double rate(Sample before, Sample now, String counter, double seconds) {
        return rate(before.counter(counter), now.counter(counter), seconds);
    }

    /** A gateway that was started anew counts from zero. */
    private static double rate(double before, double now, double seconds) {
        return (now >= before ? now - before : now) / seconds;
    }

    private static long sum(Sample sample, String prefix) {
        return (long) sample.counters().entrySet().stream().filter(c -> c.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue).sum();
    }

    private static List<Link> links(Sample before, Sample now, double seconds) {
        Map<String, Map<String, Long>> old = new HashMap<>();
        before.interfaces().forEach(i -> old.put(i.name(), i.counters()));
        List<Link> links = new ArrayList<>();
        for (InterfaceView i : now.interfaces()) {
            Map<String, Long> was = old.getOrDefault(i.name(), i.counters());
            links.add(new Link(i.name(), i.up(), rate(was, i, "rx_packets", seconds),
                    Byte.SIZE * rate(was, i, "rx_bytes", seconds), rate(was, i, "tx_packets", seconds),
                    Byte.SIZE * rate(was, i, "tx_bytes", seconds)));
        }
        return links;
    }

    private static double rate(Map<String, Long> before, InterfaceView now, String counter, double seconds) {
        return rate(before.getOrDefault(counter, 0L), now.counters().getOrDefault(counter, 0L), seconds);
    }

    private static List<Drops> drops(Sample before, Sample now, double seconds) {
        return now.counters().entrySet().stream().filter(c -> c.getKey().startsWith(DROPS) && c.getValue() > 0)
                .map(c -> new Drops(c.getKey().substring(DROPS.length(), c.getKey().length() - 2),
                        rate(before.counter(c.getKey()), c.getValue(), seconds), c.getValue().longValue()))
                .sorted(Comparator.comparingDouble(Drops::rate).thenComparingLong(Drops::total).reversed()).toList();
    }

    private static List<Top> top(Sample before, Sample now, double seconds, int limit) {
        Map<String, FlowView> old = new HashMap<>();
        before.flows().forEach(f -> old.put(key(f), f));
        return now.flows().stream().map(f -> top(old.get(key(f)), f, seconds)).filter(t -> t.bits() > 0)
                .sorted(Comparator.comparingDouble(Top::bits).reversed()).limit(limit).toList();
    }

    /** The id alone may be another flow's by now. */
    private static String key(FlowView flow) {
        FlowView.Tuple o = flow.original();
        return flow.id() + " " + flow.proto() + o.src() + " " + o.sport() + " " + o.dst() + " " + o.dport();
    }

    private static Top top(FlowView before, FlowView now, double seconds) {
        FlowView.Tuple o = now.original();
        return new Top(now.proto(), AddressAndPort.text(o.src(), o.sport()), AddressAndPort.text(o.dst(), o.dport()),
                Byte.SIZE * rate(before == null ? 0 : before.original().bytes(), o.bytes(), seconds),
                Byte.SIZE * rate(before == null ? 0 : before.reply().bytes(), now.reply().bytes(), seconds),
                now.state());
    }
}
