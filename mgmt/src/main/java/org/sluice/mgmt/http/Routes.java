package org.sluice.mgmt.http;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Which resource answers which path and method. Filled before the server starts, then only read. */
public final class Routes {
    /** Last part of a path that may be anything. */
    static final String NAME = "{name}";
    private static final int ANSWER_WITHIN_SECONDS = 10;
    private final Map<String, Map<String, Resource>> paths = new TreeMap<>();

    Routes get(String path, Resource resource) {
        return add("GET", path, resource);
    }

    Routes post(String path, Resource resource) {
        return add("POST", path, resource);
    }

    Routes delete(String path, Resource resource) {
        return add("DELETE", path, resource);
    }

    private Routes add(String method, String path, Resource resource) {
        paths.computeIfAbsent(path, p -> new TreeMap<>()).put(method, resource);
        return this;
    }

    /** @return methods by path */
    Map<String, Set<String>> all() {
        Map<String, Set<String>> all = new TreeMap<>();
        paths.forEach((path, methods) -> all.put(path, methods.keySet()));
        return all;
    }

    /** @return always completed normally, in time, with an answer or a problem */
    CompletableFuture<Answer> answer(Request request) {
        Map<String, Resource> methods = paths.get(request.path());
        int last = request.path().lastIndexOf('/') + 1;
        if (methods == null && last < request.path().length()) {
            methods = paths.get(request.path().substring(0, last) + NAME);
        }
        if (methods == null) {
            return done(Answer.problem(404, "there is nothing at " + request.path() + "; see /api/v1/openapi.json"));
        }
        Resource resource = methods.get(request.method());
        if (resource == null) {
            String allowed = String.join(", ", methods.keySet()).replace("GET", "GET, HEAD");
            return done(Answer.problem(405, "possible here: " + allowed).with("Allow", allowed));
        }
        try {
            return resource.answer(request.named(request.path().substring(last)))
                    .orTimeout(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(Routes::failed);
        } catch (RuntimeException e) {
            return done(failed(e));
        }
    }

    private static Answer failed(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return switch (cause) {
            case BadRequestException b -> Answer.problem(400, b.getMessage());
            case java.util.concurrent.TimeoutException t ->
                Answer.problem(503, "the gateway did not answer in time; try again");
            case IllegalStateException s -> Answer.problem(503, String.valueOf(s.getMessage()));
            default -> Answer.problem(500, cause.toString());
        };
    }

    private static CompletableFuture<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
