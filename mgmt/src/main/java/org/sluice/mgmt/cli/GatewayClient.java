package org.sluice.mgmt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.sluice.mgmt.http.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks the running gateway over its HTTP API. Every failure is a {@link ClientException}. */
final class GatewayClient implements AutoCloseable {
    /** Until the answer begins; connecting is part of it, with TLS, which takes its time on a machine that has just started. */
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int OK = 200;
    private final HttpClient http;
    private final String url;
    private final String token;

    /** @param token null for none. @param authority file with certificates to trust; empty for those of the machine */
    GatewayClient(String url, String token, String authority) {
        HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        http = (authority.isEmpty() ? client : client.sslContext(TrustedCertificates.context(authority))).build();
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
    }

    JsonNode get(String what, Map<String, String> parameters) {
        return send("GET", what, parameters);
    }

    /** Gives away what the gateway says line by line, until it has said everything. */
    void follow(String what, Map<String, String> parameters, Runnable onStart, Consumer<JsonNode> line) {
        exchange(() -> {
            HttpResponse<Stream<String>> response = http.send(request("GET", what, parameters, BodyPublishers.noBody()),
                    BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != OK) {
                    throw refusal(response.statusCode(),
                            Json.read(lines.collect(Collectors.joining()).getBytes(UTF_8)));
                }
                onStart.run();
                lines.filter(text -> !text.isBlank()).forEach(text -> line.accept(Json.read(text.getBytes(UTF_8))));
            }
            return null;
        });
    }

    JsonNode post(String what, Object body) {
        return send("POST", what, Map.of(), BodyPublishers.ofString(Json.text(body)));
    }

    JsonNode post(String what, Map<String, String> parameters, Object body) {
        return send("POST", what, parameters, BodyPublishers.ofString(Json.text(body)));
    }

    JsonNode delete(String what, Map<String, String> parameters) {
        return send("DELETE", what, parameters);
    }

    private JsonNode send(String method, String what, Map<String, String> parameters) {
        return send(method, what, parameters, BodyPublishers.noBody());
    }

    private JsonNode send(String method, String what, Map<String, String> parameters, BodyPublisher body) {
        return exchange(() -> {
            HttpResponse<byte[]> response = http.send(request(method, what, parameters, body),
                    BodyHandlers.ofByteArray());
            JsonNode answer = Json.read(response.body());
            if (answer.path("errors").isArray()) {
                throw new RefusedException(answer.path("detail").asString("refused"),
                        answer.path("errors").valueStream().map(JsonNode::asString).toList());
            }
            if (response.statusCode() != OK) {
                throw refusal(response.statusCode(), answer);
            }
            return answer;
        });
    }

    private static ClientException refusal(int status, JsonNode problem) {
        return new ClientException("the gateway refused: " + problem.path("detail").asString("status " + status));
    }

    private HttpRequest request(String method, String what, Map<String, String> parameters, BodyPublisher body) {
        String query = parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(url + "/api/v1/" + what + (query.isEmpty() ? "" : "?" + query));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER).method(method, body);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    /** Something that talks to the gateway. */
    private interface Exchange<T> {

        T run() throws IOException, InterruptedException;
    }

    /** Every failure in words. */
    private <T> T exchange(Exchange<T> exchange) {
        try {
            return exchange.run();
        } catch (ConnectException e) {
            throw new ClientException("no gateway answers at " + url
                    + "; is \"sluice run\" running? Another address can be given with --url");
        } catch (SSLException e) {
            throw new ClientException("no secure connection to " + url + ": " + e.getMessage()
                    + "; --ca names the certificate to trust");
        } catch (HttpTimeoutException e) {
            throw new ClientException("the gateway at " + url + " does not answer in time");
        } catch (JacksonException e) {
            throw new ClientException("what answers at " + url + " is not a Sluice gateway");
        } catch (IllegalArgumentException e) {
            throw new ClientException("\"" + url + "\" is not an address; write for example http://127.0.0.1:9464");
        } catch (UncheckedIOException e) {
            throw new ClientException("the gateway at " + url + " has stopped talking");
        } catch (IOException e) {
            throw new ClientException("the gateway at " + url + " could not be asked: " + e.getMessage()
                    + (url.startsWith("http:") ? "; it may want https" : ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
