package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.lab.session.Session;
import org.sluice.mgmt.lab.session.Sessions;
import org.sluice.mgmt.lab.session.Stage;

/** Every exchange that Linux's helpers are known to get wrong, and their like, come to the right end here. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux's helpers fail most of it; "
        + "packaging/bin/bench helpers shows which")
class KernelFaultsIT extends GatewayScenario {
    private Stage stage;

    KernelFaultsIT() {
        super(Plan.SESSIONS);
    }

    @Override
    void startServers() throws IOException {
        stage = new Stage(rig().topology(), rig().newDirectory("sessions"));
    }

    @AfterAll
    void closeStage() {
        if (stage != null) {
            stage.close();
        }
    }

    static List<Arguments.ArgumentSet> sessions() {
        return Sessions.scripted().stream()
                .map(session -> Arguments.argumentSet(session.helper() + ": " + session.title(), session)).toList();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void shouldComeToTheRightEnd(Session session) throws IOException {
        session.play(stage);
    }
}
