package org.sluice.slowpath.fragment;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;

/**
 * Puts fragmented datagrams together, so that ports can be read and translated (RFC 4787 REQ-14). In any order; bounded in number
 * and bytes; a fragment that overlaps another ends its datagram. Conductor.
 */
public final class Reassembler {
    private static final long TIMEOUT_NS = 30_000_000_000L;
    private static final int MAX_DATAGRAMS = 1024;
    private static final int MAX_BYTES = 4 << 20;

    private final Map<Key, Datagram> pending = new LinkedHashMap<>();
    private int bytes;

    private record Key(int source, int destination, int identification, int protocol) {}

    /** What became of a fragment. */
    public sealed interface Result {

        /** It waits for the others. */
        record Held() implements Result {}

        /**
         * It and those that waited go no further.
         *
         * @param waited how many frames had waited
         */
        record Refused(int waited) implements Result {}

        /**
         * The datagram is whole.
         *
         * @param buffer holds it as a frame with a virtio-net header before it
         * @param frame offset of the Ethernet header
         * @param length of the frame
         * @param waited how many frames had waited for this one
         */
        record Whole(UnsafeBuffer buffer, int frame, int length, int waited) implements Result {}
    }

    /** @param end offset behind the fragment's last byte */
    public Result add(int port, DirectBuffer b, int frame, int end, long now) {
        int ip = frame + Ethernet.HEADER_LENGTH;
        Key key = new Key(Ipv4.source(b, ip), Ipv4.destination(b, ip), Ipv4.identification(b, ip),
                Ipv4.protocol(b, ip));
        // RFC 3128: a TCP header cut after eight bytes has one use only, to get past filters
        if (Ipv4.protocol(b, ip) == Ipv4.PROTOCOL_TCP
                && (Ipv4.flagsAndFragment(b, ip) & Ipv4.FRAGMENT_OFFSET_MASK) == 1) {
            return refuse(key, pending.get(key), 0);
        }
        Datagram datagram = pending.get(key);
        if (datagram == null) {
            if (pending.size() >= MAX_DATAGRAMS || bytes >= MAX_BYTES) {
                return new Result.Refused(0);
            }
            datagram = new Datagram(port, now + TIMEOUT_NS);
            pending.put(key, datagram);
            bytes += datagram.size();
        }
        int sizeBefore = datagram.size();
        boolean consistent = datagram.port == port && datagram.add(b, frame, ip, end);
        bytes += datagram.size() - sizeBefore;
        if (!consistent) {
            return refuse(key, datagram, datagram.port == port ? 1 : 0);
        }
        if (!datagram.isWhole()) {
            return new Result.Held();
        }
        pending.remove(key);
        bytes -= datagram.size();
        return new Result.Whole(datagram.whole(), Datagram.FRAME, datagram.length(), datagram.received() - 1);
    }

    private Result refuse(Key key, Datagram datagram, int counted) {
        if (datagram == null) {
            return new Result.Refused(0);
        }
        pending.remove(key);
        bytes -= datagram.size();
        return new Result.Refused(datagram.received() - counted);
    }

    /** Gives up what has waited too long. @param dropped gets the number of frames of each */
    public void expire(long now, IntConsumer dropped) {
        // in order of their beginning, so the first that is young enough ends the walk
        Iterator<Datagram> all = pending.values().iterator();
        while (all.hasNext()) {
            Datagram datagram = all.next();
            if (now - datagram.deadline < 0) {
                return;
            }
            all.remove();
            bytes -= datagram.size();
            dropped.accept(datagram.received());
        }
    }

    /** @return datagrams that wait. */
    public int size() {
        return pending.size();
    }
}
