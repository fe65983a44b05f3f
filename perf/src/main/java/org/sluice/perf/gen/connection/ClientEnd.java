package org.sluice.perf.gen.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.port.EpollIdle;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.perf.gen.FrameHandler;
import org.sluice.perf.gen.Station;
import org.sluice.perf.gen.frame.Pacer;
import org.sluice.perf.gen.frame.TupleSpace;
import org.sluice.perf.gen.load.Protocol;

/** Opens connections, acknowledges what comes, and closes them. For its station's thread; nothing is sent twice. */
final class ClientEnd implements FrameHandler {
    private static final int BURST = 32;
    /** What has not come this long after the last answer is lost. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long NAP = TimeUnit.MICROSECONDS.toNanos(50);

    /** How far a connection is. */
    private static final byte OPENED = 1;
    private static final byte ESTABLISHED = 2;
    private static final byte CLOSED = 3;

    private final Station station;
    private final ConnectionLoad load;
    private final Protocol protocol;
    private final TupleSpace tuples;
    private final Pacer pacer;
    private final long gateway;
    private final Segment segment;
    private final byte[] progress;
    private int opened;
    /** Connections that wait for nothing any more. */
    private int finished;
    private int answers;
    private long openingNanos;

    /** @param gateway Ethernet address of the next hop */
    ClientEnd(Station station, ConnectionLoad load, long gateway) {
        this.station = station;
        this.load = load;
        this.gateway = gateway;
        protocol = load.load().protocol();
        tuples = new TupleSpace(load.load());
        pacer = Pacer.steady(load.load().rate().packetsPerSecond(load.load().sizes().mean()));
        segment = new Segment(protocol);
        progress = new byte[load.count()];
    }

    /** @return nanoseconds until the last answer. */
    long run() {
        // leaves the processor to what is measured
        try (EpollIdle idle = station.idle(0)) {
            return run(idle);
        }
    }

    private long run(EpollIdle idle) {
        long begin = System.nanoTime();
        long limit = load.load().duration().toNanos();
        long elapsed = 0;
        long last = 0;
        int lost = 0;
        while (finished + lost < load.count() && elapsed < limit) {
            // answers to connections that were given up make fewer of them wait than none
            int room = (int) Math.min(BURST, (long) load.window() - Math.max(0, opened - finished - lost));
            int due = pacer.due(elapsed, opened, Math.min(room, load.count() - opened));
            for (int i = 0; i < due; i++) {
                open();
            }
            int before = answers;
            int work = due + station.poll(this);
            station.port().flush();
            long now = System.nanoTime();
            station.maintain(now);
            elapsed = now - begin;
            if (due > 0) {
                openingNanos = elapsed;
            }
            if (answers != before || due > 0) {
                last = elapsed;
            } else if (elapsed - last > SILENCE) {
                lost = opened - finished;
            }
            if (opened < load.count() && room > 0) {
                if (work == 0) {
                    LockSupport.parkNanos(Math.min(NAP, pacer.untilNext(elapsed, opened)));
                }
            } else {
                idle.idle(work);
            }
        }
        return last;
    }

    private void open() {
        tuples.select(opened);
        segment.address(gateway, station.port().macAddress(), (int) tuples.source(), (int) tuples.destination(),
                tuples.sourcePort(), tuples.destinationPort());
        progress[opened] = OPENED;
        if (protocol == Protocol.TCP) {
            segment.send(station.port(), Tcp.SYN, Segment.word(opened, 0), 0);
        } else {
            segment.send(station.port(), Segment.word(opened, 0));
        }
        opened++;
    }

    @Override
    public void onFrame(DirectBuffer b, int frame, int length, long arrived) {
        int l4 = Segment.find(b, frame, length, protocol);
        if (l4 < 0) {
            return;
        }
        if (protocol == Protocol.TCP) {
            onSegment(b, frame, l4);
        } else if (isNext(Segment.number(Segment.payload(b, l4)), OPENED)) {
            reach(Segment.number(Segment.payload(b, l4)), ESTABLISHED, true);
        }
    }

    private void onSegment(DirectBuffer b, int frame, int tcp) {
        int flags = Tcp.flags(b, tcp);
        int acknowledged = Tcp.acknowledgement(b, tcp);
        int number = Segment.number(acknowledged);
        if (flags == (Tcp.SYN | Tcp.ACK) && Segment.phase(acknowledged) == Segment.SYN_DONE
                && isNext(number, OPENED)) {
            Port port = station.port();
            int next = Tcp.sequence(b, tcp) + 1;
            segment.addressBack(b, frame, tcp);
            segment.send(port, Tcp.ACK, acknowledged, next);
            if (load.closes()) {
                segment.send(port, Tcp.FIN | Tcp.ACK, acknowledged, next);
            }
            reach(number, ESTABLISHED, !load.closes());
        } else if (flags == (Tcp.FIN | Tcp.ACK) && Segment.phase(acknowledged) == Segment.FIN_DONE
                && isNext(number, ESTABLISHED)) {
            segment.addressBack(b, frame, tcp);
            segment.send(station.port(), Tcp.ACK, acknowledged, Tcp.sequence(b, tcp) + 1);
            reach(number, CLOSED, true);
        }
    }

    private boolean isNext(int number, byte before) {
        return number < progress.length && progress[number] == before;
    }

    private void reach(int number, byte stage, boolean isLast) {
        progress[number] = stage;
        answers++;
        if (isLast) {
            finished++;
        }
    }

    /** @return nanoseconds until the last connection was opened. After the run. */
    long openingNanos() {
        return openingNanos;
    }

    /** @return connections whose first packet was sent. After the run. */
    int opened() {
        return opened;
    }

    /** @return connections that were answered to the end. After the run. */
    int finished() {
        return finished;
    }
}
