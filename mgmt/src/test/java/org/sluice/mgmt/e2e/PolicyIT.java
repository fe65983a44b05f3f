package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** Rules that change while a web server outside is used, as an operator sees them. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about rules of Sluice")
class PolicyIT {
    private static final String PAGE = "page.bin";
    private static final String OPEN = "    - {from: inside, to: outside, action: accept}";
    private static final int CURL_COULD_NOT_CONNECT = 7;
    private static final int CURL_TIMED_OUT = 28;

    private Rig rig;
    private SluiceMiddle sluice;

    @BeforeEach
    void open() throws Exception {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        sluice = (SluiceMiddle) rig.middle();
        WebServer.start(rig, rig.server(), Topology.SERVER_ADDRESS, PAGE, TestData.bytes(100, 1));
    }

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private int curl() {
        return rig.client().attempt(10, Tools.find("curl"), "-s", "-o", "/dev/null", "--connect-timeout", "2",
                "http://" + Topology.SERVER_ADDRESS + "/" + PAGE).status();
    }

    private String sluice(String... words) {
        Shell.Result result = sluice.command(words);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private void put(String... rules) {
        sluice.edit(OPEN, String.join("\n", rules));
        sluice("reload");
    }

    @Test
    void shouldRefuseCountAndLogWhatARuleNames() {
        assertThat(curl()).isZero();
        put("    - {name: no-web, from: inside, dst: [198.51.100.0/30, \"2001:db8::/32\"], proto: tcp, port: 80,"
                + " log: true, action: reject}", OPEN);
        assertThat(curl()).as("told at once").isEqualTo(CURL_COULD_NOT_CONNECT);
        assertThat(sluice("show", "policy"))
                .containsPattern("no-web +inside +any +any +198.51.100.0/30,.* reject +1 +0");
        assertThat(sluice.get("/metrics")).contains("sluice_policy_flows_total{rule=\"no-web\"} 1");
        Rig.await("the decision is in the log", () -> sluice.log().contains("policy: rule no-web: reject inside ->"
                + " outside proto 6 src " + Topology.CLIENT_ADDRESS + " dst " + Topology.SERVER_ADDRESS + " dport 80"));
    }

    @Test
    void shouldHoldAHostToARate() {
        put("    - {name: slow, from: inside, limit: {rate: 1/h, burst: 3}, action: accept}");
        for (int i = 0; i < 3; i++) {
            assertThat(curl()).isZero();
        }
        assertThat(curl()).isEqualTo(CURL_TIMED_OUT);
        assertThat(sluice("show", "policy")).containsPattern("slow +inside .* accept +\\d+ +[1-9]");
        assertThat(sluice("show", "counters")).containsPattern("sluice_drops_total.reason=.limit.. +[1-9]");
    }

    @Test
    void shouldEndLiveFlowsOnlyWhenAsked() {
        Path pinged = rig.newDirectory("ping").resolve("output");
        Process ping = rig.client().start(List.of(Tools.find("ping"), "-n", "-O", "-i", "0.1", "-w", "60",
                Topology.SERVER_ADDRESS), pinged);
        Rig.await("pings are answered", () -> Rig.read(pinged).contains("icmp_seq=3 ttl"));
        put("    - {from: inside, to: outside, proto: tcp, action: accept}");
        int before = answered(pinged);
        Rig.await("a live flow goes on", () -> answered(pinged) > before + 2);
        assertThat(sluice("reload", "--live")).contains("1 live flows were ended");
        Rig.await("and then no more", () -> Rig.read(pinged).lines().toList().getLast().contains("no answer yet"));
        assertThat(curl()).isZero();
        ping.destroy();
    }

    private static int answered(Path pinged) {
        return (int) Rig.read(pinged).lines().filter(line -> line.contains("ttl=")).count();
    }
}
