package org.sluice.perf.gen.connection;

import org.agrona.DirectBuffer;
import org.sluice.fastpath.counter.CounterSet;
import org.sluice.fastpath.port.EpollIdle;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.perf.gen.FrameHandler;
import org.sluice.perf.gen.Station;
import org.sluice.perf.gen.Stop;
import org.sluice.perf.gen.load.Protocol;

/** Answers what opens and closes connections. For its station's thread; the counters are for any thread. */
final class ServerEnd implements FrameHandler {
    /** How far a connection is. */
    private static final byte ANSWERED = 1;
    private static final byte ESTABLISHED = 2;
    private static final byte CLOSING = 3;
    private static final byte CLOSED = 4;

    private final Station station;
    private final Protocol protocol;
    private final Segment segment;
    private final byte[] progress;
    private final CounterSet<ConnectionCounter> counters = new CounterSet<>(ConnectionCounter.class);

    ServerEnd(Station station, ConnectionLoad load) {
        this.station = station;
        protocol = load.load().protocol();
        segment = new Segment(protocol);
        progress = new byte[load.count()];
    }

    /** Answers until it is stopped. */
    void run(Stop stop) {
        try (EpollIdle idle = station.idle(0)) {
            while (!stop.isDone()) {
                station.maintain(System.nanoTime());
                int work = station.poll(this);
                station.port().flush();
                idle.idle(work);
            }
        }
    }

    @Override
    public void onFrame(DirectBuffer b, int frame, int length, long arrived) {
        int l4 = Segment.find(b, frame, length, protocol);
        if (l4 < 0) {
            return;
        }
        int word = protocol == Protocol.TCP ? Tcp.sequence(b, l4) : Segment.payload(b, l4);
        int number = Segment.number(word);
        if (number >= progress.length) {
            return;
        }
        if (protocol == Protocol.TCP) {
            onSegment(b, frame, l4, number);
        } else if (progress[number] == 0) {
            progress[number] = ANSWERED;
            segment.addressBack(b, frame, l4);
            segment.send(station.port(), word);
        }
    }

    private void onSegment(DirectBuffer b, int frame, int tcp, int number) {
        int sequence = Tcp.sequence(b, tcp);
        switch (Tcp.flags(b, tcp)) {
            case Tcp.SYN -> answer(b, frame, tcp, number, (byte) 0, ANSWERED, Tcp.SYN | Tcp.ACK);
            case Tcp.FIN | Tcp.ACK -> answer(b, frame, tcp, number, ESTABLISHED, CLOSING, Tcp.FIN | Tcp.ACK);
            case Tcp.ACK -> {
                if (Segment.phase(sequence) == Segment.SYN_DONE && progress[number] == ANSWERED) {
                    progress[number] = ESTABLISHED;
                    counters.increment(ConnectionCounter.ESTABLISHED);
                } else if (Segment.phase(sequence) == Segment.FIN_DONE && progress[number] == CLOSING) {
                    progress[number] = CLOSED;
                    counters.increment(ConnectionCounter.CLOSED);
                }
            }
            default -> {
                // nothing that a client of ours sends
            }
        }
    }

    private void answer(DirectBuffer b, int frame, int tcp, int number, byte before, byte after, int flags) {
        if (progress[number] == before) {
            progress[number] = after;
            segment.addressBack(b, frame, tcp);
            segment.send(station.port(), flags, Segment.word(number, before == 0 ? 0 : Segment.SYN_DONE),
                    Tcp.sequence(b, tcp) + 1);
        }
    }

    /** Of TCP. Any thread. */
    int get(ConnectionCounter counter) {
        return (int) counters.get(counter);
    }
}
