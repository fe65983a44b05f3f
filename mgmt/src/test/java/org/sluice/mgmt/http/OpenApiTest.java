package org.sluice.mgmt.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.mgmt.config.LiveConfig;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document says what the server does: no more, no less. */
class OpenApiTest {
    private static JsonNode document() throws IOException {
        try (InputStream in = ManagementApi.class.getResourceAsStream("openapi.json")) {
            return Json.read(in.readAllBytes());
        }
    }

    @Test
    void shouldListExactlyTheRoutes() throws IOException, ConfigException {
        Map<String, Set<String>> listed = new TreeMap<>();
        document().path("paths").properties().forEach(path -> listed.put(path.getKey(), path.getValue().propertyNames()
                .stream().map(m -> m.toUpperCase(Locale.ROOT)).collect(Collectors.toCollection(TreeSet::new))));
        Config config = ConfigLoader.parse("f.yaml", "interfaces: {a: {device: e0, addresses: [10.1.1.1/24]}}")
                .config();
        FakeView view = new FakeView();
        try (ManagementApi api = new ManagementApi(view, new LiveConfig(Path.of("f.yaml"), config, view))) {
            assertThat(listed).isEqualTo(api.routes().all());
        }
    }

    @ParameterizedTest
    @CsvSource({"get,/flows,'dport,dst,from,helper,limit,look,proto,search,sport,src,state'",
            "delete,/flows,'dport,dst,helper,proto,sport,src,state'",
            "get,/trace,'count,dport,dst,proto,sport,src'"})
    void shouldListTheParameters(String method, String path, String parameters) throws IOException {
        Set<String> listed = new TreeSet<>();
        document().path("paths").path("/api/v1" + path).path(method).path("parameters")
                .forEach(p -> listed.add(p.path("name").asString()));
        assertThat(String.join(",", listed)).isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource({"Flow,FlowView", "Expectation,ExpectationView", "Helper,HelperView", "Interface,InterfaceView",
            "Neighbor,NeighborView", "Route,RouteView", "Nat,NatView", "Tuple,FlowView$Tuple",
            "Trace,TraceView", "Hop,TraceView$Hop", "Sent,TraceView$Sent"})
    void shouldDescribeTheMembersOfEveryRecord(String schema, String record) throws Exception {
        Class<?> type = Class.forName("org.sluice.slowpath.view." + record);
        assertThat(document().path("components").path("schemas").path(schema).path("properties").propertyNames())
                .containsExactlyElementsOf(
                        Arrays.stream(type.getRecordComponents()).map(c -> c.getName()).toList());
    }

    @Test
    void shouldReferToWhatIsThere() throws IOException {
        JsonNode document = document();
        Set<String> references = document.findValuesAsString("$ref").stream().collect(Collectors.toSet());
        assertThat(references).isNotEmpty()
                .allSatisfy(r -> assertThat(document.at(r.substring(1)).isMissingNode()).as(r).isFalse());
    }
}
