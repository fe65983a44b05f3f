package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** Calls of H.323 in real messages over real connections, with media both ways; Debian has no program that speaks it. */
class H323IT {
    private static final String INWARD = Topology.OUTSIDE_ADDRESS;

    private Rig rig;

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private static String[] phone(String... arguments) {
        return JavaCommand.program(H323Phone.class, List.of(arguments)).toArray(String[]::new);
    }

    /** Starts the half that waits. @return where it prints */
    private Path await(Namespace host, String... arguments) {
        Path log = rig.newDirectory("log").resolve("phone");
        host.start(List.of(phone(arguments)), log);
        Rig.await("the phone waits", () -> read(log).contains("ready"));
        return log;
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private static void assertHeard(String output) {
        assertThat(output).contains("heard RTP from afar", "heard RTCP from afar");
    }

    private void assertHeard(Path log) {
        Rig.await("both halves have heard", () -> read(log).contains("heard RTCP"));
        assertHeard(read(log));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "h245"})
    void shouldCarryACallFromInside(String mode) {
        rig = Rig.open(Plan.H323);
        Path callee = await(rig.server(), "answer", Topology.SERVER_ADDRESS, mode);

        assertHeard(rig.run(rig.client(), phone("call", Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, mode)));

        assertHeard(callee);
        assertThat(read(callee)).contains(" " + Topology.OUTSIDE_ADDRESS).doesNotContain(Topology.CLIENT_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "h245"})
    void shouldCarryACallFromOutside(String mode) {
        rig = Rig.open(Plan.H323_SERVER_INSIDE);
        Path callee = await(rig.client(), "answer", Topology.CLIENT_ADDRESS, mode);

        String caller = rig.run(rig.server(), phone("call", Topology.SERVER_ADDRESS, INWARD, mode));

        assertHeard(caller);
        assertThat(caller).contains(" " + Topology.OUTSIDE_ADDRESS).doesNotContain(Topology.CLIENT_ADDRESS);
        assertHeard(callee);
    }

    @Test
    void shouldLetTheGatekeeperCallWhoeverRegistered() {
        rig = Rig.open(Plan.H323);
        Path gatekeeper = await(rig.server(), "admit", Topology.SERVER_ADDRESS);

        assertHeard(rig.run(rig.client(), phone("register", Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS)));

        assertHeard(gatekeeper);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "h245"})
    void shouldHearNothingWithoutTheHelper(String mode) {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        Path callee = await(rig.server(), "answer", Topology.SERVER_ADDRESS, mode);

        Shell.Result caller = rig.client().attempt(60,
                phone("call", Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, mode));

        assertThat(read(callee)).contains(Topology.CLIENT_ADDRESS);
        assertThat(caller.output()).doesNotContain("heard RTP");
    }

    @Test
    void shouldNotReachWhoeverRegisteredWithoutTheHelper() {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        Path gatekeeper = await(rig.server(), "admit", Topology.SERVER_ADDRESS);

        Shell.Result phone = rig.client().attempt(60,
                phone("register", Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS));

        assertThat(phone.output()).contains("registered").doesNotContain("heard");
        assertThat(read(gatekeeper)).doesNotContain("heard");
    }
}
