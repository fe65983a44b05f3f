package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** SIPp on both sides, as caller and as callee; nobody inside sends media, so that what arrives was let in. */
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

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void shouldLetMediaReachACallerInside(String transport) throws Exception {
        rig = Rig.open(Plan.SIP);
        Path media = receive(RTP);
        Path control = receive(RTP + 1);

        Process caller = callFromInside(transport);
        assertArrives(RTP, media);
        assertArrives(RTP + 1, control);
        Rig.await("the call ends", () -> !caller.isAlive());

        assertThat(caller.exitValue()).as("SIPp's verdict").isZero();
        assertThat(invitation()).contains("Via: SIP/2.0/" + transport + " " + Topology.OUTSIDE_ADDRESS + ":",
                "c=IN IP4 " + Topology.OUTSIDE_ADDRESS, "m=audio " + RTP + " ")
                .containsPattern("Contact: .*@" + Topology.OUTSIDE_ADDRESS + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void shouldLetMediaReachACalleeInside(String transport) throws Exception {
        rig = Rig.open(Plan.SIP_SERVER_INSIDE);
        Path media = receive(RTP);
        Path control = receive(RTP + 1);

        Process caller = call(rig.server(), Topology.SERVER_ADDRESS, rig.client(), Topology.CLIENT_ADDRESS,
                Topology.OUTSIDE_ADDRESS, transport);
        assertArrives(RTP, media);
        assertArrives(RTP + 1, control);
        Rig.await("the call ends", () -> !caller.isAlive());

        assertThat(caller.exitValue()).as("SIPp's verdict").isZero();
    }

    @Test
    void shouldOpenNothingWithoutTheHelper() throws Exception {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        Path media = receive(RTP);

        Process caller = callFromInside("UDP");
        for (int i = 0; i < 3; i++) {
            sendOnce(RTP);
        }
        Rig.await("the call ends", () -> !caller.isAlive());

        assertThat(invitation()).contains("c=IN IP4 " + Topology.CLIENT_ADDRESS);
        assertThat(read(media)).doesNotContain("media");
    }

    private Process callFromInside(String transport) {
        return call(rig.client(), Topology.CLIENT_ADDRESS, rig.server(), Topology.SERVER_ADDRESS,
                Topology.SERVER_ADDRESS, transport);
    }

    /** Calls, and returns when the callee has been acknowledged. */
    private Process call(Namespace from, String fromAddress, Namespace to, String toAddress, String asked,
            String transport) {
        heard = rig.newDirectory("heard").resolve("messages");
        List<String> callee = sipp("uas", toAddress, transport, "-trace_msg", "-message_file", heard.toString());
        to.start(callee, rig.newDirectory("log").resolve("callee"));
        String listening = transport.equals("TCP") ? "-Hltn" : "-Hlun";
        Rig.await("SIPp listens", () -> to.run("ss", listening, "sport = :5060").contains("5060"));
        List<String> caller = sipp("uac", fromAddress, transport, "-d", CALL_MS, asked);
        Process process = from.start(caller, rig.newDirectory("log").resolve("caller"));
        Rig.await("the call stands", () -> read(heard).contains("ACK sip:"));
        return process;
    }

    private List<String> sipp(String scenario, String address, String transport, String... more) {
        List<String> command = new ArrayList<>(List.of(Tools.find("sipp"), "-sf", scenario(scenario).toString(), "-i",
                address, "-p", "5060", "-mi", address, "-t", transport.substring(0, 1).toLowerCase(Locale.ROOT) + "1",
                "-m", "1", "-nostdin", "-timeout", "40"));
        command.addAll(List.of(more));
        return command;
    }

    /** SIPp's own, but for the port, which SIPp would open itself. */
    private Path scenario(String name) {
        String own = rig.client().attempt(10, Tools.find("sipp"), "-sd", name).output();
        String other = own.substring(own.indexOf("<?xml")).replace("[media_port]", Integer.toString(RTP));
        try {
            return Files.writeString(rig.newDirectory("scenario").resolve(name + ".xml"), other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertArrives(int port, Path received) {
        Rig.await("a datagram to port " + port + " arrives", () -> {
            sendOnce(port);
            return read(received).contains("media");
        });
    }

    private Path receive(int port) {
        Path log = rig.newDirectory("received").resolve("datagram");
        rig.client().start(JavaCommand.program(OneDatagram.class, List.of(Integer.toString(port))), log);
        Rig.await("port " + port + " is open", () -> read(log).contains("ready"));
        return log;
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
