package org.sluice.mgmt.e2e;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.sluice.mgmt.lab.Shell;

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

    /** @return the address that the gateway makes itself for a device's link (RFC 4291, appendix A). */
    static String linkLocalOf(String device) {
        String mac = Shell.run("cat", "/sys/class/net/" + device + "/address").strip();
        String[] bytes = mac.split(":");
        return "fe80::%x%s:%sff:fe%s:%s%s".formatted(Integer.parseInt(bytes[0], 16) ^ 2, bytes[1], bytes[2], bytes[3],
                bytes[4], bytes[5]);
    }

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
