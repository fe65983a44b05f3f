package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Topology;

/** SIPp as the caller inside and as the callee outside. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "not set up for SIP")
class SipIT {
    private static final int RTP = 16_384;
    private static final String CALL_MS = "6000";

    private Rig rig;
    private Path heard;

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    @Test
    void shouldLetMediaReachACallerInside() throws Exception {
        rig = Rig.open(Plan.SIP);
        Path media = receive(RTP);
        Path control = receive(RTP + 1);

        Process caller = call();
        send(RTP, media);
        send(RTP + 1, control);
        Rig.await("the call ends", () -> !caller.isAlive());

        assertThat(caller.exitValue()).as("SIPp's verdict").isZero();
        assertThat(invitation()).contains("Via: SIP/2.0/UDP " + Topology.OUTSIDE_ADDRESS + ":5060",
                "c=IN IP4 " + Topology.OUTSIDE_ADDRESS, "m=audio " + RTP + " ")
                .containsPattern("Contact: .*@" + Topology.OUTSIDE_ADDRESS + ":5060");
        assertThat(read(media)).contains("media");
        assertThat(read(control)).contains("media");
    }

    @Test
    void shouldOpenNothingWithoutTheHelper() throws Exception {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        Path media = receive(RTP);

        Process caller = call();
        for (int i = 0; i < 3; i++) {
            sendOnce(RTP);
        }
        Rig.await("the call ends", () -> !caller.isAlive());

        assertThat(invitation()).contains("c=IN IP4 " + Topology.CLIENT_ADDRESS);
        assertThat(read(media)).doesNotContain("media");
    }

    /** Calls, and returns when the callee has been acknowledged. */
    private Process call() {
        heard = rig.newDirectory("heard").resolve("messages");
        List<String> callee = sipp(Topology.SERVER_ADDRESS, "-sn", "uas", "-trace_msg", "-message_file",
                heard.toString());
        Path log = rig.newDirectory("log").resolve("callee");
        rig.server().start(callee, log);
        Rig.await("SIPp listens", () -> rig.server().run("ss", "-Hlun", "sport = :5060").contains("5060"));
        List<String> caller = sipp(Topology.CLIENT_ADDRESS, "-sf", scenario().toString(), "-d", CALL_MS,
                Topology.SERVER_ADDRESS);
        Process process = rig.client().start(caller, rig.newDirectory("log").resolve("caller"));
        Rig.await("the call stands", () -> read(heard).contains("ACK sip:"));
        return process;
    }

    /** SIPp's own, but for the port, which SIPp would open itself. */
    private Path scenario() {
        String own = rig.client().attempt(10, Tools.find("sipp"), "-sd", "uac").output();
        String other = own.substring(own.indexOf("<?xml")).replace("[media_port]", Integer.toString(RTP));
        try {
            return Files.writeString(rig.newDirectory("scenario").resolve("uac.xml"), other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> sipp(String address, String... more) {
        List<String> command = new ArrayList<>(List.of(Tools.find("sipp"), "-i", address, "-p", "5060", "-mi", address,
                "-m", "1", "-nostdin", "-timeout", "40"));
        command.addAll(List.of(more));
        return command;
    }

    private Path receive(int port) {
        Path log = rig.newDirectory("received").resolve("datagram");
        rig.client().start(JavaCommand.program(OneDatagram.class, List.of(Integer.toString(port))), log);
        Rig.await("port " + port + " is open", () -> read(log).contains("ready"));
        return log;
    }

    private void send(int port, Path received) {
        Rig.await("a datagram to port " + port + " arrives", () -> {
            sendOnce(port);
            return read(received).contains("media");
        });
    }

    private void sendOnce(int port) {
        rig.server().run("bash", "-c", "echo media > /dev/udp/" + Topology.OUTSIDE_ADDRESS + "/" + port);
    }

    private String invitation() {
        String all = read(heard);
        int start = all.indexOf("INVITE sip:");
        return all.substring(start, all.indexOf("-----", start));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
