package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.CLIENT_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.INSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.OUTSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS6;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;

/** Hosts of IPv6 behind the gateway's one address: the server has no way to the addresses that they have themselves. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about a rule of Sluice")
class Nat66IT extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final byte[] BYTES = TestData.bytes(3_000_000, 66);
    private static final String SECOND_CLIENT = "fd77::3";
    private static final String PORT = "40404";
    private FtpFiles files;

    Nat66IT() {
        super(Plan.NAT66);
    }

    @Override
    void startServers() throws IOException {
        rig().topology().enableIpv6();
        rig().server().run("ip", "route", "del", "default", "via", OUTSIDE_ADDRESS6);
        rig().client().run("ip", "addr", "add", SECOND_CLIENT + "/64", "dev", "eth0", "nodad");
        files = FtpFiles.in(rig().newDirectory("files"));
        WebServer.start(rig(), rig().server(), SERVER_ADDRESS6, PAGE, BYTES);
        WebServer.start(rig(), rig().client(), CLIENT_ADDRESS6, PAGE, BYTES);
        FtpServerKind.VSFTPD.start(rig(), rig().server(), SERVER_ADDRESS6, files);
        if (rig().middle() instanceof SluiceMiddle sluice) {
            sluice.edit("  rules:", "  rules:\n    - {from: inside, to: inside, action: accept}");
            assertThat(sluice.command("reload").status()).isZero();
        }
    }

    private void assertLoads(Namespace host, String... arguments) throws IOException {
        WebServer.assertLoads(rig(), host, BYTES, arguments);
    }

    /** Both want the same port, which only one can have. */
    @Test
    void shouldLoadAPageForTwoHostsFromTheSamePort() throws IOException {
        for (String host : List.of(CLIENT_ADDRESS6, SECOND_CLIENT)) {
            assertLoads(rig().client(), "--interface", host, "--local-port", PORT,
                    "http://[" + SERVER_ADDRESS6 + "]/" + PAGE);
        }
        if (rig().middle() instanceof SluiceMiddle sluice) {
            assertThat(sluice.command("show", "flows", "--proto", "tcp", "--src", SECOND_CLIENT).output())
                    .contains("sport=" + PORT).contains("dst=" + OUTSIDE_ADDRESS6 + " ")
                    .doesNotContain("dport=" + PORT);
        }
    }

    @Test
    void shouldLeadThoseOutsideToAForwardedPort() throws IOException {
        assertLoads(rig().server(), "http://[" + OUTSIDE_ADDRESS6 + "]:8080/" + PAGE);
    }

    /** Those inside too, though the server is their neighbour (hairpin). */
    @Test
    void shouldLeadThoseInsideToAForwardedPort() throws IOException {
        assertLoads(rig().client(), "--interface", SECOND_CLIENT, "http://[" + OUTSIDE_ADDRESS6 + "]:8080/" + PAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"56", "4000"})
    void shouldCarryPings(String size) {
        for (String host : List.of(CLIENT_ADDRESS6, SECOND_CLIENT)) {
            assertThat(rig().run(rig().client(), Tools.find("ping"), "-6", "-n", "-c", "3", "-i", "0.1", "-s", size,
                    "-I", host, SERVER_ADDRESS6)).contains(" 0% packet loss");
        }
    }

    /** ICMPv6 errors come back from the gateway and from the server. */
    @Test
    void shouldShowItselfToTraceroute() {
        String route = rig().run(rig().client(), Tools.find("traceroute"), "-6", "-n", "-q", "1", "-w", "2", "-m", "4",
                "-s", SECOND_CLIENT, SERVER_ADDRESS6);
        assertThat(route).containsPattern(" 1  " + INSIDE_ADDRESS6 + " ").containsPattern(" 2  " + SERVER_ADDRESS6);
    }

    @ParameterizedTest
    @EnumSource(value = FtpMode.class, names = {"EPRT", "EPSV"})
    void shouldCarryFtpTransfers(FtpMode mode) throws IOException {
        new FtpTransfer(rig(), rig().client(), "[" + SERVER_ADDRESS6 + "]", files).check(FtpClientKind.CURL, mode,
                "anonymous");
    }
}
