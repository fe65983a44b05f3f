package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** Debian's pptpd and pptp: two clients behind one address call one server, and the other way round. */
class PptpIT {
    private static final String OTHER_CLIENT = "10.77.0.3";
    private static final String OTHER_CALLER = "198.51.100.4";
    private static final String LARGE = "all work and no play ".repeat(65);

    private Rig rig;

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private static void add(Namespace host, String address) {
        host.run("ip", "address", "add", address + "/" + Topology.PREFIX_LENGTH, "dev", Topology.DEVICE);
    }

    /** @return IP packets that the host has sent. */
    private static long sent(Namespace host) {
        return Long.parseLong(host.run("sh", "-c", "grep ^Ip: /proc/net/snmp | tail -1").split(" ")[10]);
    }

    /** Calls by two clients at once, one of which hangs up and calls again. */
    private void converse(Namespace host, String first, String second, String address, PptpServer server)
            throws IOException {
        add(host, second);
        PptpClient one = PptpClient.dial(rig, host, first, address);
        one.awaitFrame("greetings");
        PptpClient other = PptpClient.dial(rig, host, second, address);
        other.awaitFrame("greetings");
        for (int i = 0; i < 10; i++) {
            one.converse("one says " + i);
            other.converse("the other says " + i);
        }
        other.converse(LARGE);
        assertThat(one.received()).doesNotContain("the other says");
        assertThat(other.received()).doesNotContain("one says");

        one.hangUp();
        other.converse("and now alone");
        PptpClient again = PptpClient.dial(rig, host, first, address);
        again.awaitFrame("greetings");
        again.converse("here again");
        other.converse("and now together");
        assertThat(server.calls()).isEqualTo(3);
    }

    @Test
    void shouldTellTwoClientsInsideApart() throws IOException {
        rig = Rig.open(Plan.PPTP);
        PptpServer server = PptpServer.start(rig, rig.server(), Topology.SERVER_ADDRESS);

        converse(rig.client(), Topology.CLIENT_ADDRESS, OTHER_CLIENT, Topology.SERVER_ADDRESS, server);
    }

    @Test
    void shouldLetTwoClientsOutsideCallAServerInside() throws IOException {
        rig = Rig.open(Plan.PPTP_SERVER_INSIDE);
        PptpServer server = PptpServer.start(rig, rig.client(), Topology.CLIENT_ADDRESS);

        converse(rig.server(), Topology.SERVER_ADDRESS, OTHER_CALLER, Topology.OUTSIDE_ADDRESS, server);
    }

    @Test
    @DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux refuses GRE that is sent to itself, "
            + "whereupon pptpd hangs up")
    void shouldLetNoGreInWithoutTheHelper() throws IOException {
        rig = Rig.open(Plan.WITHOUT_HELPERS);
        PptpServer server = PptpServer.start(rig, rig.server(), Topology.SERVER_ADDRESS);

        PptpClient client = PptpClient.dial(rig, rig.client(), Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS);
        // by then the server has sent its greetings
        Rig.await("the control connection agrees on a call", () -> server.calls() == 1);
        long before = sent(rig.client());
        client.send("is anybody there?");
        Rig.await("the client has sent it", () -> sent(rig.client()) > before);
        rig.middle().assertAtRest();

        assertThat(client.received()).isEmpty();
    }

    @Test
    void shouldLetNoGreLeadToAServerInsideWithoutTheHelper() throws IOException {
        rig = Rig.open(Plan.PPTP_SERVER_INSIDE_WITHOUT_HELPERS);
        PptpServer server = PptpServer.start(rig, rig.client(), Topology.CLIENT_ADDRESS);

        PptpClient client = PptpClient.dial(rig, rig.server(), Topology.SERVER_ADDRESS, Topology.OUTSIDE_ADDRESS);
        Rig.await("the control connection agrees on a call", () -> server.calls() == 1);
        long before = sent(rig.server());
        client.send("is anybody there?");
        Rig.await("the client has sent it", () -> sent(rig.server()) > before);
        rig.middle().assertAtRest();

        assertThat(server.hasReceived("is anybody there?")).isFalse();
    }
}
