package org.sluice.perf.suite.load;

import java.util.List;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.perf.suite.stand.Stand;

/** Echo requests from the client to the server. */
public final class Ping {
    private static final Pattern TIME = Pattern.compile("time=([0-9.]+) ms");
    private static final int GRACE_SECONDS = 20;

    private Ping() {}

    /** @return round trip times in microseconds, of those that were answered. */
    public static List<Double> run(Stand stand, int count, double intervalSeconds) {
        Shell.Result result = stand.topology().client().attempt((int) (count * intervalSeconds) + GRACE_SECONDS, "ping",
                "-n", "-c", Integer.toString(count), "-i", Double.toString(intervalSeconds), Topology.SERVER_ADDRESS);
        List<Double> times = times(result.output());
        if (times.isEmpty()) {
            throw new IllegalStateException("no echo reply: " + result.output().strip());
        }
        return times;
    }

    static List<Double> times(String output) {
        return TIME.matcher(output).results().map(match -> 1_000 * Double.parseDouble(match.group(1))).toList();
    }
}
