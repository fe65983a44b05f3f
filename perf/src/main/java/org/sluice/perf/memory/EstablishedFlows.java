package org.sluice.perf.memory;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.TcpWindow;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.conntrack.FlowTimers;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.TcpTracker;

/**
 * A table full of masqueraded UDP or TCP flows, each with its timer: many hosts of 10.0.0.0/8 to one server, behind addresses of 198.18.0.0/15. One thread.
 */
public final class EstablishedFlows {
    static final int INSIDE = 0;
    static final int OUTSIDE = 1;
    /** Adjacency of the direction to the server. */
    static final int TO_SERVER = 1;
    /** Adjacency of the direction to the hosts. */
    static final int TO_HOSTS = 2;

    /** TCP: the number of the first byte of either side. */
    static final int FIRST_BYTE = 1;

    private static final long SEED = 42;
    private static final int HOSTS = 0x0A000000;
    private static final int SERVER = 0xCB007102;
    private static final int POOL = 0xC6120000;
    private static final int SERVER_PORT = 53;
    private static final int FIRST_PORT = 1024;
    private static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(5);
    private static final int FLOWS_PER_HOST = 1_000;
    private static final int FLOWS_PER_OUTSIDE_ADDRESS = 60_000;

    private final int protocol;
    private final UnsafeBuffer segment = new UnsafeBuffer(new byte[Tcp.HEADER_LENGTH]);
    private final FlowTable table;
    private final Flows flows;
    private final TcpTracker tracker;
    private final FlowTimers timers;
    private final Random random = new Random(SEED);
    /** Number, which the key is made of, of the flow at each position. */
    private final int[] numbers;
    private final int[] ids;
    private int nextNumber;

    /**
     * @param count flows; the table holds no more
     * @param protocol of all of them, UDP or TCP
     */
    public EstablishedFlows(int count, int protocol) {
        this.protocol = protocol;
        table = new FlowTable(count, random);
        flows = new Flows(table);
        tracker = new TcpTracker(flows);
        timers = new FlowTimers(table.timers(), 0, flow -> {
            // none fires, as nobody asks whether it is time
        });
        numbers = new int[count];
        ids = new int[count];
        for (int i = 0; i < count; i++) {
            make(i);
        }
    }

    private void make(int position) {
        int number = nextNumber++;
        int flow = table.allocate();
        int outside = POOL + number / FLOWS_PER_OUTSIDE_ADDRESS;
        int outsidePort = FIRST_PORT + number % FLOWS_PER_OUTSIDE_ADDRESS;
        flows.fill(flow, addresses(number), ports(number, protocol),
                FlowKey.addresses(outside, SERVER), FlowKey.ports(protocol, outsidePort, SERVER_PORT));
        flows.path(flow, INSIDE, TO_SERVER);
        flows.path(flow | 1, OUTSIDE, TO_HOSTS);
        if (!table.publish(flow)) {
            throw new IllegalStateException("no place for flow " + number);
        }
        if (protocol == Ipv4.PROTOCOL_TCP) {
            shake(flow, Tcp.SYN, 0);
            shake(flow | 1, Tcp.SYN | Tcp.ACK, FIRST_BYTE);
            answer(flow | 1);
        }
        timers.set(flow, TIMEOUT_NS);
        numbers[position] = number;
        ids[position] = flow;
    }

    /** Shows the tracker a segment of the handshake. */
    private void shake(int flow, int flags, int acknowledgement) {
        fill(flags, FIRST_BYTE - 1, acknowledgement);
        tracker.onSegment(flow, segment, 0, segment.capacity(), acknowledgement);
    }

    /** A worker forwards an acknowledgement of the server, as there are in each direction of a connection. */
    private void answer(int flow) {
        fill(Tcp.ACK, FIRST_BYTE, FIRST_BYTE);
        TcpWindow.see(table, flow, segment, 0, segment.capacity());
    }

    private void fill(int flags, int sequence, int acknowledgement) {
        Tcp.sequence(segment, 0, sequence);
        Tcp.acknowledgement(segment, 0, acknowledgement);
        Tcp.headerLength(segment, 0, Tcp.HEADER_LENGTH);
        Tcp.flags(segment, 0, flags);
        Tcp.window(segment, 0, 0xFFFF);
    }

    /** Ends flows chosen at random and makes as many new ones. */
    public void replace(int count) {
        for (int i = 0; i < count; i++) {
            int position = random.nextInt(ids.length);
            timers.cancel(ids[position]);
            table.unpublish(ids[position]);
            table.reclaim(ids[position]);
            make(position);
        }
    }

    /** @return the table, which holds these flows and no others. */
    public FlowTable table() {
        return table;
    }

    /** @return the numbers of all flows, in no order. */
    public int[] shuffledNumbers() {
        return shuffle(numbers.clone(), random);
    }

    /** @return the numbers from 0 to {@code count}, which the first flows have, in no order but always the same. */
    public static int[] shuffle(int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> i);
        return shuffle(numbers, new Random(SEED));
    }

    private static int[] shuffle(int[] shuffled, Random random) {
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int number = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = number;
        }
        return shuffled;
    }

    /** @return a number that no flow has had yet; another for each {@code i}. */
    public int absentNumber(int i) {
        return nextNumber + i;
    }

    /** @return addresses of the flow of a number, as in its key. */
    public static long addresses(int number) {
        return FlowKey.addresses(HOSTS + number / FLOWS_PER_HOST, SERVER);
    }

    /** @return protocol and ports of the flow of a number, as in its key. */
    public static long ports(int number, int protocol) {
        return FlowKey.ports(protocol, FIRST_PORT + number % FLOWS_PER_HOST, SERVER_PORT);
    }
}
