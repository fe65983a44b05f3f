package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.mgmt.config.Config;
import org.sluice.mgmt.config.ConfigException;
import org.sluice.mgmt.config.ConfigLoader;
import org.sluice.mgmt.config.LiveConfig;
import org.sluice.mgmt.http.FakeView;
import org.sluice.mgmt.http.HttpServer;
import org.sluice.mgmt.http.Json;
import org.sluice.mgmt.http.ManagementApi;
import org.sluice.slowpath.view.TraceView;
import org.sluice.slowpath.view.TraceView.Hop;
import org.sluice.slowpath.view.TraceView.Sent;

/** {@code trace} against a management server on the loopback. */
@Timeout(60)
class TraceCommandTest {
    private static final TraceView PING = new TraceView("2026-11-25T20:15:00.123Z", "inside", "a > b icmp", 98,
            "0102030405060708", List.of(new Hop("route", "default by outside")),
            List.of(new Sent("outside", "c > b icmp", 98, "0102030405060708")), "forwarded", "");
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

    private Cli trace(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "trace";
        args[1] = "--url";
        args[2] = server.url();
        System.arraycopy(more, 0, args, 3, more.length);
        return Cli.sluice(args);
    }

    private void awaitEnd() {
        while (view.traced != null) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldPrintABlockForEachPacketAndEndAfterThatMany() {
        view.packets.addAll(List.of(PING, PING, PING));
        Cli cli = trace("-n", "2");
        assertThat(cli.status()).as(cli.err()).isZero();
        assertThat(cli.err()).isEqualTo("sluice: tracing; Ctrl-C ends it\n");
        assertThat(cli.lines()).containsExactly(
                "packet 1 2026-11-25T20:15:00.123Z in inside, 98 bytes: a > b icmp",
                "   1  route       default by outside", "   =  forwarded", "",
                "packet 2 2026-11-25T20:15:00.123Z in inside, 98 bytes: a > b icmp",
                "   1  route       default by outside", "   =  forwarded", "");
        awaitEnd();
    }

    @Test
    void shouldPrintJsonLinesAndWriteACapture(@TempDir Path folder) throws IOException {
        view.packets.add(PING);
        Path file = folder.resolve("trace.pcapng");
        Cli cli = trace("--json", "-n", "1", "--write", file.toString());
        assertThat(cli.status()).as(cli.err()).isZero();
        assertThat(cli.lines()).containsExactly(Json.text(PING));
        assertThat(Files.size(file)).isGreaterThan(100);
        awaitEnd();
    }

    @Test
    void shouldPassTheFilterOn() throws InterruptedException {
        Thread client = Thread
                .startVirtualThread(() -> trace("-p", "tcp", "-s", "10.77.0.2", "--dport", "80", "-n", "1"));
        while (view.traced == null) {
            Thread.onSpinWait();
        }
        assertThat(view.traced).isEqualTo(
                new TraceFilter(6, new TraceFilter.Address(0, 0xFFFF_0A4D_0002L), null, TraceFilter.ANY, 80));
        assertThat(trace("-n", "1").err()).contains("another trace is running; end it first");
        view.packets.add(PING);
        client.join();
        awaitEnd();
    }

    @Test
    void shouldTellWhatIsMissing() {
        view.lost = 7;
        view.packets.add(PING);
        assertThat(trace("-n", "1").err()).contains("7 packets are missing here: they came too fast");
        awaitEnd();
    }

    @Test
    void shouldTellThatTheGatewayStops() throws InterruptedException {
        Cli[] cli = new Cli[1];
        Thread client = Thread.startVirtualThread(() -> cli[0] = trace());
        while (view.traced == null) {
            Thread.onSpinWait();
        }
        server.close();
        client.join();
        assertThat(cli[0].status()).isEqualTo(1);
        assertThat(cli[0].err()).containsPattern("the gateway (at \\S+ )?(has stopped|could not be asked)");
        awaitEnd();
    }

    @Test
    void shouldRefuseWhatIsNoFilter() {
        assertThat(trace("-p", "nonsense").err()).contains("\"proto\" must be");
        assertThat(trace("-s", "here").err()).contains("\"src\" must be an address");
    }
}
