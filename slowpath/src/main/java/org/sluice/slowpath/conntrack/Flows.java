package org.sluice.slowpath.conntrack;

import static org.sluice.fastpath.flow.FlowLayout.ADDRESSES;
import static org.sluice.fastpath.flow.FlowLayout.ADDRESS_DELTA;
import static org.sluice.fastpath.flow.FlowLayout.BYTES;
import static org.sluice.fastpath.flow.FlowLayout.BYTES_MASK;
import static org.sluice.fastpath.flow.FlowLayout.DESTINATION_HIGH;
import static org.sluice.fastpath.flow.FlowLayout.DESTINATION_LOW;
import static org.sluice.fastpath.flow.FlowLayout.HELPED;
import static org.sluice.fastpath.flow.FlowLayout.LAST_SEEN;
import static org.sluice.fastpath.flow.FlowLayout.MAPPING;
import static org.sluice.fastpath.flow.FlowLayout.OPENING;
import static org.sluice.fastpath.flow.FlowLayout.PACKETS;
import static org.sluice.fastpath.flow.FlowLayout.PARENT;
import static org.sluice.fastpath.flow.FlowLayout.PORTS;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_BYTES;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_LAST_SEEN;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_PACKETS;
import static org.sluice.fastpath.flow.FlowLayout.SOURCE_HIGH;
import static org.sluice.fastpath.flow.FlowLayout.SOURCE_LOW;
import static org.sluice.fastpath.flow.FlowLayout.STATE_MASK;
import static org.sluice.fastpath.flow.FlowLayout.STATE_SHIFT;
import static org.sluice.fastpath.flow.FlowLayout.STATUS_MASK;
import static org.sluice.fastpath.flow.FlowLayout.TRACKING;
import static org.sluice.fastpath.flow.FlowLayout.TRANSLATED;
import static org.sluice.fastpath.flow.FlowLayout.TRANSPORT_DELTA;

import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.flow.SeenTime;
import org.sluice.fastpath.linux.NativeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.IpAddress;

/**
 * What the conductor reads and writes in a flow's record, by flow id. Everything about a flow lives there; this class only gives
 * the fields their names. What the worker saw and what the conductor saw since the flow was published are kept apart, because
 * each has one writer, and are put together here.
 */
public final class Flows {
    private final FlowTable table;

    public Flows(FlowTable table) {
        this.table = table;
    }

    /** @return the shared table. */
    public FlowTable table() {
        return table;
    }

    // --- match and rewrite

    /** Fills both directions: what the original direction looks like before and after translation. */
    public void fill(int flow, long addresses, long ports, long newAddresses, long newPorts) {
        fillDirection(flow & ~1, addresses, ports, newAddresses, newPorts);
        fillDirection(flow | 1, FlowKey.swapAddresses(newAddresses), swapPorts(newPorts),
                FlowKey.swapAddresses(addresses), swapPorts(ports));
        fillMore(flow, ports);
    }

    /** The same for IPv6. */
    public void fill6(int flow, IpAddress source, IpAddress destination, IpAddress newSource, IpAddress newDestination,
            long ports, long newPorts) {
        table.takeAddresses(flow);
        boolean isTranslated = !source.equals(newSource) || !destination.equals(newDestination) || ports != newPorts;
        fillDirection6(flow & ~1, source, destination, ports, isTranslated);
        fillDirection6(flow | 1, /* source= */ newDestination, /* destination= */ newSource, swapPorts(newPorts),
                isTranslated);
        fillMore(flow, ports);
    }

    private void fillMore(int flow, long ports) {
        int protocol = FlowKey.protocol(ports);
        if (protocol == Ipv4.PROTOCOL_TCP) {
            flag(flow, OPENING, true);
        } else if (protocol == Ipv4.PROTOCOL_SCTP) {
            // for its tags
            table.takeMore(flow);
        }
    }

    private void fillDirection6(int flow, IpAddress source, IpAddress destination, long ports, boolean isTranslated) {
        NativeBuffer b = table.addressBuffer(flow);
        int line = table.addresses(flow);
        b.putLong(line + SOURCE_HIGH, source.high());
        b.putLong(line + SOURCE_LOW, source.low());
        b.putLong(line + DESTINATION_HIGH, destination.high());
        b.putLong(line + DESTINATION_LOW, destination.low());
        record(flow).putLong(table.key(flow) + PORTS, ports);
        record(flow).putShort(table.flags(flow), (short) (isTranslated ? TRANSLATED : 0));
    }

    private void fillDirection(int flow, long addresses, long ports, long newAddresses, long newPorts) {
        NativeBuffer b = record(flow);
        int key = table.key(flow);
        b.putLong(key + ADDRESSES, addresses);
        b.putLong(key + PORTS, FlowKey.lookup(ports));
        int deltas = table.deltas(flow);
        b.putShort(deltas + ADDRESS_DELTA, (short) Checksum.delta(words(addresses), words(newAddresses)));
        b.putShort(deltas + TRANSPORT_DELTA, (short) (FlowKey.isCall(ports)
                ? FlowKey.destinationPort(newPorts)
                : transportDelta(addresses, ports, newAddresses, newPorts)));
        boolean translated = addresses != newAddresses || ports != newPorts;
        b.putShort(table.flags(flow), (short) (translated ? TRANSLATED : 0));
    }

    private static int transportDelta(long addresses, long ports, long newAddresses, long newPorts) {
        // an ICMP checksum does not cover addresses (RFC 792)
        boolean pseudoHeader = FlowKey.protocol(ports) != Ipv4.PROTOCOL_ICMP;
        long before = (pseudoHeader ? words(addresses) : 0) + portWords(ports);
        long after = (pseudoHeader ? words(newAddresses) : 0) + portWords(newPorts);
        return Checksum.delta(before, after);
    }

    /** @return the key of the answering direction's ports; an echo request's answer is an echo reply; of a call both ends have to be named. */
    public static long swapPorts(long ports) {
        if (FlowKey.isEcho(ports)) {
            boolean request = FlowKey.icmpType(ports) != 0;
            int identifier = request ? FlowKey.sourcePort(ports) : FlowKey.destinationPort(ports);
            return FlowKey.isIpv6(ports)
                    ? FlowKey.echo6(!request, identifier)
                    : FlowKey.echo(request ? 0 : 8, identifier);
        }
        if (FlowKey.isCall(ports)) {
            return FlowKey.call(FlowKey.destinationPort(ports), FlowKey.sourcePort(ports));
        }
        return FlowKey.ports(FlowKey.protocol(ports), FlowKey.oppositePorts(ports)) | ports & FlowKey.IPV6;
    }

    private static long words(long value) {
        return (value >>> 48) + (value >>> 32 & 0xFFFF) + (value >>> 16 & 0xFFFF) + (value & 0xFFFF);
    }

    private static long portWords(long ports) {
        return FlowKey.sourcePort(ports) + (long) FlowKey.destinationPort(ports);
    }

    private NativeBuffer record(int flow) {
        return table.buffer(flow);
    }

    /** @return {@link FlowKey}; IPv4 only. */
    public long addresses(int flow) {
        return record(flow).getLong(table.key(flow) + ADDRESSES);
    }

    public long ports(int flow) {
        return record(flow).getLong(table.key(flow) + PORTS);
    }

    public int protocol(int flow) {
        return FlowKey.protocol(ports(flow));
    }

    public boolean isIpv6(int flow) {
        return FlowKey.isIpv6(ports(flow));
    }

    public IpAddress source(int flow) {
        return isIpv6(flow)
                ? address(flow, SOURCE_HIGH, SOURCE_LOW)
                : IpAddress.v4(FlowKey.source(addresses(flow)));
    }

    public IpAddress destination(int flow) {
        return isIpv6(flow)
                ? address(flow, DESTINATION_HIGH, DESTINATION_LOW)
                : IpAddress.v4(FlowKey.destination(addresses(flow)));
    }

    /** @return what the source becomes: where the answers are sent to. */
    public IpAddress newSource(int flow) {
        return destination(flow ^ 1);
    }

    public IpAddress newDestination(int flow) {
        return source(flow ^ 1);
    }

    private IpAddress address(int flow, int high, int low) {
        NativeBuffer b = table.addressBuffer(flow);
        int line = table.addresses(flow);
        return new IpAddress(b.getLong(line + high), b.getLong(line + low));
    }

    /** @return what the source port becomes, or of a call the sender's ID, or the identifier of who asks for an echo. */
    public int newSourcePort(int flow) {
        return FlowKey.sourcePort(swapPorts(ports(flow ^ 1)));
    }

    public int newDestinationPort(int flow) {
        if (FlowKey.isCall(ports(flow))) {
            // the other direction's key does not name its sender
            return record(flow).getShort(table.deltas(flow) + TRANSPORT_DELTA) & 0xFFFF;
        }
        return FlowKey.destinationPort(swapPorts(ports(flow ^ 1)));
    }

    /** @return next hop of the direction. */
    public int adjacency(int flow) {
        return record(flow).getInt(table.adjacency(flow));
    }

    /** Sets where the direction comes in and which next hop it goes to. */
    public void path(int flow, int ingress, int adjacency) {
        record(flow).putByte(table.ingress(flow), (byte) ingress);
        record(flow).putInt(table.adjacency(flow), adjacency);
    }

    /** @return port the direction comes in through. */
    public int ingress(int flow) {
        return record(flow).getByte(table.ingress(flow)) & 0xFF;
    }

    /** @return whether a helper reads the flow. */
    public boolean isHelped(int flow) {
        return (record(flow).getShort(table.flags(flow)) & HELPED) != 0;
    }

    /** Makes workers punt everything of the flow, or stop doing so. */
    public void helped(int flow, boolean helped) {
        flag(flow, HELPED, helped);
    }

    private void flag(int flow, int flag, boolean value) {
        for (int direction = 0; direction < 2; direction++) {
            int at = table.flags(flow ^ direction);
            int flags = record(flow).getShort(at);
            record(flow).putShortVolatile(at, (short) (value ? flags | flag : flags & ~flag));
        }
    }

    // --- tracking

    public TcpState state(int flow) {
        return TcpState.of(tracking(flow) >>> STATE_SHIFT & STATE_MASK);
    }

    public void state(int flow, TcpState state) {
        tracking(flow, state.ordinal() << STATE_SHIFT | status(flow));
    }

    private int tracking(int flow) {
        return record(flow).getShort(table.offset(flow) + TRACKING);
    }

    private void tracking(int flow, int value) {
        record(flow).putShort(table.offset(flow) + TRACKING, (short) value);
    }

    /** @return all bits of {@link Status}. */
    public int status(int flow) {
        return tracking(flow) & STATUS_MASK;
    }

    /** @return whether all of the bits are set; see {@link Status}. */
    public boolean is(int flow, int status) {
        return (tracking(flow) & status) == status;
    }

    /** Clears bits of {@link Status}. */
    public void unmark(int flow, int status) {
        tracking(flow, tracking(flow) & ~status);
    }

    /** Sets bits of {@link Status}. */
    public void mark(int flow, int status) {
        tracking(flow, tracking(flow) | status);
    }

    /** A record that is given back is no flow. */
    public void clear(int flow) {
        tracking(flow, 0);
    }

    public int mapping(int flow) {
        return record(flow).getInt(table.offset(flow) + MAPPING);
    }

    public void mapping(int flow, int id) {
        record(flow).putInt(table.offset(flow) + MAPPING, id);
    }

    /** @return flow whose helper expected this one, or 0. */
    public int parent(int flow) {
        return more(flow).getInt(table.more(flow) + PARENT);
    }

    public void parent(int flow, int parent) {
        table.takeMore(flow);
        more(flow).putInt(table.more(flow) + PARENT, parent);
    }

    private NativeBuffer more(int flow) {
        return table.moreBuffer(flow);
    }

    // --- what was seen

    private int seen(int flow) {
        return table.seen(flow);
    }

    /**
     * Counts what was seen of the direction before the flow is published, its first packet or what an earlier run has counted; or while it is
     * opening.
     *
     * @param time System.nanoTime of the last packet
     */
    public void begin(int flow, long packets, long bytes, long time) {
        NativeBuffer b = record(flow);
        b.putLong(seen(flow) + PACKETS, packets);
        b.putLong(seen(flow) + BYTES, bytes & BYTES_MASK);
        b.putInt(seen(flow) + LAST_SEEN, SeenTime.of(time));
        if (table.hasMore(flow)) {
            more(flow).putInt(table.more(flow) + SLOW_LAST_SEEN, SeenTime.of(time));
        }
    }

    /** Counts a packet of the direction that went through the conductor. @param now System.nanoTime */
    public void seeSlow(int flow, int length, long now) {
        if (table.isOpening(flow)) {
            begin(flow, fastPackets(flow) + 1, fastBytes(flow) + length, now);
            return;
        }
        table.takeMore(flow);
        NativeBuffer b = more(flow);
        int packets = slowPackets(flow);
        int bytes = slowBytes(flow);
        b.putInt(table.more(flow) + SLOW_LAST_SEEN, SeenTime.of(now));
        b.putInt(packets, b.getInt(packets) + 1);
        b.putLong(bytes, b.getLong(bytes) + length);
    }

    private int slowPackets(int flow) {
        return table.more(flow) + SLOW_PACKETS + (flow & 1) * Integer.BYTES;
    }

    private int slowBytes(int flow) {
        return table.more(flow) + SLOW_BYTES + (flow & 1) * Long.BYTES;
    }

    public long packets(int flow) {
        return fastPackets(flow)
                + more(flow).getInt(slowPackets(flow));
    }

    public long bytes(int flow) {
        return fastBytes(flow)
                + more(flow).getLong(slowBytes(flow));
    }

    private long fastBytes(int flow) {
        return record(flow).getLongVolatile(seen(flow) + BYTES) & BYTES_MASK;
    }

    /** @return packets of the direction that were seen before the flow was published or open, or that the fast path forwarded. */
    private long fastPackets(int flow) {
        return record(flow).getLongVolatile(seen(flow) + PACKETS);
    }

    /**
     * TCP.
     *
     * @param now System.nanoTime
     * @return for how long the direction has been sending by the fast path since the other was last seen, there or by the conductor, in ns; 0
     *         if it hasn't, or the other was never seen
     */
    public long aloneFor(int flow, long now) {
        if (fastPackets(flow ^ 1) == 0) {
            return 0;
        }
        long other = fastLastSeen(flow ^ 1, now);
        if (table.hasMore(flow)) {
            other = later(other, slowLastSeen(flow, now));
        }
        return Math.max(0, fastLastSeen(flow, now) - other);
    }

    /** @param now System.nanoTime. @return when either direction was last seen, as System.nanoTime. */
    public long lastSeen(int flow, long now) {
        long last = fastLastSeen(flow & ~1, now);
        // a direction that was never seen has 0 there, which is no time
        if (fastPackets(flow | 1) > 0) {
            last = later(last, fastLastSeen(flow | 1, now));
        }
        return table.hasMore(flow) ? later(last, slowLastSeen(flow, now)) : last;
    }

    private long fastLastSeen(int flow, long now) {
        return SeenTime.nanos(record(flow).getIntVolatile(seen(flow) + LAST_SEEN), now);
    }

    private long slowLastSeen(int flow, long now) {
        return SeenTime.nanos(more(flow).getInt(table.more(flow) + SLOW_LAST_SEEN), now);
    }

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }
}
