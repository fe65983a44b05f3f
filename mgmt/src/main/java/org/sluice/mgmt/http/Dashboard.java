package org.sluice.mgmt.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The dashboard's files, read once. They hold nothing of the gateway, so they need no token; the page asks the API for everything
 * it shows. It may load and ask nothing but this server (Content Security Policy Level 3).
 */
final class Dashboard {
    /** Where everything but the page itself lies. */
    static final String PATH = "/dashboard/";
    private static final String PAGE = "index.html";
    private static final List<String> FILES = List.of(PAGE, "style.css", "icon.svg", "main.js", "gateway.js", "dom.js",
            "format.js", "table.js", "chart.js", "rates.js", "numbers.js", "interfaces.js", "flows.js", "lists.js",
            "events.js");
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private final Map<String, Answer> answers = new HashMap<>();

    Dashboard() {
        FILES.forEach(name -> answers.put(name, read(name)));
    }

    private static Answer read(String name) {
        try (InputStream in = Dashboard.class.getResourceAsStream("dashboard/" + name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Answer.of(200, TYPES.get(name.substring(name.indexOf('.') + 1)), text)
                    .with("Content-Security-Policy", CONTENT_POLICY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer page() {
        return answers.get(PAGE);
    }

    Answer file(Request request) {
        request.allowParameters(Set.of());
        Answer answer = answers.get(request.name());
        return answer == null
                ? Answer.problem(404, "there is nothing at " + request.path() + "; the dashboard is at /")
                : answer;
    }
}
