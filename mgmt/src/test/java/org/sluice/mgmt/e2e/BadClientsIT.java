package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** Whatever comes to the management port, not one of the pings that are forwarded meanwhile is lost, and it answers afterwards. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux has no management port")
class BadClientsIT extends GatewayScenario {
    private static final int SCRAPES = 4_000;
    private static final int SCRAPERS = 4;
    private static final int PROGRAMS = 200;
    private static final int DEAF = 100;
    private static final int MANY_ANSWERS = 100;
    private static final int PATIENCE_MS = 10_000;
    private static final String PING_SECONDS = "0.05";
    private static final String NO_LOSS = " 0% packet loss";
    private static final String REQUEST = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private Process pings;
    private Path pingLog;

    BadClientsIT() {
        super(Plan.USUAL);
    }

    private SluiceMiddle gateway() {
        return (SluiceMiddle) rig().middle();
    }

    @BeforeEach
    void startPings() {
        pingLog = rig().newDirectory("pings").resolve("log");
        pings = rig().client().start(List.of(Tools.find("ping"), "-i", PING_SECONDS, Topology.SERVER_ADDRESS),
                pingLog);
        Rig.await("pings come back", () -> pinged().contains("icmp_seq=3"));
    }

    @AfterEach
    void countPings() throws Exception {
        // SIGINT: it tells what it has seen
        Shell.run("kill", "-INT", Long.toString(pings.pid()));
        assertThat(pings.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(pinged()).contains(NO_LOSS);
        Rig.await("management answers", () -> gateway().get("/readyz").equals("ready\n"));
        assertThat(gateway().log()).doesNotContain("please report");
    }

    private String pinged() {
        try {
            return Files.readString(pingLog);
        } catch (IOException e) {
            return "";
        }
    }

    private Socket connect() throws IOException {
        URI url = URI.create(gateway().url());
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), PATIENCE_MS);
        return socket;
    }

    private HttpRequest scrape() {
        return HttpRequest.newBuilder(URI.create(gateway().url() + "/metrics")).build();
    }

    @Test
    void shouldAnswerThousandsOfScrapes() throws Exception {
        HttpRequest scrape = scrape();
        try (ExecutorService threads = Executors.newFixedThreadPool(SCRAPERS);
                HttpClient http = HttpClient.newHttpClient()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < SCRAPES; i++) {
                answers.add(threads.submit(() -> http.send(scrape, BodyHandlers.ofString()).statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldServeOthersWhileManyNeverRead() throws Exception {
        List<Socket> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < DEAF; i++) {
                Socket socket = connect();
                deaf.add(socket);
                socket.getOutputStream().write(REQUEST.repeat(MANY_ANSWERS).getBytes(StandardCharsets.US_ASCII));
            }
            // as patient as it takes: what is shared is the processor
            try (HttpClient http = HttpClient.newHttpClient()) {
                assertThat(http.send(scrape(), BodyHandlers.ofString()).body()).contains("sluice_rx_packets_total");
            }
        } finally {
            for (Socket socket : deaf) {
                socket.close();
            }
        }
    }

    @Test
    void shouldEndWhatSpeaksNoHttp() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < PROGRAMS; i++) {
            byte[] bytes = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(bytes);
            bytes[bytes.length - 1] = '\n';
            if (i % 4 == 0) {
                // the beginning of TLS
                System.arraycopy(new byte[]{0x16, 3, 1, 2, 0, 1}, 0, bytes, 0, Math.min(6, bytes.length));
            }
            assertThat(isAnsweredOrEnded(bytes)).as("seed %d, client %d", seed, i).isTrue();
        }
        assertThat(
                isAnsweredOrEnded(("GET / HTTP/1.1\r\nX: " + "x".repeat(1 << 20)).getBytes(StandardCharsets.US_ASCII)))
                .as("a megabyte of headers").isTrue();
        assertThat(
                isAnsweredOrEnded(("POST /api/v1/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
                        + "x".repeat(1 << 20)).getBytes(StandardCharsets.US_ASCII)))
                .as("a megabyte of body").isTrue();
    }

    /** Noise may look like the beginning of a line; then the client ends it. */
    private boolean isAnsweredOrEnded(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            while (socket.getInputStream().read() >= 0) {
                // until the gateway closes
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            // a reset is a way of closing
            return true;
        }
    }

    @Test
    void shouldGoBackToWhatWasInForceUnlessConfirmed() {
        String before = gateway().get("/api/v1/config");
        gateway().edit("default: drop", "default: accept");
        try {
            Shell.Result reload = gateway().command("reload", "--confirm", "1s");
            assertThat(reload.status()).as(reload.output()).isZero();
            assertThat(reload.output()).contains("comes back in 1 s unless you run: sluice confirm");
            Rig.await("it is back", () -> gateway().log().contains("was not confirmed in time"));
            assertThat(gateway().get("/api/v1/config")).isEqualTo(before);

            assertThat(gateway().command("reload", "--confirm", "1h").status()).isZero();
            assertThat(gateway().command("confirm").status()).isZero();
            assertThat(gateway().command("confirm").output()).contains("no configuration waits to be confirmed");
            assertThat(gateway().get("/api/v1/config")).isNotEqualTo(before);
        } finally {
            gateway().edit("default: accept", "default: drop");
            assertThat(gateway().command("reload").status()).isZero();
        }
        assertThat(gateway().get("/api/v1/config")).isEqualTo(before);
    }

    @Test
    void shouldChangeNothingByAWrongReload() {
        String before = gateway().get("/api/v1/config");
        gateway().edit("default: drop", "default: perhaps");
        Shell.Result reload = gateway().command("reload");
        gateway().edit("default: perhaps", "default: drop");
        assertThat(reload.status()).isNotZero();
        assertThat(reload.output()).contains("perhaps").contains("the configuration was not changed");
        assertThat(gateway().get("/api/v1/config")).isEqualTo(before);
    }
}
