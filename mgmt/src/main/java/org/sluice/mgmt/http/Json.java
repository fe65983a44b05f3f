package org.sluice.mgmt.http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the gateway writes and reads it: members in the order in which the records declare them. Any thread. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private Json() {}

    /** @return on one line. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** @return indented, for people. */
    public static String pretty(Object value) {
        return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }

    /** @throws tools.jackson.core.JacksonException when it is not JSON */
    public static JsonNode read(byte[] text) {
        return MAPPER.readTree(text);
    }

    /** @throws tools.jackson.core.JacksonException when the members do not fit */
    public static <T> T as(JsonNode node, Class<T> type) {
        return MAPPER.treeToValue(node, type);
    }
}
