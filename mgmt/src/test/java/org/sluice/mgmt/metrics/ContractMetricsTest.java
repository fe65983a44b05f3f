package org.sluice.mgmt.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.mgmt.MemoryGateway;

/** The metrics that users' dashboards and alerts are built on, scraped from a real gateway. */
class ContractMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Map<String, Set<String>> CONTRACT = Map.ofEntries(
            Map.entry("sluice_rx_packets_total", Set.of("interface")),
            Map.entry("sluice_tx_packets_total", Set.of("interface")),
            Map.entry("sluice_rx_bytes_total", Set.of("interface")),
            Map.entry("sluice_tx_bytes_total", Set.of("interface")),
            Map.entry("sluice_fastpath_packets_total", Set.of("worker")),
            Map.entry("sluice_punts_total", Set.of("reason")), Map.entry("sluice_drops_total", Set.of("reason")),
            Map.entry("sluice_flows", Set.of("proto", "state")), Map.entry("sluice_flows_capacity", Set.of()),
            Map.entry("sluice_flows_created_total", Set.of()),
            Map.entry("sluice_flows_ended_total", Set.of("reason")), Map.entry("sluice_expectations", Set.of()),
            Map.entry("sluice_expectations_total", Set.of("helper", "outcome")),
            Map.entry("sluice_helper_events_total", Set.of("helper", "event")),
            Map.entry("sluice_nat_ports_used", Set.of("address", "proto")),
            Map.entry("sluice_nat_failures_total", Set.of("reason")),
            Map.entry("sluice_forward_latency_seconds", Set.of("quantile")));
    private static MemoryGateway gateway;
    private static GatewayMetrics metrics;

    @BeforeAll
    static void start() {
        gateway = new MemoryGateway();
        metrics = new GatewayMetrics(gateway.view()::meters);
    }

    @AfterAll
    static void stop() {
        metrics.close();
        gateway.close();
    }

    private static List<Matcher> samples(String accept) {
        return metrics.scrape(accept).text().lines().filter(l -> !l.startsWith("#")).map(l -> {
            Matcher m = SAMPLE.matcher(l);
            assertThat(m.matches()).as(l).isTrue();
            return m;
        }).toList();
    }

    private static Set<String> labelNames(String labels) {
        return labels == null
                ? Set.of()
                : Pattern.compile("(\\w+)=\"").matcher(labels).results().map(r -> r.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/openmetrics-text"})
    void shouldHaveEveryMetricOfTheContractWithItsLabels(String accept) {
        Map<String, Set<String>> found = new TreeMap<>();
        for (Matcher sample : samples(accept)) {
            Set<String> before = found.put(sample.group(1), labelNames(sample.group(2)));
            assertThat(before).as(sample.group(1)).isIn(null, labelNames(sample.group(2)));
        }
        assertThat(found).containsAllEntriesOf(CONTRACT);
    }

    @Test
    void shouldHaveTheMetersOfTheJvm() {
        assertThat(samples("").stream().map(m -> m.group(1))).contains("jvm_memory_used_bytes", "jvm_info",
                "jvm_threads_live_threads", "process_uptime_seconds", "process_cpu_usage", "process_files_open_files",
                "jvm_gc_memory_allocated_bytes_total");
    }

    @Test
    void shouldExplainEveryMetric() {
        List<String> lines = metrics.scrape("").text().lines().toList();
        Set<String> explained = lines.stream().filter(l -> l.startsWith("# HELP ") && l.split(" ").length > 3)
                .map(l -> l.split(" ")[2]).collect(Collectors.toSet());
        assertThat(lines.stream().filter(l -> l.startsWith("# TYPE ")).map(l -> l.split(" ")[2])
                .filter(n -> n.startsWith("sluice_")))
                .isNotEmpty().allSatisfy(name -> assertThat(explained).contains(name));
    }

    @Test
    void shouldShowEveryReasonFromTheStart() {
        List<String> text = metrics.scrape("").text().lines().toList();
        for (DropReason reason : DropReason.values()) {
            assertThat(text).anyMatch(l -> l.startsWith("sluice_drops_total{reason=\"" + reason.label() + "\"} "));
        }
        for (PuntReason reason : PuntReason.values()) {
            assertThat(text).anyMatch(l -> l.startsWith("sluice_punts_total{reason=\"" + reason.label() + "\"} "));
        }
        for (String quantile : List.of("0.5", "0.99", "0.999", "0.9999")) {
            assertThat(text)
                    .anyMatch(l -> l.startsWith("sluice_forward_latency_seconds{quantile=\"" + quantile + "\"} "));
        }
    }

    @Test
    void shouldTellOfTheAnnouncedConnection() {
        assertThat(metrics.scrape("").text().lines()).contains("sluice_expectations 1.0",
                "sluice_expectations_total{helper=\"ftp\",outcome=\"expected\"} 1.0",
                "sluice_flows{proto=\"tcp\",state=\"established\"} 1.0", "sluice_flows_created_total 1.0",
                "sluice_flows_capacity 1000.0");
    }

    @Test
    void shouldHaveSumsThatAgree() {
        Map<String, Number> counters = CounterSummary.of(gateway.view().meters());
        assertThat(counters.get("rx_packets").longValue()).isEqualTo(8).isEqualTo(
                counters.get("forwarded").longValue() + counters.get("delivered").longValue()
                        + counters.get("held").longValue() + counters.get("dropped_total").longValue());
        assertThat(counters.get("tx_packets").longValue()).isEqualTo(
                counters.get("forwarded").longValue() + counters.get("originated").longValue());
    }

    @Test
    void shouldNameCountersAsPrometheusDoes() {
        Set<String> scraped = samples("").stream()
                .map(m -> m.group(1) + (m.group(2) == null ? "" : "{" + m.group(2) + "}")).collect(Collectors.toSet());
        CounterSummary.of(gateway.view().meters()).keySet().stream().filter(k -> k.startsWith("sluice_"))
                .forEach(name -> assertThat(scraped).contains(name));
    }
}
