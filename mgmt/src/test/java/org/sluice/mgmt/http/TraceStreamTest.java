package org.sluice.mgmt.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.slowpath.view.TraceView;

/** An answer that goes on, and clients that don't do what they should with it. */
@Timeout(60)
class TraceStreamTest {
    private static final String REQUEST = "GET /api/v1/trace HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final TraceView PACKET = new TraceView("2026-11-25T20:15:00Z", "inside", "x".repeat(60_000), 60,
            "00",
            List.of(), List.of(), "delivered", "");
    private final FakeView view = new FakeView();
    private ManagementApi api;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException, ConfigException {
        Config config = ConfigLoader.parse("f.yaml", """
                interfaces: {inside: {device: in0, addresses: [10.77.0.1/24]}}
                management: {listen: "127.0.0.1:0"}
                """).config();
        api = new ManagementApi(view, new LiveConfig(Path.of("f.yaml"), config, view));
        server = HttpServer.start(config.management(), api.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
    }

    private void awaitTrace(boolean isThere) {
        while ((view.traced != null) != isThere) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldEndTheTraceWhenItsClientGoesAway() throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            client.send(REQUEST);
            awaitTrace(true);
        }
        awaitTrace(false);
    }

    @Test
    void shouldEndTheTraceOfAClientThatGoesOnTalking() throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            client.send(REQUEST);
            awaitTrace(true);
            client.send(REQUEST);
            awaitTrace(false);
        }
    }

    @Test
    void shouldCutOffAClientThatDoesNotRead() throws IOException {
        view.endless = PACKET;
        try (RawClient client = new RawClient(server.address())) {
            client.send(REQUEST);
            // what the connection and the kernel take is bounded; the client is cut off when nothing moves
            awaitTrace(true);
            awaitTrace(false);
        }
    }

    @Test
    void shouldTraceNothingForAHeadRequest() throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            assertThat(client.request("HEAD", "/api/v1/trace").status()).isEqualTo(200);
            awaitTrace(false);
        }
    }

    @Test
    void shouldAllowOneAtATime() throws IOException {
        try (RawClient first = new RawClient(server.address()); RawClient second = new RawClient(server.address())) {
            first.send(REQUEST);
            awaitTrace(true);
            assertThat(second.request("GET", "/api/v1/trace").status()).isEqualTo(409);
        }
    }
}
