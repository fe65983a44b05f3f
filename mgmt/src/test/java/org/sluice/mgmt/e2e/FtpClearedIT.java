package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** Sessions that log in encrypted and go on in clear (CCC, RFC 4217), so that gateways can read them; pure-ftpd outside. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "not looked at")
class FtpClearedIT extends GatewayScenario {
    private FtpFiles files;

    FtpClearedIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        files = FtpFiles.in(rig().newDirectory("files"));
        Path work = rig().newDirectory("ftpd");
        FtpServerKind.makeCertificate(work);
        FtpServerKind.PURE_FTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, files, work);
    }

    private void assertFetched(Path got) throws IOException {
        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(files.digest(FtpFiles.SMALL));
    }

    private List<String> curl(String version, Path got, String... more) {
        List<String> command = new ArrayList<>(List.of(Tools.find("curl"), "-sS", "-k", "--ftp-ssl-control",
                "--tls-max", version, "--max-time", "20", "-u", "lab:lab", "--ftp-port", "-",
                "-o", got.toString()));
        command.addAll(List.of(more));
        command.add("ftp://" + Topology.SERVER_ADDRESS + "/" + FtpFiles.SMALL);
        return command;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2 --disable-eprt", "1.3 --disable-eprt", "1.2 --eprt", "1.3 --eprt"})
    void shouldReadACurlAgainThatHasClearedItsChannel(String versionAndMode) throws Exception {
        String[] words = versionAndMode.split(" ");
        Path got = rig().newDirectory("got").resolve("file");

        rig().run(rig().client(),
                curl(words[0], got, words[1], "--ftp-ssl-ccc", "--ftp-ssl-ccc-mode", "active").toArray(String[]::new));

        assertFetched(got);
    }

    /** The negative control: what stays encrypted can't be helped. */
    @Test
    void shouldOpenNothingForAChannelThatStaysEncrypted() {
        assertThat(rig().client().attempt(40,
                curl("1.2", rig().newDirectory("got").resolve("file"), "--disable-eprt").toArray(String[]::new)).ok())
                .isFalse();
    }
}
