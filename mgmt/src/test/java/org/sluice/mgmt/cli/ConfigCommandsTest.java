package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.mgmt.MemoryGateway;
import org.sluice.mgmt.http.Json;
import org.sluice.slowpath.view.GatewayView;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** {@code check} and {@code run}: what they say and how they end. */
class ConfigCommandsTest {
    private static final String RIGHT = """
            interfaces: {inside: {device: no-such0, addresses: [10.77.0.1/24]}}
            management: {listen: "127.0.0.1:0"}
            """;
    private static final String WRONG = RIGHT + "workers: 0\nroutes: [{to: 0.0.0.0/0}]\n";
    @TempDir
    private Path folder;

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("sluice.yaml"), text).toString();
    }

    @Test
    void shouldSayThatAConfigurationIsRight() throws IOException {
        String file = file(RIGHT);
        assertThat(Cli.sluice("check", "--config", file)).isEqualTo(new Cli(0, file + ": ok\n", ""));
    }

    @Test
    void shouldSayEverythingThatIsWrongAndEndWithTwo() throws IOException {
        String file = file(WRONG);
        Cli cli = Cli.sluice("check", "-c", file);
        assertThat(cli.status()).isEqualTo(2);
        assertThat(cli.err().lines()).hasSize(2).anyMatch(l -> l.startsWith(file + ":3:10: workers: "))
                .anyMatch(l -> l.startsWith(file + ":4:10: routes[0]: "));
        assertThat(cli.out()).isEqualTo(file + ": 2 errors\n");
    }

    @Test
    void shouldSayItInJson() throws IOException {
        String file = file(WRONG);
        Cli cli = Cli.sluice("check", "--json", "--config", file);
        assertThat(cli.status()).isEqualTo(2);
        JsonNode result = Json.read(cli.out().getBytes(StandardCharsets.UTF_8));
        assertThat(result.path("ok").asBoolean()).isFalse();
        assertThat(result.path("file").asString()).isEqualTo(file);
        assertThat(result.path("problems")).hasSize(2);
        JsonNode first = result.path("problems").get(0);
        assertThat(first.path("line").asInt()).isEqualTo(3);
        assertThat(first.path("column").asInt()).isEqualTo(10);
        assertThat(first.path("path").asString()).isEqualTo("workers");
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void shouldWarnAndEndWithZero() throws IOException {
        String file = file(RIGHT + "policy: {rules: [{proto: tcp, port: 21, action: accept}]}\n");
        Cli cli = Cli.sluice("check", "--config", file);
        assertThat(cli.status()).isZero();
        assertThat(cli.err()).startsWith(file + ":3:9: warning: policy: port 21 is named");
        assertThat(cli.out()).isEqualTo(file + ": ok\n");
    }

    @Test
    void shouldEndWithTwoWhenThereIsNoFile() {
        String file = folder.resolve("none.yaml").toString();
        for (String command : new String[]{"check", "run"}) {
            Cli cli = Cli.sluice(command, "--config", file);
            assertThat(cli.status()).as(command).isEqualTo(2);
            assertThat(cli.err()).as(command).isEqualTo(file + ": there is no such file; name one with --config\n");
        }
    }

    @Test
    void shouldNotTouchAnInterfaceWithAWrongConfiguration() throws IOException {
        AtomicInteger started = new AtomicInteger();
        String file = file(WRONG);
        Cli cli = run(file, config -> {
            started.incrementAndGet();
            throw new IOException("started");
        }, new StopSignal());
        assertThat(cli.status()).isEqualTo(2);
        assertThat(cli.err()).startsWith(file + ":3:10: workers: ");
        assertThat(cli.out()).isEmpty();
        assertThat(started).hasValue(0);
    }

    private static Cli run(String file, RunCommand.Starter starter, StopSignal stop) {
        return Cli.execute(new CommandLine(new RunCommand(starter, stop, false)), "--config", file);
    }

    @Test
    void shouldEndWithOneWhenTheDeviceIsNotThere() throws IOException {
        Cli cli = Cli.sluice("run", "--config", file(RIGHT));
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err().lines()).singleElement().asString().startsWith("sluice: ").contains("inside")
                .contains("no-such0").doesNotContain("Exception");
    }

    @Test
    void shouldEndWithOneWhenACaptureIsNone() throws IOException {
        Cli cli = Cli.sluice("run", "--config", file("""
                interfaces: {inside: {device: /dev/null, driver: pcap, addresses: [10.77.0.1/24]}}
                management: {listen: "127.0.0.1:0"}
                """));
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).isEqualTo("sluice: interface inside: /dev/null is not a capture file of up to 2 GiB\n");
    }

    @Test
    void shouldEndWithOneWhenAHelperIsNotThere() throws IOException {
        Cli cli = Cli.sluice("run", "--config",
                file(RIGHT + "helpers: [{name: myproto, jar: /usr/lib/sluice/helpers/myproto.jar, ports: [7000]}]\n"));
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).startsWith("sluice: ").contains("myproto");
    }

    @Test
    void shouldRunUntilAskedToStopAndSayWhereManagementIs() throws IOException {
        String file = file(RIGHT);
        StopSignal stop = new StopSignal();
        stop.ask();
        AtomicInteger closed = new AtomicInteger();
        try (MemoryGateway memory = new MemoryGateway()) {
            Cli cli = run(file, config -> running(memory.view(), closed), stop);
            assertThat(cli.status()).isZero();
            assertThat(cli.out()).matches("ready: inside \\(no-such0\\); management on http://127\\.0\\.0\\.1:\\d+\n");
            assertThat(closed).hasValue(1);
        }
    }

    private static RunCommand.Running running(GatewayView view, AtomicInteger closed) {
        return new RunCommand.Running() {
            @Override
            public GatewayView view() {
                return view;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    void shouldStopTheGatewayWhenManagementCanNotListen() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                MemoryGateway memory = new MemoryGateway()) {
            String file = file(RIGHT.replace("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort()));
            Cli cli = run(file, config -> running(memory.view(), closed), new StopSignal());
            assertThat(cli.status()).isEqualTo(1);
            assertThat(cli.err()).startsWith("sluice: management can't listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("is another gateway running? See management.listen");
            assertThat(closed).hasValue(1);
        }
    }
}
