package org.sluice.mgmt.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.MemoryGateway;
import org.sluice.mgmt.http.Json;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/** The alert rules and the dashboard in packaging/ ask only for what a gateway tells. */
class MonitoringFilesTest {
    private static final Path PACKAGING = Path.of("..", "packaging");
    private static final Path DASHBOARD = PACKAGING.resolve("grafana/sluice.json");
    private static final Path PROMETHEUS = PACKAGING.resolve("prometheus");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    /** What Prometheus itself knows: its metrics, and labels that it puts on each sample. */
    private static final Set<String> OWN = Set.of("up", "ALERTS");
    private static final Set<String> OWN_LABELS = Set.of("job", "instance");
    /** Events of helpers that have not happened here, and whose names {@code HelperHost} and its sessions count. */
    private static final Set<String> RARE_EVENTS = Set.of("failed", "switched_off");
    private static final int WIDTH = 24;
    /** Label sets of each sample, by its name. */
    private static final Map<String, List<Map<String, String>>> SCRAPED = new HashMap<>();
    private static MemoryGateway gateway;

    @BeforeAll
    static void scrape(@TempDir Path state) {
        gateway = new MemoryGateway(state);
        try (GatewayMetrics metrics = new GatewayMetrics(gateway.view()::meters)) {
            metrics.scrape("").text().lines().filter(l -> !l.startsWith("#")).forEach(line -> {
                Matcher m = SAMPLE.matcher(line);
                assertThat(m.matches()).as(line).isTrue();
                Map<String, String> labels = new HashMap<>();
                LABEL.matcher(m.group(2) == null ? "" : m.group(2)).results()
                        .forEach(l -> labels.put(l.group(1), l.group(2)));
                SCRAPED.computeIfAbsent(m.group(1), n -> new ArrayList<>()).add(labels);
            });
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonNode dashboard() throws IOException {
        return Json.read(Files.readAllBytes(DASHBOARD));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> alerts() throws IOException {
        Map<String, Object> file = (Map<String, Object>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(PROMETHEUS.resolve("alerts.yml")));
        return ((List<Map<String, Object>>) file.get("groups")).stream()
                .flatMap(g -> ((List<Map<String, Object>>) g.get("rules")).stream()).toList();
    }

    static Stream<String> ruleExpressions() throws IOException {
        return alerts().stream().map(a -> a.get("expr").toString());
    }

    static Stream<String> dashboardExpressions() throws IOException {
        return dashboard().findValues("expr").stream().map(e -> e.asString().replace("$instance", ".*"));
    }

    @ParameterizedTest
    @MethodSource({"ruleExpressions", "dashboardExpressions"})
    void shouldAskOnlyForWhatAGatewayTells(String expression) {
        List<PromQl.Selector> selectors = PromQl.selectors(expression);
        assertThat(selectors).isNotEmpty();
        for (PromQl.Selector selector : selectors) {
            if (OWN.contains(selector.name())) {
                continue;
            }
            assertThat(SCRAPED).containsKey(selector.name());
            assertThat(SCRAPED.get(selector.name())).as("%s", selector).anyMatch(sample -> fits(sample, selector));
        }
    }

    private static boolean fits(Map<String, String> sample, PromQl.Selector selector) {
        return selector.labels().entrySet().stream().filter(l -> !OWN_LABELS.contains(l.getKey()))
                .allMatch(l -> sample.containsKey(l.getKey())
                        && (l.getValue().holds(sample.get(l.getKey())) || isRare(l.getKey(), l.getValue())));
    }

    private static boolean isRare(String label, PromQl.Condition condition) {
        return label.equals("event") && RARE_EVENTS.contains(condition.value());
    }

    @Test
    void shouldFindTheMetricsOfAnExpression() {
        assertThat(PromQl.selectors("""
                sum by (job) (rate(a_total{x="1}", y=~"2|3"}[5m] offset 10m)) / on (job) group_left () b > 1e3
                unless absent(c) and d{} == bool 0.5""")).extracting(PromQl.Selector::name)
                .containsExactly("a_total", "b", "c", "d");
        assertThat(PromQl.selectors("a{x=\"1}\", y=~\"2|3\"}").getFirst().labels())
                .hasToString("{x=Condition[operator==, value=1}], y=Condition[operator==~, value=2|3]}");
    }

    @Test
    void shouldSayOfEveryAlertWhatItMeans() throws IOException {
        String readme = Files.readString(PROMETHEUS.resolve("README.md"));
        String tests = Files.readString(PROMETHEUS.resolve("alerts_test.yml"));
        assertThat(alerts()).isNotEmpty().allSatisfy(alert -> {
            String name = alert.get("alert").toString();
            assertThat(name).startsWith("Sluice");
            assertThat(readme).contains("| `" + name + "` |");
            assertThat(tests).as("a test in which it comes")
                    .containsPattern("alertname: " + name + "\\s+exp_alerts:\n");
            assertThat(alert.get("labels").toString()).matches("\\{severity=(page|ticket)}");
            assertThat(alert.get("annotations").toString()).contains("summary=", "description=");
        });
    }

    @Test
    void shouldHaveADashboardThatGrafanaShowsAsItIs() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard().get("panels")) {
            String title = panel.get("title").asString();
            assertThat(ids.add(panel.get("id").asInt())).as("%s has an id of its own", title).isTrue();
            JsonNode grid = panel.get("gridPos");
            int right = grid.get("x").asInt() + grid.get("w").asInt();
            assertThat(right).as(title).isLessThanOrEqualTo(WIDTH);
            for (int x = grid.get("x").asInt(); x < right; x++) {
                for (int y = 0; y < grid.get("h").asInt(); y++) {
                    assertThat(cells.add(x + "," + (grid.get("y").asInt() + y))).as("%s lies on another", title)
                            .isTrue();
                }
            }
            if (!panel.get("type").asString().equals("row")) {
                assertThat(panel.get("description").asString()).as(title).isNotEmpty();
                assertThat(panel.get("targets")).as(title).isNotEmpty();
            }
        }
        assertThat(dashboard().findValues("datasource")).isNotEmpty()
                .allMatch(d -> d.get("uid").asString().equals("${datasource}"));
    }
}
