package org.sluice.slowpath.conductor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.counter.WorkerCounter;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.worker.Worker;
import org.sluice.slowpath.conntrack.EndReason;
import org.sluice.slowpath.conntrack.ExpectationOutcome;
import org.sluice.slowpath.conntrack.TcpState;
import org.sluice.slowpath.helper.ActiveHelper;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.journal.Journal;
import org.sluice.slowpath.journal.JournalCounter;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.packet.ConductorCounter;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.view.Meter.Kind;
import org.sluice.slowpath.view.Meter;

/**
 * Every number of the gateway by its name in Prometheus. Reading one costs a load or two; none walks a table. Any thread.
 *
 * <p>At rest received = forwarded + delivered + held + dropped, and transmitted = forwarded + originated, to the packet.
 */
final class Meters {
    /** Events of helpers that tell of expectations: made, refused, and what became of them. */
    private static final Set<String> OUTCOMES = outcomes();
    private static final long LATENCY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS = 1e9;
    private static final Map<String, Double> QUANTILES = Map.of("0.5", 50.0, "0.99", 99.0, "0.999", 99.9, "0.9999",
            99.99);

    private final SlowPathContext context;
    private final Tables tables;
    private final FlowLife life;
    private final HelperHost helpers;
    private final Ledger ledger;
    private final LongAccumulator forwarded = new LongAccumulator(Math::max, 0);
    private final List<Meter> fixed = new ArrayList<>();
    private final Histogram latency;
    private final Histogram[] intervals;
    private long latencyTaken;

    Meters(SlowPathContext context, Tables tables, FlowLife life, HelperHost helpers, Ledger ledger) {
        this.context = context;
        this.tables = tables;
        this.life = life;
        this.helpers = helpers;
        this.ledger = ledger;
        intervals = context.workers().stream().map(w -> w.latency().getIntervalHistogram())
                .toArray(Histogram[]::new);
        latency = intervals[0].copy();
        ports();
        fates();
        flows();
        reasons();
        latencyQuantiles();
        if (context.journal() != null) {
            journal(context.journal());
        }
    }

    private static Set<String> outcomes() {
        Set<String> outcomes = new TreeSet<>(Set.of("expected", "no_port"));
        for (ExpectationOutcome outcome : ExpectationOutcome.values()) {
            outcomes.add(outcome.label());
        }
        return Collections.unmodifiableSet(outcomes);
    }

    private void counter(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        fixed.add(new Meter(name, help, Kind.COUNTER, labels, value));
    }

    private void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        fixed.add(new Meter(name, help, Kind.GAUGE, labels, value));
    }

    private void ports() {
        for (Port port : context.ports()) {
            Map<String, String> labels = Map.of("interface", port.name());
            counter("sluice_rx_packets", "Frames received; a GSO super-frame counts once", labels,
                    () -> context.onPort(port.index(), PortCounter.RX_PACKETS));
            counter("sluice_rx_bytes", "Bytes received", labels,
                    () -> context.onPort(port.index(), PortCounter.RX_BYTES));
            counter("sluice_tx_packets", "Frames transmitted", labels,
                    () -> context.onPort(port.index(), PortCounter.TX_PACKETS));
            counter("sluice_tx_bytes", "Bytes transmitted", labels,
                    () -> context.onPort(port.index(), PortCounter.TX_BYTES));
            counter("sluice_rx_missed", "Frames the kernel dropped because the receive ring was full", labels,
                    () -> context.onPort(port.index(), PortCounter.RX_MISSED));
            gauge("sluice_interface_up", "1 when the device is there and up", labels, () -> isUp(port.index()) ? 1 : 0);
        }
    }

    /** It has a port for each worker, which all look by themselves. */
    private boolean isUp(int index) {
        return context.workers().stream().allMatch(w -> w.ports().get(index).isUp());
    }

    private void fates() {
        for (int i = 0; i < context.workers().size(); i++) {
            Worker worker = context.workers().get(i).worker();
            counter("sluice_fastpath_packets", "Frames forwarded without the conductor",
                    Map.of("worker", Integer.toString(i)),
                    () -> worker.counters().get(WorkerCounter.FAST_FORWARDED));
        }
        counter("sluice_forwarded_packets", "Received frames that left again", Map.of(),
                this::forwarded);
        counter("sluice_delivered_packets", "Received frames for the gateway itself, or that went into another frame",
                Map.of(),
                () -> ledger.counters().get(ConductorCounter.DELIVERED));
        counter("sluice_originated_packets", "Frames the gateway itself sent", Map.of(),
                () -> onPorts(PortCounter.TX_ORIGINATED));
        gauge("sluice_held_packets",
                "Received frames that wait: in a ring, for the device, for ARP, for the rest of a datagram",
                Map.of(),
                this::held);
    }

    /**
     * Of two counters that go on while they are read, the second may be ahead, so the difference may be too low, never too high; what was
     * told once is not taken back, which Prometheus would take for a restart.
     */
    private long forwarded() {
        forwarded.accumulate(onPorts(PortCounter.TX_PACKETS) - onPorts(PortCounter.TX_ORIGINATED));
        return forwarded.get();
    }

    private long onPorts(PortCounter counter) {
        return context.ports().stream().mapToLong(port -> context.onPort(port.index(), counter)).sum();
    }

    /** Received frames whose device took them from the gateway's hand and then refused them. */
    private long refused() {
        return onPorts(PortCounter.TX_REJECTED) - onPorts(PortCounter.TX_REJECTED_ORIGINATED);
    }

    /** Received frames that a port has taken and of which the kernel has not told whether the device took them too. */
    private long queued() {
        return context.onWorkers(w -> w.counters().get(WorkerCounter.FORWARDED)) - refused()
                - (onPorts(PortCounter.TX_PACKETS) - onPorts(PortCounter.TX_ORIGINATED));
    }

    /** Frames on their way to the conductor, waiting in its tables, on their way back, and in transmit rings. */
    private double held() {
        long taken = ledger.counters().get(ConductorCounter.TAKEN);
        long released = ledger.counters().get(ConductorCounter.RELEASED);
        long waiting = ledger.counters().get(ConductorCounter.HELD);
        long returned = context.onWorkers(w -> w.counters().get(WorkerCounter.RESUMED));
        long given = ledger.counters().get(ConductorCounter.RESUMED);
        long punted = context.onWorkers(w -> w.counters().get(WorkerCounter.PUNTED));
        return punted - taken + (waiting - released) + (given - returned) + queued();
    }

    private void flows() {
        for (TcpState state : TcpState.values()) {
            if (state != TcpState.NONE) {
                gauge("sluice_flows", "Flows, both directions counted once",
                        Map.of("proto", "tcp", "state", state.name().toLowerCase(Locale.ROOT)),
                        () -> life.census().count(Ipv4.PROTOCOL_TCP, state));
            }
        }
        other("udp", Ipv4.PROTOCOL_UDP);
        other("icmp", Ipv4.PROTOCOL_ICMP);
        other("gre", Ipv4.PROTOCOL_GRE);
        other("other", 0);
        gauge("sluice_flows_capacity", "Flows the table holds", Map.of(), () -> context.flows().capacity());
        counter("sluice_flows_created", "Flows begun", Map.of(),
                () -> ledger.counters().get(ConductorCounter.FLOWS_CREATED));
        for (EndReason reason : EndReason.values()) {
            counter("sluice_flows_ended", "Flows ended", Map.of("reason", reason.label()),
                    () -> life.ended().get(reason));
        }
        gauge("sluice_expectations", "Connections that helpers have announced and that have not come", Map.of(),
                () -> tables.expectations().size() + tables.expectations().calls().awaited());
    }

    private void other(String name, int protocol) {
        gauge("sluice_flows", "Flows, both directions counted once", Map.of("proto", name, "state", "active"),
                () -> life.census().count(protocol, TcpState.NONE));
    }

    private void reasons() {
        for (DropReason reason : DropReason.values()) {
            counter("sluice_drops", "Frames that went no further", Map.of("reason", reason.label()),
                    () -> dropped(reason));
        }
        for (PuntReason reason : PuntReason.values()) {
            counter("sluice_punts", "Frames given to the conductor", Map.of("reason", reason.label()),
                    () -> context.onWorkers(w -> w.punts().get(reason)));
        }
        for (DropReason reason : List.of(DropReason.NAT_EXHAUSTED, DropReason.TABLE_FULL)) {
            counter("sluice_nat_failures", "New flows that could not be translated", Map.of("reason", reason.label()),
                    () -> ledger.drops().get(reason));
        }
    }

    private double dropped(DropReason reason) {
        long dropped = context.onWorkers(w -> w.drops().get(reason)) + ledger.drops().get(reason);
        return dropped + switch (reason) {
            case TRUNCATED -> onPorts(PortCounter.RX_TRUNCATED);
            case VLAN -> onPorts(PortCounter.RX_VLAN);
            case TX_REFUSED -> refused();
            default -> 0;
        };
    }

    private void journal(Journal journal) {
        CounterSet<JournalCounter> counters = journal.counters();
        counter("sluice_journal_records", "Records written to the journal", Map.of(),
                () -> counters.get(JournalCounter.RECORDS));
        counter("sluice_journal_bytes", "Bytes of records written to the journal", Map.of(),
                () -> counters.get(JournalCounter.BYTES));
        counter("sluice_journal_lost_records", "Records that found no room in memory or on the disk", Map.of(),
                () -> counters.get(JournalCounter.LOST) + journal.lost());
        counter("sluice_journal_snapshots", "Times that everything alive was written down", Map.of(),
                () -> counters.get(JournalCounter.SNAPSHOTS));
        counter("sluice_journal_failures", "Times that writing the journal failed", Map.of(),
                () -> counters.get(JournalCounter.FAILURES));
        gauge("sluice_journal_up", "1 while the journal is being written", Map.of(),
                () -> counters.get(JournalCounter.UP));
        gauge("sluice_journal_disk_bytes", "Bytes of the journal on disk", Map.of(),
                () -> counters.get(JournalCounter.DISK_BYTES));
        gauge("sluice_journal_restored_flows", "Flows that the start brought back", Map.of(), journal::restored);
    }

    private void latencyQuantiles() {
        QUANTILES.forEach((label, percentile) -> gauge("sluice_forward_latency_seconds",
                "From the kernel's receive time stamp until the frame was given back; the oldest frame of each burst",
                Map.of("quantile", label), () -> latencyAt(percentile)));
    }

    private synchronized double latencyAt(double percentile) {
        long now = System.nanoTime();
        if (now - latencyTaken > LATENCY_INTERVAL_NS) {
            latencyTaken = now;
            for (int i = 0; i < intervals.length; i++) {
                intervals[i] = context.workers().get(i).latency().getIntervalHistogram(intervals[i]);
                latency.add(intervals[i]);
            }
        }
        return latency.getValueAtPercentile(percentile) / NANOS;
    }

    List<Meter> all() {
        List<Meter> all = new ArrayList<>(fixed);
        tables.policy().counts().forEach((rule, counts) -> {
            all.add(new Meter("sluice_policy_flows", "New flows, by the rule that decided about them", Kind.COUNTER,
                    Map.of("rule", rule), counts::decided));
            all.add(new Meter("sluice_policy_limited", "New flows dropped because they went beyond the rule's limit",
                    Kind.COUNTER, Map.of("rule", rule), counts::beyond));
        });
        for (ActiveHelper helper : helpers.active()) {
            helper.events().forEach((event, count) -> {
                Map<String, String> labels = Map.of("helper", helper.name(), "event", event);
                all.add(new Meter("sluice_helper_events", "What helpers saw and did", Kind.COUNTER, labels,
                        count::get));
                if (OUTCOMES.contains(event) || event.startsWith("refused")) {
                    all.add(new Meter("sluice_expectations",
                            "Connections that helpers announced, by what became of them",
                            Kind.COUNTER, Map.of("helper", helper.name(), "outcome", event), count::get));
                }
            });
        }
        for (MappingTable.Usage usage : tables.mappings().usage()) {
            all.add(new Meter("sluice_nat_ports_used", "Outside ports in use", Kind.GAUGE,
                    Map.of("address", usage.address().toString(), "proto",
                            ViewMaker.protocolName(usage.protocol())),
                    () -> tables.mappings().used(usage.address(), usage.protocol())));
        }
        return all;
    }
}
