package org.sluice.slowpath.conductor;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.conntrack.TcpState;

/** How many flows there are of each protocol and state. The conductor writes, any thread reads. */
public final class FlowCensus {
    /** What is counted besides the TCP states. */
    private static final int UDP = TcpState.values().length;
    private static final int ICMP = UDP + 1;
    private static final int GRE = UDP + 2;
    private static final int OTHER = UDP + 3;
    private final AtomicIntegerArray counts = new AtomicIntegerArray(OTHER + 1);

    void add(int protocol, TcpState state) {
        change(index(protocol, state), 1);
    }

    void remove(int protocol, TcpState state) {
        change(index(protocol, state), -1);
    }

    void move(int protocol, TcpState from, TcpState to) {
        remove(protocol, from);
        add(protocol, to);
    }

    private void change(int index, int by) {
        counts.setRelease(index, counts.get(index) + by);
    }

    /** @param state counts for TCP only */
    public int count(int protocol, TcpState state) {
        return counts.getAcquire(index(protocol, state));
    }

    /** @return flows of all kinds. */
    public int total() {
        int total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.getAcquire(i);
        }
        return total;
    }

    private static int index(int protocol, TcpState state) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> state.ordinal();
            case Ipv4.PROTOCOL_UDP -> UDP;
            case Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMP -> ICMP;
            case Ipv4.PROTOCOL_GRE -> GRE;
            default -> OTHER;
        };
    }
}
