package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.lab.session.MissedException;
import org.sluice.mgmt.lab.session.Session;
import org.sluice.mgmt.lab.session.Sessions;
import org.sluice.mgmt.lab.session.Stage;

/** What {@link KernelFaultsIT} plays of the protocols below comes to no right end without their helpers. */
class SessionsWithoutHelpersIT extends GatewayScenario {
    private static final List<String> HELPERS = List.of("h323", "icq", "sip", "talk");

    private Stage stage;

    SessionsWithoutHelpersIT() {
        super(Plan.SESSIONS_WITHOUT_HELPERS);
    }

    @Override
    void startServers() throws IOException {
        stage = new Stage(rig().topology(), rig().newDirectory("sessions"));
    }

    @AfterAll
    void closeStage() {
        stage.close();
    }

    static List<Arguments.ArgumentSet> sessions() {
        return Sessions.scripted().stream().filter(session -> HELPERS.contains(session.helper()))
                .map(session -> Arguments.argumentSet(session.helper() + ": " + session.title(), session)).toList();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void shouldComeToNoRightEnd(Session session) {
        assertThatThrownBy(() -> session.play(stage)).isInstanceOf(MissedException.class);
    }
}
