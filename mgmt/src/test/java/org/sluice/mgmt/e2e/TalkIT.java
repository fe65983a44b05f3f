package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Topology;

/** Debian's talk and talkd on both sides: somebody inside and somebody outside talk with each other. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux has no helper for talk")
class TalkIT {
    private static final String CONNECTED = "[Connection established]";

    private Rig rig;
    private TalkUser inner;
    private TalkUser outer;

    private void open(Plan plan) throws IOException {
        rig = Rig.open(plan);
        inner = TalkUser.logIn(rig, rig.client());
        outer = TalkUser.logIn(rig, rig.server());
    }

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    @Test
    void shouldLetACallerInsideTalk() throws IOException {
        open(Plan.TALK);

        inner.talkTo(outer.name() + "@" + Topology.SERVER_ADDRESS);
        answer(outer, Topology.OUTSIDE_ADDRESS);

        converse();
    }

    @Test
    void shouldLetACalleeInsideTalk() throws IOException {
        open(Plan.TALK_BOTH_WAYS);

        outer.talkTo(inner.name() + "@" + Topology.OUTSIDE_ADDRESS);
        answer(inner, Topology.SERVER_ADDRESS);

        converse();
    }

    @Test
    void shouldLetACallerInsideTalkWhenTheDaemonIsForwardedAnyway() throws IOException {
        open(Plan.TALK_BOTH_WAYS);

        inner.talkTo(outer.name() + "@" + Topology.SERVER_ADDRESS);
        answer(outer, Topology.OUTSIDE_ADDRESS);

        converse();
    }

    @Test
    void shouldLetACallerInsideTalkInTheOldFormat() throws IOException {
        open(Plan.TALK);
        Path log = rig.newDirectory("log").resolve("caller");

        Process caller = rig.client().start(
                oldTalk("call", Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, outer.name()), log);
        Rig.await("the invitation is left", () -> !caller.isAlive() || read(log).contains("invited"));
        String callee = rig.run(rig.server(), oldTalk("answer", Topology.SERVER_ADDRESS, Topology.OUTSIDE_ADDRESS,
                outer.name()).toArray(String[]::new));
        Rig.await("the caller has talked", () -> !caller.isAlive());

        assertThat(callee.lines()).containsExactly("look_up 0", "greetings from the caller");
        assertThat(read(log).lines()).containsExactly("look_up 1", "announce 0", "invited",
                "greetings from the callee");
        assertThat(outer.awaitInvitation()).endsWith("@" + Topology.OUTSIDE_ADDRESS);
    }

    @Test
    void shouldOpenNothingWithoutTheHelper() throws IOException {
        open(Plan.WITHOUT_HELPERS);

        inner.talkTo(outer.name() + "@" + Topology.SERVER_ADDRESS);
        inner.awaitText("[Waiting for your party to respond]");
        // the callee's daemon has nothing more to say
        long before = sentByOuter();
        answer(outer, Topology.OUTSIDE_ADDRESS);
        Rig.await("the callee's client repeats what was not answered", () -> sentByOuter() >= before + 2);

        assertThat(outer.isConnected()).as(outer.text()).isFalse();
        assertThat(inner.isConnected()).as(inner.text()).isFalse();
    }

    private void answer(TalkUser callee, String caller) {
        String invitation = callee.awaitInvitation();
        assertThat(invitation).endsWith("@" + caller);
        callee.talkTo(invitation);
    }

    private void converse() {
        inner.awaitText(CONNECTED);
        outer.awaitText(CONNECTED);
        inner.type("greetings from within");
        outer.awaitText("greetings from within");
        outer.type("and from far away");
        inner.awaitText("and from far away");
    }

    /** @return UDP datagrams that the host outside has sent. */
    private long sentByOuter() {
        String[] counters = rig.server().run("sh", "-c", "grep ^Udp: /proc/net/snmp | tail -1").split(" ");
        return Long.parseLong(counters[4]);
    }

    private static List<String> oldTalk(String... arguments) {
        return JavaCommand.program(OldTalk.class, List.of(arguments));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
