package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.mgmt.lab.DebianServer;
import org.sluice.mgmt.lab.Topology;

/** Two users of ngircd, one behind the gateway, who connect to each other by DCC. */
class IrcIT extends GatewayScenario {
    private static final int SIZE = 5_000_000;

    IrcIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws IOException {
        Tools.find(DebianServer.NGIRCD.program());
        Path work = rig().newDirectory("ircd");
        rig().startServer(rig().server(), Topology.SERVER_ADDRESS, DebianServer.NGIRCD.port(),
                DebianServer.NGIRCD.command(Topology.SERVER_ADDRESS, work, work, "").toArray(String[]::new));
        rig().startProgram(rig().server(), "irc-peer", "host=" + Topology.SERVER_ADDRESS, "nick=outer");
    }

    @Test
    void shouldSendAFile() {
        List<String> lines = offer("SEND");

        assertThat(lines.getLast()).startsWith("got " + Topology.OUTSIDE_ADDRESS + " ").endsWith(" " + lines.get(1));
    }

    @Test
    void shouldChat() {
        List<String> lines = offer("CHAT");

        assertThat(lines).contains("chat you said hello");
        assertThat(lines.getLast()).startsWith("chatted " + Topology.OUTSIDE_ADDRESS + " ");
    }

    private List<String> offer(String kind) {
        return rig().program(rig().client(), "irc", "host=" + Topology.SERVER_ADDRESS, "peer=outer", "kind=" + kind,
                "size=" + SIZE);
    }
}
