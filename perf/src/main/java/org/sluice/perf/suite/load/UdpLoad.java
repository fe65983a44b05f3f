package org.sluice.perf.suite.load;

import java.util.List;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;
import org.sluice.perf.suite.stand.Stand;

/**
 * UDP datagrams from the client to the server.
 *
 * @param flows that they belong to by turns
 * @param frameBytes length on the device, without frame check sequence, from 60
 * @param milliseconds duration
 * @param rate frames a second; 0 for as many as the device takes
 * @param limit frames after which it ends; 0 for none
 * @param sleeps whether the source sleeps between bursts, and so leaves the processor to others, where it would spin
 */
public record UdpLoad(int flows, int frameBytes, int milliseconds, long rate, long limit, boolean sleeps) {
    private static final int GRACE_SECONDS = 30;
    private static final int ONCE_MILLIS = 60_000;

    /**
     * What was offered.
     *
     * @param frames that the device took
     * @param nanos how long that took
     */
    public record Sent(long frames, long nanos) {

        /** @return frames a second. */
        public double rate() {
            return frames * 1e9 / nanos;
        }
    }

    /** As many as the device takes. */
    public static UdpLoad flood(int flows, int frameBytes, int milliseconds) {
        return new UdpLoad(flows, frameBytes, milliseconds, 0, 0, false);
    }

    /** At a rate. */
    public static UdpLoad paced(int flows, int frameBytes, int milliseconds, long rate, boolean sleeps) {
        return new UdpLoad(flows, frameBytes, milliseconds, rate, 0, sleeps);
    }

    /** One datagram of each flow, as fast as the device takes them. */
    public static UdpLoad once(int flows, int frameBytes) {
        return new UdpLoad(flows, frameBytes, ONCE_MILLIS, 0, flows, false);
    }

    /** Sends to the gateway, and waits for the end. */
    public Sent run(Stand stand) {
        return run(stand, Topology.DEVICE, stand.insideMac());
    }

    /** Sends through any of the client's devices. */
    public Sent run(Stand stand, String device, String mac) {
        List<String> command = JavaCommand.alike(UdpSource.class.getName(), List.of(device, mac,
                Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, Integer.toString(flows),
                Integer.toString(frameBytes), Integer.toString(milliseconds), Long.toString(rate),
                Long.toString(limit), sleeps ? "sleep" : "spin"));
        Shell.Result result = stand.topology().client().attempt(milliseconds / 1_000 + GRACE_SECONDS,
                command.toArray(String[]::new));
        String last = result.output().lines().reduce((a, b) -> b).orElse("");
        if (!result.ok() || !last.matches("\\d+ \\d+")) {
            throw new IllegalStateException("the source ended with %d: %s".formatted(result.status(),
                    result.output().strip()));
        }
        String[] words = last.split(" ");
        return new Sent(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }
}
