package org.sluice.mgmt.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.slowpath.view.Meter;
import org.sluice.slowpath.view.Meter.Kind;

/** What Prometheus reads, in both of its formats. */
class GatewayMetricsTest {
    private static final String TEXT = "text/plain";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    private final AtomicLong open = new AtomicLong(3);
    private final AtomicLong fulfilled = new AtomicLong(7);
    private final Meter gauge = new Meter("sluice_expectations", "Open now", Kind.GAUGE, Map.of(), open::get);
    private final Meter counter = new Meter("sluice_expectations", "What became of them", Kind.COUNTER,
            Map.of("helper", "ftp", "outcome", "fulfilled"), fulfilled::get);
    private final List<Meter> meters = new ArrayList<>();

    private static List<String> lines(GatewayMetrics metrics, String accept) {
        return metrics.scrape(accept).text().lines().filter(l -> l.contains("sluice_")).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldShowAGaugeAndACounterOfOneNameWhicheverComesFirst(boolean gaugeFirst) {
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            meters.add(gaugeFirst ? gauge : counter);
            metrics.scrape(TEXT);
            meters.add(gaugeFirst ? counter : gauge);
            fulfilled.set(8);
            assertThat(lines(metrics, TEXT)).containsExactlyInAnyOrder("# HELP sluice_expectations Open now",
                    "# TYPE sluice_expectations gauge", "sluice_expectations 3.0",
                    "# HELP sluice_expectations_total What became of them", "# TYPE sluice_expectations_total counter",
                    "sluice_expectations_total{helper=\"ftp\",outcome=\"fulfilled\"} 8.0");
            assertThat(lines(metrics, OPEN_METRICS)).containsExactlyInAnyOrder("# HELP sluice_expectations Open now",
                    "# TYPE sluice_expectations gauge", "sluice_expectations 3.0",
                    "# HELP sluice_expectations_total What became of them", "# TYPE sluice_expectations_total unknown",
                    "sluice_expectations_total{helper=\"ftp\",outcome=\"fulfilled\"} 8.0");
        }
    }

    @Test
    void shouldShowOtherCountersAsOpenMetricsWritesThem() {
        meters.add(drops("policy", 5));
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            assertThat(lines(metrics, TEXT)).containsExactly("# HELP sluice_drops_total Frames dropped",
                    "# TYPE sluice_drops_total counter", "sluice_drops_total{reason=\"policy\"} 5.0");
            assertThat(lines(metrics, OPEN_METRICS)).containsExactly("# TYPE sluice_drops counter",
                    "# HELP sluice_drops Frames dropped", "sluice_drops_total{reason=\"policy\"} 5.0");
        }
    }

    @Test
    void shouldShowACounterWhoseNameEndsInAReservedWord() {
        meters.add(new Meter("sluice_flows", "Flows", Kind.GAUGE, Map.of("proto", "udp"), () -> 1));
        meters.add(new Meter("sluice_flows_created", "Flows begun", Kind.COUNTER, Map.of(), () -> 9));
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            assertThat(lines(metrics, TEXT)).contains("sluice_flows{proto=\"udp\"} 1.0",
                    "# TYPE sluice_flows_created_total counter", "# HELP sluice_flows_created_total Flows begun",
                    "sluice_flows_created_total 9.0");
            assertThat(lines(metrics, OPEN_METRICS)).contains("sluice_flows{proto=\"udp\"} 1.0",
                    "# TYPE sluice_flows_created counter", "# HELP sluice_flows_created Flows begun",
                    "sluice_flows_created_total 9.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TEXT, OPEN_METRICS})
    void shouldHaveEachFamilyAndEachSampleOnce(String accept) {
        meters.addAll(List.of(gauge, counter, drops("policy", 1), drops("ttl", 2)));
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            metrics.scrape(accept);
            List<String> text = metrics.scrape(accept).text().lines().toList();
            assertThat(text.stream().filter(l -> l.startsWith("# TYPE ")).map(l -> l.split(" ")[2]))
                    .doesNotHaveDuplicates().contains("sluice_expectations", "jvm_threads_live_threads");
            assertThat(text.stream().filter(l -> !l.startsWith("#")).map(l -> l.substring(0, l.lastIndexOf(' '))))
                    .doesNotHaveDuplicates();
            assertThat(text.getLast().equals("# EOF")).isEqualTo(accept.equals(OPEN_METRICS));
        }
    }

    @Test
    void shouldReadEveryScrapeAnewAlsoAfterGarbageCollection() {
        meters.addAll(List.of(gauge, drops("policy", 1)));
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            assertThat(lines(metrics, TEXT)).contains("sluice_expectations 3.0");
            open.set(4);
            // from now on other objects stand for the same meters
            meters.set(1, drops("policy", 99));
            System.gc();
            assertThat(lines(metrics, TEXT)).contains("sluice_expectations 4.0",
                    "sluice_drops_total{reason=\"policy\"} 1.0");
        }
    }

    @Test
    void shouldShowLabelValuesThatAppearLater() {
        meters.add(drops("policy", 1));
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            metrics.scrape(TEXT);
            meters.add(drops("ttl", 2));
            assertThat(lines(metrics, TEXT)).contains("sluice_drops_total{reason=\"policy\"} 1.0",
                    "sluice_drops_total{reason=\"ttl\"} 2.0");
        }
    }

    @Test
    void shouldAnswerInTheFormatThatIsAskedFor() {
        try (GatewayMetrics metrics = new GatewayMetrics(() -> meters)) {
            assertThat(metrics.scrape("*/*").contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(metrics.scrape("").contentType()).startsWith(TEXT);
            assertThat(metrics.scrape(
                    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3").contentType())
                    .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        }
    }

    private static Meter drops(String reason, long value) {
        return new Meter("sluice_drops", "Frames dropped", Kind.COUNTER, Map.of("reason", reason), () -> value);
    }
}
