package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.CLIENT_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.INSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.OUTSIDE_ADDRESS6;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS6;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** The same gateway forwards IPv6, which it does not translate: hosts are seen under their own addresses. */
class Ipv6IT extends GatewayScenario {
    private static final String PAGE = "page.bin";
    private static final byte[] BYTES = TestData.bytes(3_000_000, 8200);
    private FtpFiles files;

    Ipv6IT() {
        super(Plan.IPV6);
    }

    @Override
    void startServers() throws IOException {
        rig().topology().enableIpv6();
        files = FtpFiles.in(rig().newDirectory("files"));
        WebServer.start(rig(), rig().server(), SERVER_ADDRESS6, PAGE, BYTES);
        FtpServerKind.VSFTPD.start(rig(), rig().server(), SERVER_ADDRESS6, files);
    }

    private String ping(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Tools.find("ping"), "-6", "-n", "-W", "2", "-i", "0.1"));
        command.addAll(List.of(arguments));
        return rig().run(rig().client(), command.toArray(String[]::new));
    }

    @Test
    void shouldAnswerPingsAndPassThem() {
        for (String address : List.of(INSIDE_ADDRESS6, OUTSIDE_ADDRESS6, SERVER_ADDRESS6)) {
            assertThat(ping("-c", "10", address)).contains(" 0% packet loss");
        }
    }

    /** RFC 4291 2.1: every interface has an address that is good on its link alone. */
    @Test
    void shouldAnswerAtItsLinkLocalAddress() {
        String neighbor = rig().run(rig().client(), "ping", "-6", "-n", "-c", "2", "-i", "0.2",
                linkLocalOf(rig().topology().inside()) + "%" + Topology.DEVICE);

        assertThat(neighbor).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4000", "20000"})
    void shouldPassFragmentedPings(String size) {
        assertThat(ping("-c", "3", "-s", size, SERVER_ADDRESS6)).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-6", "-I", "-T"})
    void shouldShowItselfToTraceroute(String probe) {
        String route = rig().run(rig().client(), Tools.find("traceroute"), "-6", "-n", probe, "-q", "1", "-w", "2",
                "-m", "4", SERVER_ADDRESS6);

        assertThat(route).containsPattern(" 1  " + INSIDE_ADDRESS6 + " ").containsPattern(" 2  " + SERVER_ADDRESS6);
    }

    @Test
    void shouldCarryAPageOfTheWeb() throws IOException {
        fetch();
    }

    private void fetch() throws IOException {
        WebServer.assertLoads(rig(), rig().client(), BYTES, "http://[" + SERVER_ADDRESS6 + "]/" + PAGE);
    }

    private String dig(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Tools.find("dig"), "+short", "+time=3"));
        command.addAll(List.of(arguments));
        return rig().run(rig().client(), command.toArray(String[]::new)).strip();
    }

    /** A host that has both families asks by either for addresses of either, and uses what it is told. */
    @Test
    void shouldLetAHostUseBothFamilies() throws IOException {
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, PAGE, BYTES);
        NameServer.start(rig(), rig().server(), List.of(Topology.SERVER_ADDRESS, SERVER_ADDRESS6),
                List.of(Topology.SERVER_ADDRESS, SERVER_ADDRESS6));
        for (String server : List.of("@" + Topology.SERVER_ADDRESS, "@" + SERVER_ADDRESS6)) {
            assertThat(dig(server, NameServer.WWW, "A")).isEqualTo(Topology.SERVER_ADDRESS);
            assertThat(dig(server, "+tcp", NameServer.WWW, "AAAA")).isEqualTo(SERVER_ADDRESS6);
            assertThat(dig(server, "+bufsize=4096", "+ignore", NameServer.LONG, "TXT")).as("in several fragments")
                    .contains("x".repeat(250)).contains("t".repeat(250));
        }
        for (String family : List.of("-4", "-6")) {
            WebServer.assertLoads(rig(), rig().client(), BYTES, family, "--resolve",
                    NameServer.WWW + ":80:" + dig("@" + SERVER_ADDRESS6, NameServer.WWW, "A") + ",["
                            + dig("@" + Topology.SERVER_ADDRESS, NameServer.WWW, "AAAA") + "]",
                    "http://" + NameServer.WWW + "/" + PAGE);
        }
    }

    /** RFC 8201: a smaller device on the way out makes the gateway say "packet too big", and the client remembers. */
    @Test
    void shouldTellTheSenderOfASmallerLink() {
        rig().atDevices("ip", "link", "set", rig().topology().outside(), "mtu", "1280");
        try {
            Rig.await("the client learns the smaller MTU", () -> {
                rig().client().attempt(10, Tools.find("ping"), "-6", "-n", "-c", "1", "-W", "1", "-s", "1400",
                        SERVER_ADDRESS6);
                return rig().run(rig().client(), "ip", "-6", "route", "get", SERVER_ADDRESS6).contains("mtu 1280");
            });
        } finally {
            rig().atDevices("ip", "link", "set", rig().topology().outside(), "mtu", "1500");
        }
    }

    @Test
    void shouldLetNobodyInFromOutside() throws IOException {
        WebServer.start(rig(), rig().client(), CLIENT_ADDRESS6, PAGE, BYTES);

        assertThat(rig().attemptProgram(rig().server(), "connect", "host=" + CLIENT_ADDRESS6, "port=80").ok())
                .isFalse();
    }

    /** PORT and PASV have no place for an IPv6 address (RFC 2428). */
    @ParameterizedTest
    @EnumSource(value = FtpMode.class, names = {"EPRT", "EPSV"})
    void shouldCarryFtpTransfers(FtpMode mode) throws IOException {
        for (FtpClientKind client : List.of(FtpClientKind.CURL, FtpClientKind.COMMONS_NET)) {
            new FtpTransfer(rig(), rig().client(), "[" + SERVER_ADDRESS6 + "]", files).check(client, mode, "anonymous");
        }
    }

    /** The answer comes from a port that nobody named (RFC 1350). */
    @Test
    void shouldCarryTftp() throws IOException {
        Path log = rig().newDirectory("log").resolve("tftpd");
        rig().server().start(List.of(Tools.find("in.tftpd"), "--foreground", "--user", "nobody", "--address",
                "[" + SERVER_ADDRESS6 + "]:69", "--secure", files.root().toString()), log);
        Path got = rig().newDirectory("got").resolve("file");
        String[] get = {Tools.find("curl"), "-sS", "-g", "--max-time", "10", "-o", got.toString(),
                "tftp://[" + SERVER_ADDRESS6 + "]/" + FtpFiles.SMALL};
        Rig.await("in.tftpd answers", () -> rig().server().attempt(15, get).ok());
        Files.delete(got);

        rig().run(rig().client(), get);
        assertThat(TestData.sha256(Files.readAllBytes(got))).isEqualTo(files.digest(FtpFiles.SMALL));
    }
}
