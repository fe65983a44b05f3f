package org.sluice.mgmt.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.http.Json;
import tools.jackson.databind.JsonNode;

/** The schema that editors complete from knows the keys that the reader knows, and no others. */
class SchemaTest {
    /** A key unlike any other, for which the reader says which ones it knows. */
    private static final String UNKNOWN = "qqqqqqqqqqqqqqqqqqqq";
    private static final Pattern KNOWN = Pattern
            .compile("unknown key \"" + UNKNOWN + "\"; known are ([a-z_0-9]+(?:, [a-z_0-9]+)*)$");
    /** Every mapping with fixed keys, and how to come there. */
    private static final String PLACES = """
            /                  | %s: 1
            /$defs/interface   | interfaces: {a: {%s: 1}}
            /$defs/advertisement | interfaces: {a: {router_advertisements: {%s: 1}}}
            /$defs/route       | routes: [{%s: 1}]
            /$defs/masquerade  | nat: [{kind: masquerade, %s: 1}]
            /$defs/snat        | nat: [{kind: snat, %s: 1}]
            /$defs/dnat        | nat: [{kind: dnat, %s: 1}]
            /$defs/netmap      | nat: [{kind: netmap, %s: 1}]
            /$defs/nptv6       | nat: [{kind: nptv6, %s: 1}]
            /$defs/redirect    | nat: [{kind: redirect, %s: 1}]
            /$defs/nonat       | nat: [{kind: none, %s: 1}]
            /$defs/policy      | policy: {%s: 1}
            /$defs/rule        | policy: {rules: [{%s: 1}]}
            /$defs/limit       | policy: {rules: [{limit: {%s: 1}}]}
            /$defs/helper      | helpers: [{%s: 1}]
            /$defs/flows       | flows: {%s: 1}
            /$defs/timeouts    | flows: {timeouts: {%s: 1}}
            /$defs/management  | management: {%s: 1}
            /$defs/tls         | management: {tls: {%s: 1}}
            /$defs/log         | log: {%s: 1}
            """;
    private static JsonNode schema;

    @BeforeAll
    static void read() throws IOException {
        schema = Json.read(Files.readAllBytes(Path.of("..", "packaging", "sluice.schema.json")));
    }

    private static JsonNode at(String place) {
        return place.equals("/") ? schema : schema.at(place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = PLACES)
    void shouldHaveTheKeysOfTheReader(String place, String text) {
        Set<String> known = new TreeSet<>();
        for (String problem : Problems.of(text.formatted(UNKNOWN))) {
            Matcher m = KNOWN.matcher(problem);
            if (m.find()) {
                known.addAll(Arrays.asList(m.group(1).split(", ")));
            }
        }
        assertThat(known).isNotEmpty();
        assertThat(new TreeSet<>(at(place).path("properties").propertyNames())).isEqualTo(known);
        assertThat(at(place).path("additionalProperties").isBoolean()).isTrue();
        assertThat(at(place).path("additionalProperties").asBoolean()).isFalse();
    }

    @Test
    void shouldHaveNoMappingThatIsNotComparedHere() {
        List<String> mappings = new ArrayList<>(List.of("/"));
        schema.path("$defs").properties().stream().filter(d -> d.getValue().has("properties"))
                .forEach(d -> mappings.add("/$defs/" + d.getKey()));
        assertThat(PLACES.lines().map(l -> l.substring(0, l.indexOf('|')).strip()))
                .containsExactlyInAnyOrderElementsOf(mappings);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /$defs/interface/properties/driver/enum  | interfaces: {a: {driver: qqq}}
            /$defs/policy/properties/default/enum    | policy: {default: qqq}
            /$defs/rule/properties/action/enum       | policy: {rules: [{action: qqq}]}
            /$defs/log/properties/level/enum         | log: {level: qqq}
            /$defs/protocol/anyOf/0/enum             | policy: {rules: [{proto: qqq}]}
            """)
    void shouldHaveTheWordsOfTheReader(String place, String text) {
        Set<String> words = new TreeSet<>();
        schema.at(place).forEach(w -> words.add(w.asString()));
        Matcher known = Pattern.compile("\"qqq\" is not .*known are ([a-z0-9_, ]+?)(?: and numbers.*)?$")
                .matcher(Problems.of(text.startsWith("interfaces") ? text : Problems.BASE + text).stream()
                        .filter(p -> p.contains("qqq")).findFirst().orElseThrow());
        assertThat(known.find()).isTrue();
        assertThat(words).isEqualTo(new TreeSet<>(Arrays.asList(known.group(1).split(", "))));
    }

    @Test
    void shouldReferToWhatIsThere() {
        assertThat(schema.findValuesAsString("$ref")).isNotEmpty()
                .allSatisfy(r -> assertThat(schema.at(r.substring(1)).isMissingNode()).as(r).isFalse());
    }

    @Test
    void shouldRequireOnlyKeysThatItKnows() {
        PLACES.lines().map(l -> at(l.substring(0, l.indexOf('|')).strip()))
                .forEach(mapping -> mapping.path("required")
                        .forEach(r -> assertThat(mapping.path("properties").has(r.asString())).isTrue()));
    }
}
