package org.sluice.mgmt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.nio.file.Path;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
import org.sluice.mgmt.http.FakeView;
import org.sluice.mgmt.http.Json;
import org.sluice.mgmt.http.ManagementApi;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.FlowView.Tuple;
import tools.jackson.databind.JsonNode;

/** {@code show} and {@code flush} against a management server on the loopback. */
class ShowCommandTest {
    private final FakeView view = new FakeView();
    private ManagementApi api;
    private org.sluice.mgmt.http.HttpServer server;

    @BeforeEach
    void start() throws IOException, ConfigException {
        Config config = ConfigLoader.parse("f.yaml", """
                interfaces: {inside: {device: in0, addresses: [10.77.0.1/24]}}
                management: {listen: "127.0.0.1:0"}
                """).config();
        api = new ManagementApi(view, new LiveConfig(Path.of("f.yaml"), config, view));
        server = org.sluice.mgmt.http.HttpServer.start(config.management(), api.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
    }

    private Cli show(String what, String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "show";
        args[1] = what;
        args[2] = "--url";
        args[3] = server.url();
        System.arraycopy(more, 0, args, 4, more.length);
        Cli cli = Cli.sluice(args);
        assertThat(cli.status()).as(cli.err()).isZero();
        return cli;
    }

    private static JsonNode json(Cli cli) {
        return Json.read(cli.out().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowFlowsAsConntrackDoes() {
        view.flows.add(FakeView.tcp(2, 4000, 21, "ESTABLISHED", "ftp"));
        view.flows.add(new FlowView(4, "udp", 17, "", 29, new Tuple("10.77.0.2", "192.0.2.53", 5353, 53, 1, 60),
                new Tuple("192.0.2.53", "198.51.100.1", 53, 5353, 0, 0), false, false, null, -1));
        view.flows.add(new FlowView(6, "icmp", 1, "", 9, new Tuple("10.77.0.2", "192.0.2.1", 77, 77, 2, 168),
                new Tuple("192.0.2.1", "198.51.100.1", 77, 77, 2, 168), true, false, null, -1));
        Cli cli = show("flows");
        assertThat(cli.lines()).containsExactly(
                "tcp      6 431999 ESTABLISHED src=10.77.0.2 dst=198.51.100.2 sport=4000 dport=21 packets=5 bytes=300 "
                        + "src=198.51.100.2 dst=198.51.100.1 sport=21 dport=4000 packets=4 bytes=240 [ASSURED] mark=0 "
                        + "helper=ftp use=1",
                "udp      17 29 src=10.77.0.2 dst=192.0.2.53 sport=5353 dport=53 packets=1 bytes=60 [UNREPLIED] "
                        + "src=192.0.2.53 dst=198.51.100.1 sport=53 dport=5353 packets=0 bytes=0 mark=0 use=1",
                "icmp     1 9 src=10.77.0.2 dst=192.0.2.1 type=8 code=0 id=77 packets=2 bytes=168 "
                        + "src=192.0.2.1 dst=198.51.100.1 type=0 code=0 id=77 packets=2 bytes=168 mark=0 use=1");
        assertThat(cli.err()).endsWith(": 3 flow entries have been shown.\n");
    }

    @Test
    void shouldShowCallsByTheirCallIds() {
        view.flows.add(new FlowView(2, "gre", 47, "", 179, new Tuple("10.77.0.2", "198.51.100.2", 7, 0xABCD, 2, 96),
                new Tuple("198.51.100.2", "198.51.100.1", 0xABCD, 0x107, 3, 144), true, true, null, 1));
        assertThat(show("flows").lines()).containsExactly(
                "gre      47 179 src=10.77.0.2 dst=198.51.100.2 srckey=0x7 dstkey=0xabcd packets=2 bytes=96 "
                        + "src=198.51.100.2 dst=198.51.100.1 srckey=0xabcd dstkey=0x107 packets=3 bytes=144 [ASSURED] "
                        + "mark=0 use=1");
    }

    @Test
    void shouldShowAllPagesOfFlowsInJsonToo() {
        for (int i = 0; i < 12_001; i++) {
            view.flows.add(FakeView.tcp(2 * i, i, 80, "ESTABLISHED", null));
        }
        assertThat(show("flows").lines()).hasSize(12_001).doesNotHaveDuplicates();
        JsonNode flows = json(show("flows", "--json"));
        assertThat(flows.size()).isEqualTo(12_001);
        assertThat(flows.get(12_000).path("original").path("sport").asInt()).isEqualTo(12_000);
    }

    @Test
    void shouldShowAnEmptyListInJson() {
        assertThat(json(show("flows", "--json")).isEmpty()).isTrue();
        assertThat(show("flows").out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--proto,tcp,2", "-p,udp,0", "--src,10.77.0.2,2", "--dst,192.0.2.9,0", "--sport,4001,1", "--dport,21,1",
            "--state,TIME_WAIT,1", "--helper,ftp,1"})
    void shouldFilterFlows(String option, String value, int expected) {
        view.flows.add(FakeView.tcp(2, 4000, 21, "ESTABLISHED", "ftp"));
        view.flows.add(FakeView.tcp(4, 4001, 80, "TIME_WAIT", null));
        assertThat(show("flows", option, value).lines()).hasSize(expected);
    }

    @Test
    void shouldShowTables() {
        assertThat(show("helpers").lines()).containsExactly("NAME  PROTO  PORTS    NAT  SESSIONS  EXPECTED  EVENTS",
                "ftp   tcp    21,2121  yes  1         2         expected=3",
                "irc   tcp    6667     no   0         0         -");
        assertThat(show("interfaces").lines()).containsExactly(
                "NAME     DEVICE  STATE  ZONE     MTU   MAC                ADDRESSES                RX  TX  MISSED",
                "inside   in0     UP     lan      1500  02:00:00:00:00:01  10.77.0.1/24,fd77::1/64  7   6   0",
                "outside  out0    DOWN   outside  1400  02:00:00:00:00:02  198.51.100.1/24          0   0   0");
        assertThat(show("nat").lines()).containsExactly("ADDRESS       PROTO  USED  OF",
                "198.51.100.1  tcp    12    64512");
        assertThat(show("policy").lines()).containsExactly(
                "RULE  FROM    TO       SRC  DST              PROTO  PORT   STATE  ACTION  FLOWS  LIMITED",
                "1     inside  outside  any  198.51.100.0/24  tcp    80-81  new    accept  12     1");
        assertThat(show("neighbors").lines()).containsExactly(
                "10.77.0.2 dev inside lladdr 02:00:00:00:00:0a REACHABLE", "198.51.100.9 dev outside INCOMPLETE");
        assertThat(show("routes").lines()).containsExactly("10.77.0.0/24 dev inside scope link",
                "default via 198.51.100.254 dev outside proto static");
        assertThat(show("expectations").lines()).containsExactly(
                "29 proto=6 src=198.51.100.2 dst=198.51.100.1 sport=0 dport=4100 to=10.77.0.2:4100 master=2 helper=ftp",
                "100 proto=6 src=0.0.0.0 dst=198.51.100.1 sport=0 dport=5000 to=10.77.0.2:5001 master=4 helper=irc");
        assertThat(show("counters").lines().stream().map(l -> l.replaceAll(" +", " "))).startsWith("COUNTER VALUE",
                "rx_packets 10").contains("sluice_drops_total{reason=\"policy\"} 4");
        assertThat(show("config").lines()).contains("interfaces:", "  inside:", "    device: in0", "workers: 1");
    }

    @ParameterizedTest
    @CsvSource({"expectations,2", "helpers,2", "interfaces,2", "neighbors,2", "routes,2", "nat,1", "policy,1"})
    void shouldShowListsInJson(String what, int size) {
        JsonNode list = json(show(what, "--json"));
        assertThat(list.isArray()).isTrue();
        assertThat(list.size()).isEqualTo(size);
    }

    @Test
    void shouldShowCountersAndConfigurationInJson() {
        assertThat(json(show("counters", "--json")).path("rx_packets").asInt()).isEqualTo(10);
        assertThat(json(show("config", "--json")).path("interfaces").path("inside").path("device").asString())
                .isEqualTo("in0");
    }

    @Test
    void shouldEndFlows() {
        view.flows.add(FakeView.tcp(2, 4000, 21, "ESTABLISHED", "ftp"));
        view.flows.add(FakeView.tcp(4, 4001, 80, "TIME_WAIT", null));
        Cli cli = Cli.sluice("flush", "flows", "--url", server.url(), "--dport", "80");
        assertThat(cli.status()).isZero();
        assertThat(cli.err()).endsWith(": 1 flow entries have been deleted.\n");
        assertThat(json(Cli.sluice("flush", "flows", "--json", "--url", server.url())).path("deleted").asInt())
                .isEqualTo(1);
        assertThat(view.flows).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flows", "counters", "routes"})
    void shouldTellThatNoGatewayAnswers(String what) throws IOException {
        String url;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            url = "http://127.0.0.1:" + free.getLocalPort();
        }
        assertThat(Cli.sluice("show", what, "--url", url)).isEqualTo(new Cli(1, "", "sluice: no gateway answers at "
                + url + "; is \"sluice run\" running? Another address can be given with --url\n"));
        Cli json = Cli.sluice("show", what, "--json", "--url", url);
        assertThat(json.status()).isEqualTo(1);
        assertThat(json.out()).as("no half a document").isEmpty();
    }

    @Test
    void shouldTellThatSomethingElseAnswers() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
        other.createContext("/", exchange -> {
            byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();
        try {
            String url = "http://127.0.0.1:" + other.getAddress().getPort();
            assertThat(Cli.sluice("show", "flows", "--url", url))
                    .isEqualTo(new Cli(1, "", "sluice: what answers at " + url + " is not a Sluice gateway\n"));
        } finally {
            other.stop(0);
        }
    }

    @Test
    void shouldTellThatTheAddressIsNone() {
        Cli cli = Cli.sluice("show", "flows", "--url", "nonsense");
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).contains("\"nonsense\" is not an address; write for example http://127.0.0.1:9464");
    }

    @Test
    void shouldPassOnWhyTheGatewayRefuses() {
        Cli cli = Cli.sluice("show", "flows", "--url", server.url(), "--dport", "70000");
        assertThat(cli.status()).isEqualTo(1);
        assertThat(cli.err()).contains("\"dport\" must be a number from 0 to 65535");
    }
}
