package org.sluice.mgmt.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.mgmt.http.RawClient.Response;

/** The management server as clients of any kind meet it: over a socket, byte by byte. */
class HttpServerTest {
    private static final String TOKEN = "open-sesame";
    private final FakeView view = new FakeView();
    private ManagementApi api;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException, ConfigException {
        start("");
    }

    private void start(String token) throws IOException, ConfigException {
        Config config = ConfigLoader.parse("f.yaml", """
                interfaces: {inside: {device: in0, addresses: [10.77.0.1/24]}}
                management: {listen: "127.0.0.1:0", token: "%s"}
                """.formatted(token)).config();
        api = new ManagementApi(view, new LiveConfig(Path.of("f.yaml"), config, view));
        server = HttpServer.start(config.management(), api.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
    }

    private RawClient client() throws IOException {
        return new RawClient(server.address());
    }

    private Response request(String method, String path, String... headers) throws IOException {
        try (RawClient client = client()) {
            return client.request(method, path, headers);
        }
    }

    private static void assertProblem(Response response, int status, String detail) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(response.json().path("status").asInt()).isEqualTo(status);
        assertThat(response.json().path("type").asString()).isEqualTo("about:blank");
        assertThat(response.json().path("title").asString()).isNotBlank();
        assertThat(response.json().path("detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource({"/,text/html; charset=utf-8", "/dashboard/style.css,text/css; charset=utf-8",
            "/dashboard/main.js,text/javascript; charset=utf-8", "/dashboard/icon.svg,image/svg+xml",
            "/metrics,text/plain; version=0.0.4; charset=utf-8",
            "/healthz,text/plain; charset=utf-8", "/readyz,text/plain; charset=utf-8", "/api/v1/flows,application/json",
            "/api/v1/expectations,application/json", "/api/v1/helpers,application/json",
            "/api/v1/interfaces,application/json", "/api/v1/neighbors,application/json",
            "/api/v1/routes,application/json", "/api/v1/nat,application/json", "/api/v1/policy,application/json",
            "/api/v1/counters,application/json",
            "/api/v1/config,application/json", "/api/v1/openapi.json,application/json"})
    void shouldAnswerEveryPathToGetAndHead(String path, String type) throws IOException {
        Response get = request("GET", path);
        assertThat(get.status()).isEqualTo(200);
        assertThat(get.headers()).containsEntry("content-type", type).containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff");
        assertThat(get.body()).isNotBlank();
        try (RawClient client = client()) {
            Response head = client.request("HEAD", path);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers()).containsEntry("content-type", type);
            if (!path.equals("/metrics")) {
                assertThat(head.headers()).containsEntry("content-length", get.headers().get("content-length"));
            }
            // were there a body, the next answer would not be understood
            assertThat(client.request("GET", "/healthz").body()).isEqualTo("alive\n");
        }
    }

    @Test
    void shouldTellWhetherItIsReady() throws IOException {
        assertThat(request("GET", "/readyz").body()).isEqualTo("ready\n");
        view.ready = false;
        Response response = request("GET", "/readyz");
        assertProblem(response, 503, "not forwarded yet");
        assertThat(response.headers()).containsEntry("retry-after", "1");
        assertThat(request("GET", "/healthz").status()).isEqualTo(200);
    }

    @Test
    void shouldSpeakOpenMetricsOnRequest() throws IOException {
        Response response = request("GET", "/metrics", "Accept: application/openmetrics-text;version=1.0.0");
        assertThat(response.headers().get("content-type")).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(response.body()).endsWith("# EOF\n").contains("sluice_drops_total{reason=\"policy\"} 4.0");
    }

    @Test
    void shouldShowCountersWithTheSumsFirst() throws IOException {
        var counters = request("GET", "/api/v1/counters").json();
        assertThat(counters.propertyNames()).startsWith("rx_packets", "tx_packets", "forwarded", "delivered",
                "originated", "held", "dropped_total");
        assertThat(counters.path("rx_packets").asLong()).isEqualTo(10);
        assertThat(counters.path("dropped_total").asLong()).isEqualTo(4);
        assertThat(counters.path("sluice_rx_packets_total{interface=\"inside\"}").asLong()).isEqualTo(7);
        assertThat(counters.path("sluice_forward_latency_seconds{quantile=\"0.5\"}").asDouble()).isEqualTo(0.000_012);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/api/v1/", "/api/v1/flow", "/api/v1/flows/", "/api/v1/flows/1", "//", "/%2e",
            "/api/v2/flows", "/dashboard", "/dashboard/", "/dashboard/index.js", "/dashboard/..%2fopenapi.json"})
    void shouldTellThatThereIsNothing(String path) throws IOException {
        assertProblem(request("GET", path), 404, "there is nothing at ");
    }

    @ParameterizedTest
    @CsvSource({"POST,/api/v1/flows,'DELETE, GET, HEAD'", "DELETE,/metrics,'GET, HEAD'", "PUT,/,'GET, HEAD'",
            "PATCH,/api/v1/config,'GET, HEAD'", "OPTIONS,/healthz,'GET, HEAD'", "BREW,/healthz,'GET, HEAD'"})
    void shouldTellWhichMethodsThereAre(String method, String path, String allow) throws IOException {
        Response response = request(method, path);
        assertProblem(response, 405, allow);
        assertThat(response.headers()).containsEntry("allow", allow);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/flows?color=red          | unknown parameter "color"; known are dport, dst, from, helper, limit, look, proto, search, sport, src, state
            /api/v1/flows?look=0             | "look" must be a number from 1 to 10000000
            /api/v1/flows?search=a+b+c+d+e+f+g+h+i| "search" takes 8 words and 200 characters at most
            /dashboard/style.css?v=1         | unknown parameter "v"; there are none here
            /api/v1/flows?limit=0            | "limit" must be a number from 1 to 5000
            /api/v1/flows?limit=5001         | "limit" must be a number from 1 to 5000
            /api/v1/flows?limit=ten          | "limit" must be a number
            /api/v1/flows?from=-1            | "from" must be a number from 0
            /api/v1/flows?dport=65536        | "dport" must be a number from 0 to 65535
            /api/v1/flows?proto=tcp&proto=udp| the parameter "proto" stands here twice
            /api/v1/routes?to=x              | unknown parameter "to"; there are none here
            /api/v1/flows?src=%zz            | the path is not well encoded
            """)
    void shouldTellWhatIsWrongWithAQuestion(String path, String detail) throws IOException {
        assertProblem(request("GET", path), 400, detail);
    }

    @Test
    void shouldNotEndAnyFlowOnAMistypedFilter() throws IOException {
        view.flows.add(FakeView.tcp(2, 4000, 80, "ESTABLISHED", null));
        assertProblem(request("DELETE", "/api/v1/flows?prot=udp"), 400, "unknown parameter");
        assertProblem(request("DELETE", "/api/v1/flows?limit=1"), 400, "unknown parameter");
        assertThat(view.flows).hasSize(1);
    }

    @Test
    void shouldEndFlowsThatTheFilterPicks() throws IOException {
        view.flows.add(FakeView.tcp(2, 4000, 80, "ESTABLISHED", null));
        view.flows.add(FakeView.tcp(4, 4001, 21, "ESTABLISHED", "ftp"));
        assertThat(request("DELETE", "/api/v1/flows?helper=ftp").body()).isEqualTo("{\"deleted\":1}");
        assertThat(view.flows).hasSize(1);
        assertThat(request("DELETE", "/api/v1/flows").body()).isEqualTo("{\"deleted\":1}");
    }

    @Test
    void shouldLetTheDashboardLoadAndAskNothingElse() throws IOException {
        for (String path : List.of("/", "/dashboard/main.js", "/dashboard/style.css")) {
            assertThat(request("GET", path).headers().get("content-security-policy"))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .doesNotContain("unsafe", "http", "*", "data:");
        }
        assertThat(request("GET", "/").body()).doesNotContain("<style", " style=", " onclick=", "//");
    }

    @Test
    void shouldShowTheEmptyDashboardWithoutAToken() throws Exception {
        stop();
        start(TOKEN);
        assertThat(request("GET", "/").status()).isEqualTo(200);
        assertThat(request("GET", "/dashboard/main.js").status()).isEqualTo(200);
        assertThat(request("GET", "/api/v1/counters").status()).isEqualTo(401);
        assertThat(request("GET", "/dashboard/../api/v1/counters").status()).isNotEqualTo(200);
    }

    @Test
    void shouldLookAtNoMoreRecordsThanAsked() throws IOException {
        for (int i = 0; i < 2_000; i++) {
            view.flows.add(FakeView.tcp(2 * i, 1_024 + i, 80, "ESTABLISHED", null));
        }
        var page = request("GET", "/api/v1/flows?search=3000&look=1500").json();
        assertThat(page.path("flows").size()).isZero();
        assertThat(page.path("next").asInt()).isEqualTo(1_500);
        page = request("GET", "/api/v1/flows?search=3000&look=4500&from=1500").json();
        assertThat(page.path("flows").size()).isOne();
        assertThat(page.path("next").isNull()).isTrue();
    }

    @Test
    void shouldPageThroughTheFlowsWithoutLossOrRepetition() throws IOException {
        for (int i = 0; i < 2_500; i++) {
            view.flows.add(FakeView.tcp(2 * i, 1_024 + i, 80, "ESTABLISHED", null));
        }
        List<Integer> seen = new ArrayList<>();
        try (RawClient client = client()) {
            String from = "0";
            while (!from.equals("null")) {
                var page = client.request("GET", "/api/v1/flows?limit=333&from=" + from).json();
                assertThat(page.path("flows").size()).isBetween(1, 333);
                page.path("flows").forEach(f -> seen.add(f.path("original").path("sport").asInt()));
                from = page.path("next").toString();
            }
        }
        assertThat(seen).hasSize(2_500).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"proto=tcp,3", "proto=UDP,0", "src=10.77.0.2,3", "src=10.77.0.3,0", "dst=198.51.100.2,3",
            "sport=4001,1",
            "dport=80,2", "state=established,2", "state=TIME_WAIT,1", "helper=ftp,1", "helper=irc,0",
            "dport=80&state=established,1"})
    void shouldFilterFlows(String query, int expected) throws IOException {
        view.flows.add(FakeView.tcp(2, 4000, 80, "ESTABLISHED", null));
        view.flows.add(FakeView.tcp(4, 4001, 80, "TIME_WAIT", null));
        view.flows.add(FakeView.tcp(6, 4002, 21, "ESTABLISHED", "ftp"));
        var page = request("GET", "/api/v1/flows?" + query).json();
        assertThat(page.path("flows").size()).isEqualTo(expected);
        assertThat(page.path("next").isNull()).isTrue();
    }

    @Test
    void shouldTellThatTheGatewayFailed() throws IOException {
        view.failure = new IllegalStateException("the gateway is stopping");
        assertProblem(request("GET", "/api/v1/routes"), 503, "the gateway is stopping");
        view.failure = new UnsupportedOperationException("odd");
        assertProblem(request("GET", "/api/v1/flows"), 500, "odd");
    }

    @Test
    void shouldRefuseABodyThatIsTooLargeAndClose() throws IOException {
        try (RawClient client = client()) {
            client.send("POST /api/v1/flows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n");
            assertProblem(client.response(), 413, "65536 bytes");
            assertThat(client.isEnded()).isTrue();
        }
        try (RawClient client = client()) {
            client.send("POST /api/v1/flows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n"
                    + "Expect: 100-continue\r\n\r\n");
            assertProblem(client.response(), 413, "65536 bytes");
            assertThat(client.isEnded()).isTrue();
        }
        try (RawClient client = client()) {
            client.send("POST /api/v1/flows HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("10000\r\n" + "x".repeat(65_536) + "\r\n1\r\nx\r\n");
            assertProblem(client.response(), 413, "65536 bytes");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void shouldGoOnAfterABodyThatNobodyNeeds() throws IOException {
        try (RawClient client = client()) {
            client.send("POST /api/v1/flows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe");
            client.send("llo");
            assertProblem(client.response(), 405, "GET");
            assertThat(client.request("GET", "/healthz").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hello                             | 400 | this is not HTTP
            GET / HTTP/2.0                    | 505 | HTTP/1.1 is spoken here
            GET http://localhost/ HTTP/1.1    | 400 | the path must begin with /
            OPTIONS * HTTP/1.1                | 400 | the path must begin with /
            """)
    void shouldAnswerWhatIsNotARequest(String line, int status, String detail) throws IOException {
        try (RawClient client = client()) {
            client.send(line + "\r\nHost: localhost\r\n\r\n");
            assertProblem(client.response(), status, detail);
        }
    }

    @Test
    void shouldBoundTheRequestLineAndTheHeaders() throws IOException {
        try (RawClient client = client()) {
            client.send("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertProblem(client.response(), 414, "too long");
            assertThat(client.isEnded()).isTrue();
        }
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
            assertProblem(client.response(), 431, "too long");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void shouldAskForOneHostHeader() throws IOException {
        try (RawClient client = client()) {
            assertProblem(client.send("GET / HTTP/1.1\r\n\r\n").response(), 400, "one Host header");
            assertProblem(client.send("GET / HTTP/1.1\r\nHost: localhost\r\nHost: x\r\n\r\n").response(), 400,
                    "one Host header");
        }
        try (RawClient client = client()) {
            assertThat(client.send("GET /healthz HTTP/1.0\r\n\r\n").response().status()).isEqualTo(200);
            assertThat(client.isEnded()).as("HTTP/1.0 closes").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example",
            ""})
    void shouldNotServeAPageWhoseNameWasRebound(String host) throws IOException {
        try (RawClient client = client()) {
            client.send("GET /api/v1/flows HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertProblem(client.response(), 403, "the Host header must be an address or localhost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:9464", "[::1]", "[::1]:9464"})
    void shouldServeLocalNames(String host) throws IOException {
        try (RawClient client = client()) {
            client.send("GET /api/v1/flows HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    @Test
    void shouldAnswerManyRequestsOnOneConnection() throws IOException {
        try (RawClient client = client()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.request("GET", i % 2 == 0 ? "/healthz" : "/nothing").status())
                        .isEqualTo(i % 2 == 0 ? 200 : 404);
            }
            assertThat(client.request("GET", "/healthz", "Connection: close").headers()).containsEntry("connection",
                    "close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrder() throws IOException {
        try (RawClient client = client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                all.append("GET /nothing-").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 40; i++) {
                assertProblem(client.response(), 404, "/nothing-" + i + ";");
            }
        }
    }

    @Test
    void shouldWaitForAClientThatTypesByHand() throws IOException {
        try (RawClient client = client()) {
            for (char c : "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.response().body()).isEqualTo("alive\n");
        }
    }

    @Test
    void shouldServeOthersWhileAClientDoesNotReadOrFinish() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            view.flows.add(FakeView.tcp(2 * i, 1_024 + i, 80, "ESTABLISHED", null));
        }
        try (RawClient deaf = client(); RawClient slow = client()) {
            slow.send("GET /healthz HT");
            deaf.send("GET /api/v1/flows?limit=3000 HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50));
            for (int i = 0; i < 20; i++) {
                assertThat(request("GET", "/healthz").status()).isEqualTo(200);
            }
            assertThat(slow.send("TP/1.1\r\nHost: localhost\r\n\r\n").response().status()).isEqualTo(200);
            for (int i = 0; i < 50; i++) {
                assertThat(deaf.response().json().path("flows").size()).isEqualTo(3_000);
            }
        }
    }

    @Test
    void shouldBoundTheNumberOfConnections() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ConnectionLimit.MAX; i++) {
                RawClient client = client();
                clients.add(client);
                assertThat(client.request("GET", "/healthz").status()).isEqualTo(200);
            }
            try (RawClient oneTooMany = client()) {
                assertThat(oneTooMany.isEnded()).isTrue();
            }
            clients.removeFirst().close();
            assertThat(isServedSoon()).as("room again").isTrue();
            assertThat(clients.getLast().request("GET", "/healthz").status()).isEqualTo(200);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private boolean isServedSoon() {
        for (int i = 0; i < 1_000; i++) {
            try {
                return request("GET", "/healthz").status() == 200;
            } catch (IOException e) {
                LockSupport.parkNanos(5_000_000);
            }
        }
        return false;
    }

    @Test
    void shouldAskForTheTokenEverywhereButForProbesAndTheEmptyDashboard() throws IOException, ConfigException {
        stop();
        start(TOKEN);
        for (String path : api.routes().all().keySet()) {
            if (path.startsWith("/dashboard/")) {
                continue;
            }
            if (path.equals("/") || path.equals("/healthz") || path.equals("/readyz")) {
                assertThat(request("GET", path).status()).as(path).isEqualTo(200);
                continue;
            }
            Response response = request("GET", path);
            assertProblem(response, 401, "Authorization: Bearer TOKEN");
            assertThat(response.headers()).containsEntry("www-authenticate", "Bearer realm=\"sluice\"");
            // HEAD, as not every answer has an end
            assertThat(request("HEAD", path, "Authorization: Bearer " + TOKEN).status()).as(path)
                    .isEqualTo(api.routes().all().get(path).contains("GET") ? 200 : 405);
        }
        view.flows.add(FakeView.tcp(2, 4000, 80, "ESTABLISHED", null));
        assertProblem(request("DELETE", "/api/v1/flows"), 401, "token");
        assertThat(view.flows).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer open", "Bearer open-sesame-", "Basic open-sesame", "open-sesame",
            "Bearer OPEN-SESAME"})
    void shouldRefuseAnotherToken(String authorization) throws IOException, ConfigException {
        stop();
        start(TOKEN);
        assertProblem(request("GET", "/metrics", "Authorization: " + authorization), 401, "token");
    }

    @Test
    void shouldServeAnyNameWithATokenAndNotShowIt() throws IOException, ConfigException {
        stop();
        start(TOKEN);
        try (RawClient client = client()) {
            client.send("GET /api/v1/config HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: bearer " + TOKEN
                    + "\r\n\r\n");
            Response response = client.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).contains("\"inside\"").doesNotContain(TOKEN);
            assertThat(client.request("GET", "/", "Authorization: Bearer " + TOKEN).body()).doesNotContain(TOKEN);
        }
    }

    @Test
    void shouldTellEveryErrorOfAReload() throws IOException {
        Response response = request("POST", "/api/v1/reload");

        assertProblem(response, 422, "the configuration was not changed");
        assertThat(response.json().path("errors").get(0).asString()).startsWith("f.yaml: there is no such file");
        assertThat(view.reloaded).isNull();
    }

    @Test
    void shouldSayThatNothingWaitsToBeConfirmed() throws IOException {
        assertProblem(request("POST", "/api/v1/reload/confirm"), 409, "no configuration waits to be confirmed");
        assertProblem(request("POST", "/api/v1/reload?confirm=0"), 400, "\"confirm\" must be a number from 1 to 86400");
    }
}
