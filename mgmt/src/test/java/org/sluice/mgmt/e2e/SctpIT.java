package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sluice.mgmt.lab.Topology.CLIENT_ADDRESS;
import static org.sluice.mgmt.lab.Topology.OUTSIDE_ADDRESS;
import static org.sluice.mgmt.lab.Topology.SERVER_ADDRESS;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Shell;

/** SCTP by usrsctp, an implementation that needs none in the kernel, through address translation. */
class SctpIT extends GatewayScenario {
    private static final String YEAR = " 20\\d\\d\\b";
    private static final int BULK_PORT = 5002;
    private static final int MESSAGES = 500;
    private static final int MESSAGE_BYTES = 1_000;

    SctpIT() {
        super(Plan.SCTP_SERVER_INSIDE);
    }

    @Override
    void startServers() {
        for (Namespace host : List.of(rig().server(), rig().client())) {
            host.start(List.of(Tools.find("daytime_server")), rig().newDirectory("log").resolve("daytime"));
        }
    }

    /** The client sends what it reads and prints what it hears; the server says the time and closes. */
    private Shell.Result daytime(Namespace from, String server) {
        return from.attempt(15, "sh", "-c", "echo | timeout 10 " + Tools.find("client") + " " + server + " 13");
    }

    @Test
    void shouldReachAServerOutside() {
        Path log = rig().newDirectory("log").resolve("client");
        // it stays some seconds after the server has closed, longer than the flow
        Process client = rig().client().start(List.of("sh", "-c",
                "echo | timeout 10 " + Tools.find("client") + " " + SERVER_ADDRESS + " 13"), log);
        try {
            if (rig().middle() instanceof SluiceMiddle sluice) {
                Rig.await("the association is a flow under the outside address",
                        () -> sluice.command("show", "flows", "--proto", "sctp").output().lines()
                                .anyMatch(line -> line.startsWith("sctp")
                                        && line.contains("src=" + CLIENT_ADDRESS + " dst=" + SERVER_ADDRESS)
                                        && line.contains("dst=" + OUTSIDE_ADDRESS)));
            }
            Rig.await("the time comes by SCTP", () -> Rig.read(log).matches("(?s).*" + YEAR + ".*"));
        } finally {
            client.destroy();
        }
    }

    @Test
    void shouldReachAServerInsideByAPortForward() {
        Rig.await("the time comes by SCTP",
                () -> daytime(rig().server(), OUTSIDE_ADDRESS).output().matches("(?s).*" + YEAR + ".*"));
    }

    @Test
    void shouldCarryManyMessages() {
        Process server = rig().server().start(List.of(Tools.find("tsctp"), "-p", Integer.toString(BULK_PORT)),
                rig().newDirectory("log").resolve("tsctp"));
        try {
            Rig.await("all messages are sent and the association is closed",
                    () -> rig().client().attempt(20, "timeout", "15", Tools.find("tsctp"), "-n",
                            Integer.toString(MESSAGES), "-l", Integer.toString(MESSAGE_BYTES), "-p",
                            Integer.toString(BULK_PORT), SERVER_ADDRESS).ok());
            if (rig().middle() instanceof SluiceMiddle sluice) {
                assertThat(
                        sluice.command("show", "flows", "--proto", "sctp", "--dport", "" + BULK_PORT).output().lines())
                        .anyMatch(line -> bytes(line) >= MESSAGES * MESSAGE_BYTES);
            }
        } finally {
            server.destroy();
        }
    }

    private static long bytes(String flow) {
        int at = flow.indexOf("bytes=");
        return at < 0 ? 0 : Long.parseLong(flow.substring(at + 6, flow.indexOf(' ', at)));
    }
}
