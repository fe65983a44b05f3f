package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;

/**
 * 5 MB fetched and 5 MB stored, and both compared with what was sent.
 *
 * @param rig it runs in
 * @param from host of the client
 * @param address where the client believes the server to be
 * @param files of the server
 */
record FtpTransfer(Rig rig, Namespace from, String address, FtpFiles files) {

    /** @return every client in every mode it knows. */
    static List<Arguments> clientsAndModes() {
        List<Arguments> all = new ArrayList<>();
        for (FtpClientKind client : FtpClientKind.values()) {
            client.modes().forEach(mode -> all.add(Arguments.of(client, mode)));
        }
        return all;
    }

    void check(FtpClientKind client, FtpMode mode, String user) throws IOException {
        Path got = rig.newDirectory("got").resolve("file");
        run(client.get(mode, user, address, FtpFiles.LARGE, got));
        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(files.digest(FtpFiles.LARGE));

        String name = client + "-" + mode + "-" + address;
        run(client.put(mode, user, address, files.root().resolve(FtpFiles.LARGE), name));
        assertThat(files.uploaded(name)).isEqualTo(files.digest(FtpFiles.LARGE));
        Files.delete(files.root().resolve(FtpFiles.UPLOADS).resolve(name));
    }

    private void run(List<String> command) {
        rig.run(from, command.toArray(String[]::new));
    }
}
