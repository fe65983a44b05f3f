package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Topology;

/** What a client may write but few do, to vsftpd and ProFTPD outside. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux's helper fails most of it")
class FtpByHandIT extends GatewayScenario {
    private static final String PROFTPD_ADDRESS = "198.51.100.10";
    private static final int SERVER_PORT = 21;

    FtpByHandIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        FtpFiles files = FtpFiles.in(rig().newDirectory("files"));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS, files);
        rig().server().run("ip", "address", "add", PROFTPD_ADDRESS + "/" + Topology.PREFIX_LENGTH, "dev",
                Topology.DEVICE);
        FtpServerKind.PROFTPD.start(rig(), rig().server(), PROFTPD_ADDRESS, files);
    }

    private List<String> client(String address, String... steps) {
        List<String> arguments = new ArrayList<>(List.of("client", address, Integer.toString(SERVER_PORT)));
        arguments.addAll(List.of(steps));
        return rig().run(rig().client(), JavaCommand.program(RawFtp.class, arguments).toArray(String[]::new)).lines()
                .toList();
    }

    private List<String> vsftpd(String... steps) {
        List<String> all = new ArrayList<>(List.of("reply", "say", "USER anonymous~", "reply"));
        all.addAll(List.of(steps));
        return client(Topology.SERVER_ADDRESS, all.toArray(String[]::new));
    }

    private static void assertFetched(List<String> lines) {
        assertThat(lines.getLast()).isEqualTo("data " + FtpFiles.SMALL_SIZE);
    }

    /** With pauses longer than those after which Linux repeats what was not acknowledged. */
    @Test
    void shouldHoldACommandThatIsWrittenSlowly() {
        assertFetched(vsftpd("say", "PO", "pause", "250", "say", "RT @", "pause", "250", "say", "~", "reply",
                "say", "RETR small.bin~", "data"));
    }

    @Test
    void shouldPassACommandAsItIsWhenItsEndStaysAwayTooLong() {
        List<String> lines = vsftpd("say", "PORT 10,77,0,2,", "pause", "3000", "say", "19,137~", "reply", "say",
                "PORT @~", "reply", "say", "RETR small.bin~", "data");

        assertThat(lines.get(2)).as("the private address is not the client's, as the server sees it")
                .startsWith("500");
        assertFetched(lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP~PORT @~RETR small.bin~", "PORT 10,77,0,2,200,200~PORT @~RETR small.bin~",
            "port  @~RETR small.bin~", "TYPE I\nPORT @\nRETR small.bin\n"})
    void shouldReadEveryCommandOfASegment(String segment) {
        assertFetched(vsftpd("say", segment, "data"));
    }

    /** Bounce (RFC 2577), a well-known port, and numbers that are none: all reach the server as they were written. */
    @ParameterizedTest
    @ValueSource(strings = {"PORT 198,51,100,99,200,21", "PORT 10,77,0,3,200,21", "PORT 10,77,0,2,0,22",
            "PORT 10,77,0,300,200,21", "EPRT |1|10.77.0.2|70000|", "LPRT 4,4,10,77,0,2,2,200,21"})
    void shouldNotHoldWhatItDoesNotFollow(String command) {
        List<String> lines = vsftpd("say", command + "~", "reply", "say", "PORT @~RETR small.bin~", "data");

        assertThat(lines.get(2)).startsWith("500");
        assertFetched(lines);
    }

    /** Urgent data behind a command that grew: the server must find it where the client put it. */
    @Test
    void shouldCarryATelnetSynchBeforeAbor() {
        List<String> lines = client(PROFTPD_ADDRESS, "reply", "say", "USER lab~", "reply", "say", "PASS lab~",
                "reply", "say", "TYPE I~PORT @~", "synch", "say", "ABOR~", "reply", "reply", "reply", "say",
                "PORT @~RETR small.bin~", "data");

        assertThat(lines.get(4)).startsWith("200");
        assertThat(lines.get(5)).startsWith("226");
        assertFetched(lines);
    }

    @Test
    void shouldMarkTheVeryByteThatIsUrgent() throws IOException {
        String port = "PORT 198,51,100,1,19,137\r\n";
        String abor = "\u00ff\u00f4\u00ffABOR\r\n";
        String said = "USER u\r\n" + port + abor;
        Path log = rig().newDirectory("log").resolve("server");
        rig().server().run("ip", "address", "add", "198.51.100.11/24", "dev", Topology.DEVICE);
        // vsftpd and ProFTPD listen on their own addresses of that port only
        Process server = rig().server().start(JavaCommand.program(RawFtp.class,
                List.of("server", "198.51.100.11", Integer.toString(SERVER_PORT), Integer.toString(said.length()))),
                log);
        Rig.await("the server listens", () -> read(log).startsWith("ready"));

        client("198.51.100.11", "reply", "say", "USER u~PORT 10,77,0,2,19,137~", "synch", "say", "ABOR~");
        Rig.await("the server has read it", () -> !server.isAlive());

        assertThat(read(log).lines().toList().getLast())
                .isEqualTo(HexFormat.of().formatHex(said.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
