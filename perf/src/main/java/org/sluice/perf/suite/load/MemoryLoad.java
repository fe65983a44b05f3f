package org.sluice.perf.suite.load;

import java.util.List;
import java.util.ArrayList;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Shell;

/** Runs {@link ForwardLoop}. */
public final class MemoryLoad {
    /**
     * Frames of 10 million flows lie in two rings of 2 GiB. The heap is there from the beginning, so that what the process grows by is not
     * what a collection had not come to yet.
     */
    private static final List<String> ROOM = List.of("-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch",
            "-XX:MaxDirectMemorySize=6g");
    private static final int GRACE_SECONDS = 180;

    private MemoryLoad() {}

    /**
     * What it reached.
     *
     * @param frames forwarded
     * @param nanos in which
     * @param bytes that the flows took
     */
    public record Forwarded(long frames, long nanos, long bytes) {

        /** @return frames a second. */
        public double rate() {
            return frames * 1e9 / nanos;
        }
    }

    /** Forwards for some seconds, after some more to warm up. @param protocol of the flows, UDP or TCP */
    public static Forwarded run(int flows, int seconds, int protocol) {
        List<String> command = new ArrayList<>(JavaCommand.alike(ForwardLoop.class.getName(),
                List.of(Integer.toString(flows), Integer.toString(seconds), Integer.toString(protocol))));
        // the last one of two flags counts
        command.addAll(command.indexOf("-cp"), ROOM);
        Shell.Result result = Shell.attempt(seconds + GRACE_SECONDS, command);
        String last = result.output().lines().reduce((a, b) -> b).orElse("");
        if (!result.ok() || !last.matches("\\d+ \\d+ -?\\d+")) {
            throw new IllegalStateException("the loop ended with %d: %s".formatted(result.status(),
                    result.output().strip()));
        }
        String[] words = last.split(" ");
        return new Forwarded(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
}
