package org.sluice.helpers.spi;

import java.time.Duration;
import java.util.List;

/**
 * What a helper declares about itself.
 *
 * @param name as in the configuration and in metrics; lower case letters and digits
 * @param transport of the control connection
 * @param ports of the server's side that it watches unless the configuration names others
 * @param maxExpectations how many expectations one control connection may hold open; a further one replaces the oldest
 * @param timeout how long an expectation waits for its connection
 * @param maxHeld how many bytes of an unfinished message may be held back in one direction, at most 16384
 */
public record HelperSpec(String name, Transport transport, List<Integer> ports, int maxExpectations, Duration timeout,
        int maxHeld) {

    /** Version of these interfaces. A helper made for another one is refused. */
    public static final String VERSION = "1";
    /** Main attribute of a helper jar's manifest that names the {@link #VERSION} it was made for; it may be left out. */
    public static final String VERSION_ATTRIBUTE = "Sluice-Helper-Version";

    /** A helper of a TCP protocol: one expectation at a time, five minutes, 2048 bytes held. */
    public static HelperSpec tcp(String name, Integer... ports) {
        return new HelperSpec(name, Transport.TCP, List.of(ports), 1, Duration.ofMinutes(5), 2048);
    }

    /** A helper of a UDP protocol: one expectation at a time, five minutes. */
    public static HelperSpec udp(String name, Integer... ports) {
        return new HelperSpec(name, Transport.UDP, List.of(ports), 1, Duration.ofMinutes(5), 0);
    }

    /** The same with another bound on open expectations. */
    public HelperSpec withMaxExpectations(int max) {
        return new HelperSpec(name, transport, ports, max, timeout, maxHeld);
    }
}
