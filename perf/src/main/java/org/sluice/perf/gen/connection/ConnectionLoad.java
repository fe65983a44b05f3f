package org.sluice.perf.gen.connection;

import org.sluice.perf.gen.load.Load;
import org.sluice.perf.gen.load.Protocol;

/**
 * Connections that are made one after the other, each between another pair of ports.
 *
 * @param load IPv4, TCP or UDP; its count is that of the connections, its rate that at which they are opened
 * @param window connections at most that wait for an answer; others are opened when it has come
 * @param closes whether connections of TCP are closed by both ends as soon as they are established
 */
public record ConnectionLoad(Load load, int window, boolean closes) {
    /** No connection waits for another: with a rate, as RFC 9693, section 4.5, demands. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** @throws IllegalArgumentException that says what doesn't fit together */
    public ConnectionLoad {
        if (load.isIpv6() || load.protocol() == Protocol.ICMP) {
            throw new IllegalArgumentException("connections are of TCP or UDP over IPv4");
        }
        if (load.count() < 1 || load.count() > Segment.MOST || load.count() > load.tuples()) {
            throw new IllegalArgumentException("connections are from 1 to " + Math.min(Segment.MOST, load.tuples()));
        }
        if (window < 1) {
            throw new IllegalArgumentException("a window is at least 1");
        }
        if (closes && load.protocol() != Protocol.TCP) {
            throw new IllegalArgumentException("only connections of TCP can be closed");
        }
    }

    int count() {
        return (int) load.count();
    }
}
