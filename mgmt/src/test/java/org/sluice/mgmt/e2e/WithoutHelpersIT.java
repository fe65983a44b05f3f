package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** The negative control: what works elsewhere because of a helper does not work without it. */
class WithoutHelpersIT extends GatewayScenario {

    WithoutHelpersIT() {
        super(Plan.WITHOUT_HELPERS);
    }

    @Override
    void startServers() throws Exception {
        FtpFiles files = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, files);
        rig().topology().enableIpv6();
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS6, files);
        rig().server().start(List.of(Tools.find("in.tftpd"), "--foreground", "--address",
                Topology.SERVER_ADDRESS + ":69", "--secure", files.root().toString()),
                rig().newDirectory("log").resolve("tftpd"));
    }

    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldOpenNothingForActiveFtp(FtpMode mode) {
        tryToFetch(mode, Topology.SERVER_ADDRESS);
    }

    @ParameterizedTest
    @EnumSource(value = FtpMode.class, names = {"EPRT", "EPSV"})
    void shouldOpenNothingForActiveFtpOverIpv6(FtpMode mode) {
        tryToFetch(mode, "[" + Topology.SERVER_ADDRESS6 + "]");
    }

    private void tryToFetch(FtpMode mode, String server) {
        List<String> get = FtpClientKind.CURL.get(mode, "anonymous", server, FtpFiles.SMALL,
                rig().newDirectory("got").resolve("file"));

        Shell.Result result = rig().client().attempt(60, get.toArray(String[]::new));

        assertThat(result.ok()).as(result.output()).isNotEqualTo(mode.isActive());
    }

    @Test
    void shouldOpenNothingForTftp() {
        String[] get = {Tools.find("curl"), "-sS", "--max-time", "2", "-o", "/dev/null",
                "tftp://" + Topology.SERVER_ADDRESS + "/" + FtpFiles.SMALL};
        Rig.await("in.tftpd answers", () -> rig().server().attempt(5, get).ok());

        assertThat(rig().client().attempt(10, get).ok()).isFalse();
    }
}
