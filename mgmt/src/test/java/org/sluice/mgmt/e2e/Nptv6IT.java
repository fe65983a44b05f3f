package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.CLIENT_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.INSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS6;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.TestData;

/** Prefix translation of IPv6: the server has no way to the addresses that hosts inside have, only to those they are known by. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about a rule of Sluice")
class Nptv6IT extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final byte[] BYTES = TestData.bytes(3_000_000, 6296);
    private static final String PREFIX = "2001:db8:78::/64";
    /** What the client is known by. */
    private static final String KNOWN = "2001:db8:78:0:cf46::2";
    private FtpFiles files;

    Nptv6IT() {
        super(Plan.NPTV6);
    }

    @Override
    void startServers() throws IOException {
        rig().topology().enableIpv6();
        rig().server().run("ip", "route", "del", "default", "via", "2001:db8:77::1");
        rig().server().run("ip", "route", "add", PREFIX, "via", "2001:db8:77::1");
        files = FtpFiles.in(rig().newDirectory("files"));
        WebServer.start(rig(), rig().server(), SERVER_ADDRESS6, PAGE, BYTES);
        FtpServerKind.VSFTPD.start(rig(), rig().server(), SERVER_ADDRESS6, files);
    }

    @Test
    void shouldCarryAPageAndPings() throws IOException {
        WebServer.assertLoads(rig(), rig().client(), BYTES, "http://[" + SERVER_ADDRESS6 + "]/" + PAGE);
        for (String size : List.of("56", "4000")) {
            assertThat(rig().run(rig().client(), Tools.find("ping"), "-6", "-n", "-c", "3", "-i", "0.1", "-s", size,
                    SERVER_ADDRESS6)).contains(" 0% packet loss");
        }
        if (rig().middle() instanceof SluiceMiddle sluice) {
            assertThat(sluice.command("show", "flows", "--proto", "tcp").output())
                    .contains("src=" + CLIENT_ADDRESS6 + " dst=" + SERVER_ADDRESS6).contains("dst=" + KNOWN + " ");
        }
    }

    /** ICMPv6 errors come back from the gateway and from the server. */
    @Test
    void shouldShowItselfToTraceroute() {
        String route = rig().run(rig().client(), Tools.find("traceroute"), "-6", "-n", "-q", "1", "-w", "2", "-m", "4",
                SERVER_ADDRESS6);
        assertThat(route).containsPattern(" 1  " + INSIDE_ADDRESS6 + " ").containsPattern(" 2  " + SERVER_ADDRESS6);
    }

    @ParameterizedTest
    @EnumSource(value = FtpMode.class, names = {"EPRT", "EPSV"})
    void shouldCarryFtpTransfers(FtpMode mode) throws IOException {
        new FtpTransfer(rig(), rig().client(), "[" + SERVER_ADDRESS6 + "]", files).check(FtpClientKind.CURL, mode,
                "anonymous");
    }
}
