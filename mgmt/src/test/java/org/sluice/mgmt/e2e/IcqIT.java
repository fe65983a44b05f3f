package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.mgmt.lab.session.Session;
import org.sluice.mgmt.lab.session.Sessions;
import org.sluice.mgmt.lab.session.Stage;

/** ICQ as {@link KernelFaultsIT} plays it, without the helper: nobody outside is told where to go. */
class IcqIT extends GatewayScenario {
    private Stage stage;

    IcqIT() {
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

    static List<Session> sessions() {
        return Sessions.scripted().stream().filter(session -> session.helper().equals("icq")).toList();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void shouldFailWithoutTheHelper(Session session) {
        assertThatThrownBy(() -> session.play(stage)).hasMessage("outside is told 10.77.0.2");
    }
}
