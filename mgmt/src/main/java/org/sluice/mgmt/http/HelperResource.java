package org.sluice.mgmt.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.sluice.slowpath.settings.HelperSettings;
import org.sluice.slowpath.view.GatewayView;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Helpers loaded and unloaded while traffic runs. */
final class HelperResource {
    private static final int UNPROCESSABLE = 422;
    private static final int MAX_PORT = 65_535;
    private static final Executor READER = Thread::startVirtualThread;
    private static final Set<String> MEMBERS = Set.of("jar", "name", "ports", "options");

    private final GatewayView view;

    HelperResource(GatewayView view) {
        this.view = view;
    }

    /** {@code {"jar": "/path/x.jar", "name": …, "ports": […], "options": {…}}}; a name alone is one of our own. */
    CompletableFuture<Answer> load(Request request) {
        request.allowParameters(Set.of());
        HelperSettings settings = settings(request.body());
        return CompletableFuture.supplyAsync(() -> load(settings), READER);
    }

    private Answer load(HelperSettings settings) {
        try {
            return Answer.json(Map.of("loaded", view.loadHelper(settings).join()));
        } catch (IllegalArgumentException e) {
            return Answer.problem(UNPROCESSABLE, e.getMessage());
        } catch (CompletionException e) {
            if (e.getCause() instanceof IllegalArgumentException cause) {
                return Answer.problem(UNPROCESSABLE, cause.getMessage());
            }
            throw e;
        }
    }

    private static HelperSettings settings(String body) {
        JsonNode json;
        try {
            json = Json.read(body.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw new BadRequestException("the body is not JSON; write for example {\"jar\": \"/path/x.jar\"}");
        }
        for (String member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new BadRequestException("unknown member \"" + member + "\"; known are jar, name, ports, options");
            }
        }
        String jar = json.path("jar").asString(null);
        String name = json.path("name").asString(null);
        if (jar == null && name == null) {
            throw new BadRequestException("name a jar, or one of the gateway's own helpers");
        }
        List<Integer> ports = new ArrayList<>();
        for (JsonNode port : json.path("ports")) {
            if (!port.isInt() || port.asInt() < 1 || port.asInt() > MAX_PORT) {
                throw new BadRequestException("ports are numbers from 1 to 65535");
            }
            ports.add(port.asInt());
        }
        Map<String, String> options = new LinkedHashMap<>();
        json.path("options").properties().forEach(o -> options.put(o.getKey(), o.getValue().asString()));
        return new HelperSettings(name, jar, ports, options);
    }

    /** {@code {"unloaded": name}}. */
    CompletableFuture<Answer> unload(Request request) {
        request.allowParameters(Set.of());
        return view.unloadHelper(request.name()).thenApply(done -> done
                ? Answer.json(Map.of("unloaded", request.name()))
                : Answer.problem(404, "no helper \"" + request.name() + "\" is active"));
    }
}
