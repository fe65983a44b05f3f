package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.mgmt.lab.session.Meeting;
import org.sluice.mgmt.lab.session.MissedException;
import org.sluice.mgmt.lab.session.Stage;

/** The jar of helpers/example, as its own project builds it, loaded into and unloaded from a gateway that forwards meanwhile. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "about helpers of Sluice in jars")
class HelperModuleIT {
    private static final int PINGS = 250;

    private Rig rig;
    private Stage stage;
    private SluiceMiddle sluice;
    private Process ping;
    private Path pinged;

    @BeforeEach
    void open() throws IOException {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        sluice = (SluiceMiddle) rig.middle();
        stage = new Stage(rig.topology(), rig.newDirectory("stage"));
        pinged = rig.newDirectory("ping").resolve("output");
        // without -w, with which it sends one more when the answer to the last is not back in time for it
        ping = rig.client().start(List.of(Tools.find("ping"), "-c", Integer.toString(PINGS), "-i", "0.02",
                Topology.SERVER_ADDRESS), pinged);
    }

    @AfterEach
    void ordinaryTrafficWentOn() throws IOException {
        try {
            Rig.await("the pings are over", 60, () -> !ping.isAlive());
            assertThat(pinged).content().contains(PINGS + " received", " 0% packet loss");
            rig.middle().assertAtRest();
        } finally {
            stage.close();
            rig.close();
        }
    }

    private static Path example() throws IOException {
        Path jar = Tools.checkout().resolve("helpers/example/target/rendezvous-helper-1.0.jar");
        assertThat(jar).as("built by helpers/example").exists();
        return jar;
    }

    private String succeeds(String... words) {
        Shell.Result result = sluice.command(words);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private String fails(String... words) {
        Shell.Result result = sluice.command(words);
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        return result.output();
    }

    @Test
    void shouldFollowAProtocolOfSomebodysOwnForAsLongAsItsHelperIsLoaded() throws IOException {
        try (Meeting before = Meeting.open(stage)) {
            assertThatThrownBy(before::demandMeeting).isInstanceOf(MissedException.class)
                    .hasMessageContaining("MEET 10.77.0.2");
        }
        assertThat(succeeds("helper", "load", example().toString())).contains("rendezvous: loaded");
        assertThat(succeeds("helper", "list")).contains("rendezvous").contains("7000");
        try (Meeting meeting = Meeting.open(stage)) {
            meeting.demandMeeting();
            meeting.demandMeeting();
            assertThat(succeeds("helper", "unload", "rendezvous")).contains("rendezvous: unloaded");
            meeting.demandPlainFlow();
            assertThat(succeeds("helper", "list")).doesNotContain("rendezvous");
        }
        succeeds("helper", "load", example().toString(), "--ports", "7000,7001");
        try (Meeting again = Meeting.open(stage)) {
            again.demandMeeting();
        }
    }

    @Test
    void shouldSayWhyAJarCantBeUsed() throws IOException {
        Path text = Files.writeString(rig.newDirectory("jars").resolve("text.jar"), "this is no jar");
        assertThat(fails("helper", "load", text.toString())).contains("text.jar can't be read as a jar");
        assertThat(fails("helper", "load", text.resolveSibling("none.jar").toString())).contains("there is no file");
        succeeds("helper", "load", example().toString());
        assertThat(fails("helper", "load", example().toString())).contains("rendezvous");
        assertThat(fails("helper", "unload", "nobody")).contains("nobody");
        try (Meeting meeting = Meeting.open(stage)) {
            meeting.demandMeeting();
        }
    }
}
