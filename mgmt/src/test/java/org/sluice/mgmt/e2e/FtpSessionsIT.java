package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** Many sessions at once, long sessions, and encrypted ones. */
class FtpSessionsIT extends GatewayScenario {
    private static final int SESSIONS = 20;
    private static final int TRANSFERS = 50;

    private FtpFiles files;

    FtpSessionsIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        files = FtpFiles.in(rig().newDirectory("files"));
        Path work = rig().newDirectory("ftpd");
        FtpServerKind.makeCertificate(work);
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, files, work);
    }

    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldCarryTwentySessionsAtOnce(FtpMode mode) throws Exception {
        List<Path> got = new ArrayList<>();
        List<Callable<String>> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Path to = rig().newDirectory("got").resolve("file");
            got.add(to);
            sessions.add(() -> rig().run(rig().client(), FtpClientKind.CURL
                    .get(mode, "anonymous", Topology.SERVER_ADDRESS, FtpFiles.LARGE, to).toArray(String[]::new)));
        }
        AtOnce.run(sessions);
        for (Path file : got) {
            assertThat(TestData.sha256(Files.readAllBytes(file))).isEqualTo(files.digest(FtpFiles.LARGE));
        }
    }

    @ParameterizedTest
    @EnumSource(FtpMode.class)
    void shouldCarryFiftyTransfersOnOneControlConnection(FtpMode mode) throws Exception {
        List<String> transfers = rig().program(rig().client(), "ftp", "mode=" + mode, "host=" + Topology.SERVER_ADDRESS,
                "user=anonymous", "password=lab", "action=get", "file=" + FtpFiles.SMALL, "times=" + TRANSFERS);

        assertThat(transfers).hasSize(TRANSFERS)
                .containsOnly(FtpFiles.SMALL_SIZE + " " + files.digest(FtpFiles.SMALL));
    }

    /** RFC 4217: what is encrypted can't be read, but the connection goes on; passive data connections need no help. */
    @Test
    void shouldPassEncryptedSessions() throws Exception {
        Path got = rig().newDirectory("got").resolve("file");
        rig().run(rig().client(), Tools.find("curl"), "-sS", "-k", "--ssl-reqd", "--max-time", "30", "-u",
                "anonymous:lab", "-o", got.toString(), "ftp://" + Topology.SERVER_ADDRESS + "/" + FtpFiles.LARGE);

        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(files.digest(FtpFiles.LARGE));
    }
}
