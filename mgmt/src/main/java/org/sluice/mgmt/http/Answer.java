package org.sluice.mgmt.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param body whole
 * @param headers further ones
 * @param feed what comes instead of the body, as long as it comes; or null
 */
record Answer(int status, String contentType, String body, Map<String, String> headers, LineFeed feed) {
    private static final int OK = 200;

    /** One that is whole. */
    Answer(int status, String contentType, String body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    static Answer feed(String contentType, LineFeed lines) {
        return new Answer(OK, contentType, "", Map.of(), lines);
    }

    static Answer json(Object value) {
        return new Answer(OK, "application/json", Json.text(value), Map.of());
    }

    static Answer of(int status, String contentType, String text) {
        return new Answer(status, contentType, text, Map.of());
    }

    /** RFC 9457. @param detail what happened this time and what would be right */
    static Answer problem(int status, String detail) {
        return problem(status, detail, Map.of());
    }

    /** The same with members of its own. */
    static Answer problem(int status, String detail, Map<String, ?> more) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", HttpResponseStatus.valueOf(status).reasonPhrase());
        problem.put("status", status);
        problem.put("detail", detail);
        problem.putAll(more);
        return new Answer(status, "application/problem+json", Json.text(problem), Map.of());
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, body, more, feed);
    }
}
