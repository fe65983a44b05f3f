package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** tftpd-hpa outside and inside, and the clients that people have. */
class TftpIT extends GatewayScenario {
    private static final String FILE = "boot.img";
    private static final byte[] BYTES = TestData.bytes(300_001, 1350);

    private Path files;

    TftpIT() {
        super(Plan.TFTP_BOTH_WAYS);
    }

    /** What fetches or stores a file. */
    enum Client {
        TFTP_HPA {
            @Override
            List<String> get(String address, Path to) {
                return List.of(Tools.find("tftp"), "-m", "binary", address, "-c", "get", FILE, to.toString());
            }
        },
        ATFTP {
            @Override
            List<String> get(String address, Path to) {
                return List.of(Tools.find("atftp"), "--option", "blksize 1428", "--get", "-r", FILE, "-l",
                        to.toString(),
                        address);
            }
        },
        CURL {
            @Override
            List<String> get(String address, Path to) {
                return List.of(Tools.find("curl"), "-sS", "--max-time", "30", "-o", to.toString(),
                        "tftp://" + address + "/" + FILE);
            }
        };

        abstract List<String> get(String address, Path to);
    }

    @Override
    void startServers() throws IOException {
        files = rig().newDirectory("files");
        Files.write(files.resolve(FILE), BYTES);
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxrwxrwx"));
        start(rig().server(), Topology.SERVER_ADDRESS);
        start(rig().client(), Topology.CLIENT_ADDRESS);
    }

    private void start(Namespace host, String address) {
        Path log = rig().newDirectory("log").resolve("tftpd");
        Process process = host.start(List.of(Tools.find("in.tftpd"), "--foreground", "--create", "--user", "nobody",
                "--address", address + ":69", "--secure", files.toString()), log);
        Path probe = rig().newDirectory("probe").resolve("file");
        Rig.await("in.tftpd answers", () -> process.isAlive()
                && host.attempt(5, Client.CURL.get(address, probe).toArray(String[]::new)).ok());
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void shouldFetchFromAServerOutside(Client client) throws IOException {
        fetch(rig().client(), Topology.SERVER_ADDRESS, client);
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void shouldFetchFromAServerInside(Client client) throws IOException {
        fetch(rig().server(), Topology.OUTSIDE_ADDRESS, client);
    }

    @Test
    void shouldFetchSeveralFilesAtOnce() throws IOException {
        Path to = rig().newDirectory("got");
        String get = String.join(" ", Client.CURL.get(Topology.SERVER_ADDRESS, to.resolve("file")));

        rig().run(rig().client(), "bash", "-c",
                "for i in 1 2 3 4 5; do " + get.replace("/file ", "/file$i ") + " & done; wait");

        for (int i = 1; i <= 5; i++) {
            assertThat(Files.readAllBytes(to.resolve("file" + i))).isEqualTo(BYTES);
        }
    }

    @Test
    void shouldStoreOnAServerOutsideAndInside() throws IOException {
        store(rig().client(), Topology.SERVER_ADDRESS, "from-inside");
        store(rig().server(), Topology.OUTSIDE_ADDRESS, "from-outside");
    }

    private void store(Namespace host, String address, String name) throws IOException {
        rig().run(host, Tools.find("tftp"), "-m", "binary", address, "-c", "put", files.resolve(FILE).toString(),
                name);
        assertThat(Files.readAllBytes(files.resolve(name))).isEqualTo(BYTES);
    }

    private void fetch(Namespace host, String address, Client client) throws IOException {
        Path to = rig().newDirectory("got").resolve("file");
        rig().run(host, client.get(address, to).toArray(String[]::new));
        assertThat(Files.readAllBytes(to)).isEqualTo(BYTES);
    }
}
