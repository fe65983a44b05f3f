package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.DebianServer;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** People with irssi on both sides of the gateway and at one ngircd outside. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux maps no port back")
class IrssiIT {
    private static final String OTHER_ADDRESS = "10.77.0.3";
    private static final String FILE = "a file.bin";
    private static final byte[] BYTES = TestData.bytes(3_000_001, 1459);
    /** What the receiver has already; marked, so that it shows whether it is sent again. */
    private static final int BROKEN_OFF = 1_000_000;

    private Rig rig;
    private IrssiUser inner;
    private IrssiUser outer;
    private Path file;

    private void open(Plan plan) throws IOException {
        rig = Rig.open(plan);
        Path work = rig.newDirectory("ircd");
        rig.startServer(rig.server(), Topology.SERVER_ADDRESS, DebianServer.NGIRCD.port(),
                DebianServer.NGIRCD.command(Topology.SERVER_ADDRESS, work, work, "").toArray(String[]::new));
        file = rig.newDirectory("files").resolve(FILE);
        Files.write(file, BYTES);
        outer = new IrssiUser(rig, rig.server(), Topology.SERVER_ADDRESS, "outer");
        inner = new IrssiUser(rig, rig.client(), Topology.CLIENT_ADDRESS, "inner");
    }

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    /** The port is taken because the first host has offered something there that nobody has accepted. */
    @Test
    void shouldResumeAFileAtAPortThatAnotherHostHasTaken() throws IOException {
        open(Plan.USUAL);
        IrssiUser other = new IrssiUser(rig, otherHost(), OTHER_ADDRESS, "other");
        inner.type("/dcc chat outer");
        assertThat(outer.awaitOffer("CHAT", "inner", Topology.OUTSIDE_ADDRESS)).isEqualTo(IrssiUser.PORT);
        byte[] resumed = breakOff(outer);

        other.type("/dcc send outer \"" + file + "\"");

        assertThat(outer.awaitOffer("SEND", "other", Topology.OUTSIDE_ADDRESS)).isNotEqualTo(IrssiUser.PORT);
        awaitFile(outer, resumed);

        outer.type("/dcc chat inner");
        inner.awaitText("DCC CHAT connection with outer");
    }

    /** The sender outside says that it can't listen; the receiver inside does instead. */
    @Test
    void shouldReceiveAFileForWhichTheReceiverInsideListens() throws IOException {
        open(Plan.USUAL);

        outer.type("/dcc send -passive inner \"" + file + "\"");

        awaitFile(inner, BYTES);
    }

    @Test
    void shouldSendAFileForWhichTheReceiverOutsideListens() throws IOException {
        open(Plan.USUAL);

        inner.type("/dcc send -passive outer \"" + file + "\"");

        awaitFile(outer, BYTES);
    }

    @Test
    void shouldResumeAFileFromOutside() throws IOException {
        open(Plan.USUAL);
        byte[] resumed = breakOff(inner);

        outer.type("/dcc send inner \"" + file + "\"");

        awaitFile(inner, resumed);
    }

    @Test
    void shouldOpenNothingWithoutTheHelper() throws IOException {
        open(Plan.WITHOUT_HELPERS);
        byte[] resumed = breakOff(outer);

        inner.type("/dcc send outer \"" + file + "\"");
        outer.awaitOffer("SEND", "inner", Topology.CLIENT_ADDRESS);
        Rig.await("the receiver connects and gets no answer", () -> rig.server()
                .run("ss", "-Htno", "state", "syn-sent", "dst", Topology.CLIENT_ADDRESS)
                .matches("(?s).*timer:\\(on,[^)]*,[1-9].*"));

        assertThat(Files.size(outer.downloads().resolve(FILE))).isLessThan(resumed.length);
    }

    /** @return a second host on the client's network. */
    private Namespace otherHost() {
        Namespace host = Namespace.make(rig.client().name() + "o", rig.undo());
        host.run("sh", "-c", "for f in all default; do echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
        rig.client().run("ip", "link", "add", "link", Topology.DEVICE, "name", "other", "type", "macvlan", "mode",
                "bridge");
        rig.client().run("ip", "link", "set", "other", "netns", host.name());
        host.run("ip", "address", "add", OTHER_ADDRESS + "/" + Topology.PREFIX_LENGTH, "dev", "other");
        host.run("ip", "link", "set", "other", "up");
        host.run("ip", "route", "add", "default", "via", Topology.INSIDE_ADDRESS);
        return host;
    }

    /** @return what the receiver will have in the end. */
    private static byte[] breakOff(IrssiUser receiver) throws IOException {
        byte[] resumed = BYTES.clone();
        Arrays.fill(resumed, 0, BROKEN_OFF, (byte) 'x');
        Files.write(receiver.downloads().resolve(FILE), Arrays.copyOf(resumed, BROKEN_OFF));
        return resumed;
    }

    private static void awaitFile(IrssiUser receiver, byte[] expected) {
        Path got = receiver.downloads().resolve(FILE);
        Rig.await(() -> "the file: " + receiver.text(), () -> {
            try {
                return Files.exists(got) && Arrays.equals(Files.readAllBytes(got), expected);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
