package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** lftp outside lets one server send a file to another (FXP): two servers inside, on ports of their own, and one outside. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "reads the configuration")
class FtpThirdPartyIT {
    private static final String INNER = "ftp://" + Topology.OUTSIDE_ADDRESS;
    private static final String SECOND_INNER = "ftp://" + Topology.OUTSIDE_ADDRESS + ":2121";
    private static final String OUTER_ADDRESS = "198.51.100.10";
    private static final String OUTER = "ftp://" + OUTER_ADDRESS;
    private static final int SECOND_PORT = 2121;
    private static final String[] PROMISCUOUS = {"pasv_promiscuous=YES", "port_promiscuous=YES",
            "connect_from_port_20=NO"};

    private static final int SECONDS = 60;
    /** Longer than it takes, but lftp would try again and again. */
    private static final int FEW_SECONDS = 12;

    private Rig rig;
    private FtpFiles files;

    private void open(Plan plan) throws IOException {
        rig = Rig.open(plan);
        files = FtpFiles.in(rig.newDirectory("files"));
        rig.server().run("ip", "address", "add", OUTER_ADDRESS + "/" + Topology.PREFIX_LENGTH, "dev", Topology.DEVICE);
        start(rig.client(), Topology.CLIENT_ADDRESS, FtpServerKind.PORT);
        start(rig.client(), Topology.CLIENT_ADDRESS, SECOND_PORT);
        start(rig.server(), OUTER_ADDRESS, FtpServerKind.PORT);
    }

    private void start(Namespace host, String address, int port) throws IOException {
        FtpServerKind.startVsftpd(rig, host, address, port, files, PROMISCUOUS);
    }

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private Shell.Result copy(int seconds, String from, String to, boolean passiveSource) {
        return rig.server().attempt(seconds, Tools.find("lftp"), "--norc", "-c",
                "set ftp:ssl-allow no; set net:timeout 8; set net:max-retries 1; set ftp:use-feat no; set ftp:prefer-epsv no;"
                        + "set ftp:fix-pasv-address no; set ftp:use-fxp yes; set ftp:fxp-force yes; set ftp:fxp-passive-source "
                        + passiveSource + "; get " + from + "/" + FtpFiles.LARGE + " -o " + to + "/" + FtpFiles.UPLOADS
                        + "/copy");
    }

    private void assertCopied(Shell.Result result) throws IOException {
        assertThat(result.ok()).as(result.output()).isTrue();
        assertThat(files.uploaded("copy")).isEqualTo(files.digest(FtpFiles.LARGE));
        Files.delete(files.root().resolve(FtpFiles.UPLOADS).resolve("copy"));
    }

    @Test
    void shouldLetServersConnectToEachOtherWhenAllowed() throws Exception {
        open(Plan.FTP_THIRD_PARTY);

        assertCopied(copy(SECONDS, INNER, OUTER, true));
        assertCopied(copy(SECONDS, OUTER, INNER, false));
        assertCopied(copy(SECONDS, INNER, OUTER, false));
        assertCopied(copy(SECONDS, INNER, SECOND_INNER, true));
        assertCopied(copy(SECONDS, INNER, SECOND_INNER, false));
    }

    @Test
    void shouldOpenNothingToAnotherServerOtherwise() throws Exception {
        open(Plan.FTP_TWO_SERVERS_INSIDE);

        assertThat(copy(FEW_SECONDS, INNER, OUTER, true).ok()).isFalse();
        assertThat(copy(FEW_SECONDS, INNER, SECOND_INNER, true).ok()).isFalse();
    }
}
