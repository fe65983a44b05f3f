package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sluice.mgmt.http.Json;
import org.sluice.mgmt.lab.Namespace;
import tools.jackson.databind.JsonNode;

/**
 * A real Prometheus with the configuration and the rules of packaging/prometheus, for which a minute is as long as a second: it
 * asks four times in that, as it does in a minute of others.
 */
final class Prometheus {
    static final Path FILES = Tools.checkout().resolve("packaging/prometheus");
    static final int PATIENCE_SECONDS = 90;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String listen;

    private Prometheus(String listen) {
        this.listen = listen;
    }

    /** Starts one that scrapes a gateway, and waits until it has done so. @param gateway ADDRESS:PORT */
    static Prometheus start(Rig rig, String gateway) throws IOException {
        Path directory = rig.newDirectory("prometheus");
        Path configuration = directory.resolve("prometheus.yml");
        Files.writeString(configuration, Files.readString(FILES.resolve("prometheus.yml"))
                .replace("127.0.0.1:9464", gateway).replace("interval: 15s", "interval: 250ms"));
        Files.writeString(directory.resolve("alerts.yml"),
                Files.readString(FILES.resolve("alerts.yml")).replaceAll("\\b(\\d+)m\\b", "$1s"));
        Prometheus prometheus = new Prometheus(Ports.freeOnLoopback());
        Path log = directory.resolve("log");
        Process process = Namespace.start(
                List.of(Tools.find("prometheus"), "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + prometheus.listen),
                log, rig.undo());
        Rig.await(() -> "Prometheus scrapes the gateway: " + Rig.read(log), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("prometheus ended: " + Rig.read(log));
            }
            return prometheus.isReady() && prometheus.number("up{job=\"sluice\"}") == 1;
        });
        return prometheus;
    }

    private boolean isReady() {
        try {
            return send("/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> send(String path) throws IOException {
        try {
            return http.send(HttpRequest.newBuilder(URI.create("http://" + listen + path)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> answer = send(path);
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + " answered " + answer.statusCode() + ": " + answer.body());
            }
            return Json.read(answer.body().getBytes(StandardCharsets.UTF_8)).get("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the series that an expression has now; one that is wrong fails the test. */
    List<JsonNode> query(String expression) {
        List<JsonNode> series = new ArrayList<>();
        get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)).get("result")
                .forEach(series::add);
        return series;
    }

    /** @return the value of the only series of an expression, or NaN. */
    double number(String expression) {
        List<JsonNode> series = query(expression);
        return series.size() == 1 ? Double.parseDouble(series.getFirst().get("value").get(1).asString()) : Double.NaN;
    }

    /** @return the alerts that fire, each with its name and then what it is about. */
    List<String> firing() {
        List<String> all = new ArrayList<>();
        for (JsonNode alert : get("/api/v1/alerts").get("alerts")) {
            if (alert.get("state").asString().equals("firing")) {
                all.add(alert.get("labels").get("alertname").asString() + ": "
                        + alert.get("annotations").get("summary").asString());
            }
        }
        return all;
    }

    boolean fires(String alert) {
        return firing().stream().anyMatch(a -> a.startsWith(alert + ": "));
    }

    /** Waits until an alert fires. @return its summary */
    String awaitFiring(String alert) {
        Rig.await(() -> alert + " fires, not only " + firing(), PATIENCE_SECONDS, () -> fires(alert));
        return firing().stream().filter(a -> a.startsWith(alert + ": ")).findFirst().orElse("");
    }

    void awaitOver(String alert) {
        Rig.await(() -> alert + " is over; firing are " + firing(), PATIENCE_SECONDS, () -> !fires(alert));
    }
}
