package org.sluice.mgmt.e2e;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Scenarios that share one gateway; after each of them every packet must be accounted for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayScenario {
    private final Plan plan;
    private Rig rig;

    GatewayScenario(Plan plan) {
        this.plan = plan;
    }

    Rig rig() {
        return rig;
    }

    @BeforeAll
    void openRig() throws Exception {
        rig = Rig.open(plan);
        startServers();
    }

    /** Starts what all scenarios of the class need. */
    void startServers() throws Exception {}

    @AfterEach
    void accountForEveryPacket() {
        rig.middle().assertAtRest();
    }

    @AfterAll
    void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }
}
