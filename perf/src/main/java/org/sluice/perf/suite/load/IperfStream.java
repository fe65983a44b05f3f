package org.sluice.perf.suite.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.perf.suite.stand.Programs;
import org.sluice.perf.suite.stand.Stand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One TCP stream of iperf3 from the client to the server, with the devices' offloads as they come. */
public final class IperfStream {
    private static final int PORT = 5_201;
    private static final int LEAD_SECONDS = 2;
    private static final int GRACE_SECONDS = 30;

    private IperfStream() {}

    /** @return why this machine can't run it; empty when it can. */
    public static String missing() {
        return Programs.missing("iperf3");
    }

    /** @return bits a second that the server received. */
    public static double run(Stand stand, int seconds) throws IOException {
        Topology topology = stand.topology();
        Path log = stand.directory().resolve("iperf3.log");
        Process server = topology.server().start(List.of("iperf3", "-s", "-1", "--forceflush"), log);
        stand.awaitListening(server, PORT);
        Shell.Result result = topology.client().attempt(seconds + LEAD_SECONDS + GRACE_SECONDS, "iperf3", "-c",
                Topology.SERVER_ADDRESS, "-t", Integer.toString(seconds), "-O", Integer.toString(LEAD_SECONDS), "-J");
        if (!result.ok()) {
            throw new IllegalStateException("iperf3 ended with " + result.status() + ": " + error(result.output()));
        }
        return bitsPerSecond(result.output());
    }

    static double bitsPerSecond(String json) {
        JsonNode rate = new ObjectMapper().readTree(json).at("/end/sum_received/bits_per_second");
        if (!rate.isNumber()) {
            throw new IllegalStateException("iperf3 says no rate: " + error(json));
        }
        return rate.asDouble();
    }

    private static String error(String json) {
        return json.lines().filter(line -> line.contains("\"error\"")).findFirst().map(String::strip).orElse(json);
    }
}
