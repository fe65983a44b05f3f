package org.sluice.slowpath.fragment;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.agrona.collections.Long2LongCounterMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.packet.Pieces;
import org.sluice.slowpath.route.IpAddress;

/**
 * Puts fragmented datagrams together, so that ports can be read and translated (RFC 4787 REQ-14). In any order; bounded in number
 * and bytes; a fragment that overlaps another ends its datagram. Conductor.
 */
public final class Reassembler {
    private static final long TIMEOUT_NS = 30_000_000_000L;
    private static final int MAX_DATAGRAMS = 1024;
    private static final int MAX_OF_HOST = MAX_DATAGRAMS / 8;
    private static final int TINY = 8;
    private static final int MAX_BYTES = 4 << 20;

    private final Map<Key, Datagram> pending = new LinkedHashMap<>();
    private final Long2LongCounterMap ofHost = new Long2LongCounterMap(0);
    private int bytes;

    private record Key(IpAddress source, IpAddress destination, int identification, int protocol) {

        /** @return the source as a host that has its share; an IPv6 network of 64 bits is one */
        long host() {
            return source.isV4() ? source.low() : source.high();
        }
    }

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

        /**
         * The same for IPv6, where it has to go on in pieces no larger than those it came in.
         *
         * @param pieces what they were like
         */
        record Whole6(UnsafeBuffer buffer, int frame, int length, int waited, Pieces pieces) implements Result {}
    }

    /** @param p a fragment whose headers have been checked */
    public Result add(Packet p, long now) {
        Piece piece = Piece.of(p);
        // RFC 8200 4.5: the identification alone names a datagram of two IPv6 hosts
        Key key = new Key(p.source(), p.destination(), piece.identification(), p.isIpv6() ? 0 : p.protocol());
        // RFC 3128: a TCP header cut after eight bytes has one use only, to get past filters
        if (p.protocol() == Ipv4.PROTOCOL_TCP && piece.begin() == TINY) {
            return refuse(key, pending.get(key), 0);
        }
        int port = p.port();
        Datagram datagram = pending.get(key);
        if (datagram == null) {
            long host = key.host();
            if (pending.size() >= MAX_DATAGRAMS || bytes >= MAX_BYTES || ofHost.get(host) >= MAX_OF_HOST) {
                return new Result.Refused(0);
            }
            datagram = new Datagram(port, p.isIpv6(), now + TIMEOUT_NS);
            pending.put(key, datagram);
            ofHost.incrementAndGet(host);
            bytes += datagram.size();
        }
        int sizeBefore = datagram.size();
        boolean consistent = datagram.port == port && datagram.add(p, piece);
        bytes += datagram.size() - sizeBefore;
        if (!consistent) {
            return refuse(key, datagram, datagram.port == port ? 1 : 0);
        }
        if (!datagram.isWhole()) {
            return new Result.Held();
        }
        pending.remove(key);
        forget(key, datagram);
        int waited = datagram.received() - 1;
        return p.isIpv6()
                ? new Result.Whole6(datagram.whole(), Datagram.FRAME, datagram.length(), waited,
                        new Pieces(piece.header(), datagram.pieceLength(), piece.identification()))
                : new Result.Whole(datagram.whole(), Datagram.FRAME, datagram.length(), waited);
    }

    private Result refuse(Key key, Datagram datagram, int counted) {
        if (datagram == null) {
            return new Result.Refused(0);
        }
        pending.remove(key);
        forget(key, datagram);
        return new Result.Refused(datagram.received() - counted);
    }

    private void forget(Key key, Datagram datagram) {
        bytes -= datagram.size();
        ofHost.decrementAndGet(key.host());
    }

    /** Gives up what has waited too long. @param dropped gets the number of frames of each */
    public void expire(long now, IntConsumer dropped) {
        // in order of their beginning, so the first that is young enough ends the walk
        Iterator<Map.Entry<Key, Datagram>> all = pending.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Key, Datagram> next = all.next();
            Datagram datagram = next.getValue();
            if (now - datagram.deadline < 0) {
                return;
            }
            all.remove();
            forget(next.getKey(), datagram);
            dropped.accept(datagram.received());
        }
    }

    /** @return datagrams that wait. */
    public int size() {
        return pending.size();
    }
}
