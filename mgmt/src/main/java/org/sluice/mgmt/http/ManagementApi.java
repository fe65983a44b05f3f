package org.sluice.mgmt.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.mgmt.metrics.CounterSummary;
import org.sluice.mgmt.metrics.GatewayMetrics;
import org.sluice.slowpath.view.GatewayView;

/** Everything that the management server answers, as CONTRACT.md lists it. */
public final class ManagementApi implements AutoCloseable {
    static final String API = "/api/v1/";
    private static final String TEXT = "text/plain; charset=utf-8";
    private final Routes routes = new Routes();
    private final GatewayMetrics metrics;

    /** @param config that the gateway runs with; its token is not shown */
    public ManagementApi(GatewayView view, LiveConfig config) {
        metrics = new GatewayMetrics(view::meters);
        FlowResource flows = new FlowResource(view);
        Dashboard dashboard = new Dashboard();
        routes.get("/", plain(dashboard::page));
        routes.get(Dashboard.PATH + Routes.NAME, request -> done(dashboard.file(request)));
        routes.get("/metrics", request -> done(metrics(request)));
        routes.get("/healthz", plain(() -> Answer.of(200, TEXT, "alive\n")));
        routes.get("/readyz", plain(() -> view.isReady()
                ? Answer.of(200, TEXT, "ready\n")
                : Answer.problem(503, "packets are not forwarded yet").with("Retry-After", "1")));
        routes.get(API + "flows", flows::list);
        routes.delete(API + "flows", flows::delete);
        ReloadResource reload = new ReloadResource(config);
        routes.post(API + "reload", reload::reload);
        routes.post(API + "reload/confirm", reload::confirm);
        routes.get(API + "trace", new TraceResource(view)::follow);
        list("expectations", view::expectations);
        list("helpers", view::helpers);
        HelperResource helpers = new HelperResource(view);
        routes.post(API + "helpers", helpers::load);
        routes.delete(API + "helpers/" + Routes.NAME, helpers::unload);
        list("interfaces", view::interfaces);
        list("neighbors", view::neighbors);
        list("routes", view::routes);
        list("nat", view::nat);
        list("policy", view::policy);
        routes.get(API + "counters", plain(() -> Answer.json(CounterSummary.of(view.meters()))));
        routes.get(API + "config", plain(() -> Answer.json(ConfigView.of(config.current()))));
        String openApi = resource("openapi.json");
        routes.get(API + "openapi.json", plain(() -> new Answer(200, "application/json", openApi, Map.of())));
    }

    private <T> void list(String name, Supplier<CompletableFuture<T>> question) {
        Function<T, Answer> answer = list -> Answer.json(Map.of(name, list));
        routes.get(API + name, request -> {
            request.allowParameters(Set.of());
            return question.get().thenApply(answer);
        });
    }

    private static Resource plain(Supplier<Answer> answer) {
        return request -> done(answer.get());
    }

    private Answer metrics(Request request) {
        GatewayMetrics.Scrape scrape = metrics.scrape(request.accept());
        return new Answer(200, scrape.contentType(), scrape.text(), Map.of());
    }

    private static CompletableFuture<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static String resource(String name) {
        try (InputStream in = ManagementApi.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return for the server */
    public Routes routes() {
        return routes;
    }

    @Override
    public void close() {
        metrics.close();
    }
}
