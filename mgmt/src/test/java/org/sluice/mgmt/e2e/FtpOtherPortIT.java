package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** The configuration names another port, {@code {name: ftp, ports: [2121]}}: that one is watched, and the usual one is not. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "reads the configuration")
class FtpOtherPortIT extends GatewayScenario {
    private static final int PORT = 2121;
    private FtpFiles files;

    FtpOtherPortIT() {
        super(Plan.FTP_OTHER_PORT);
    }

    @Override
    void startServers() throws Exception {
        files = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, files);
        FtpServerKind.startVsftpd(rig(), rig().server(), Topology.SERVER_ADDRESS, PORT, files);
    }

    private Shell.Result fetch(FtpMode mode, int port) {
        return rig().attemptProgram(rig().client(), "ftp", "mode=" + mode, "host=" + Topology.SERVER_ADDRESS,
                "port=" + port, "user=anonymous", "password=lab", "action=get", "file=" + FtpFiles.SMALL);
    }

    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldHelpOnThePortThatIsConfigured(FtpMode mode) throws Exception {
        Shell.Result result = fetch(mode, PORT);

        assertThat(result.ok()).as(result.output()).isTrue();
        assertThat(result.output()).contains(files.digest(FtpFiles.SMALL));
    }

    @ParameterizedTest
    @EnumSource(value = FtpMode.class, names = {"PORT", "EPRT"})
    void shouldNotHelpOnTheUsualPortThen(FtpMode mode) {
        assertThat(fetch(mode, FtpServerKind.PORT).ok()).isFalse();
    }
}
