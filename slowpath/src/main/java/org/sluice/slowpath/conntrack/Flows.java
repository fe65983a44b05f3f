package org.sluice.slowpath.conntrack;

import static org.sluice.fastpath.flow.FlowLayout.ADDRESSES;
import static org.sluice.fastpath.flow.FlowLayout.ADDRESS_DELTA;
import static org.sluice.fastpath.flow.FlowLayout.ADJACENCY;
import static org.sluice.fastpath.flow.FlowLayout.BYTES;
import static org.sluice.fastpath.flow.FlowLayout.DESTINATION_HIGH;
import static org.sluice.fastpath.flow.FlowLayout.DESTINATION_LOW;
import static org.sluice.fastpath.flow.FlowLayout.FLAGS;
import static org.sluice.fastpath.flow.FlowLayout.HELPED;
import static org.sluice.fastpath.flow.FlowLayout.INGRESS;
import static org.sluice.fastpath.flow.FlowLayout.LAST_SEEN;
import static org.sluice.fastpath.flow.FlowLayout.MAPPING;
import static org.sluice.fastpath.flow.FlowLayout.NEW_DESTINATION;
import static org.sluice.fastpath.flow.FlowLayout.NEW_DESTINATION_PORT;
import static org.sluice.fastpath.flow.FlowLayout.NEW_SOURCE;
import static org.sluice.fastpath.flow.FlowLayout.NEW_SOURCE_PORT;
import static org.sluice.fastpath.flow.FlowLayout.PACKETS;
import static org.sluice.fastpath.flow.FlowLayout.PARENT;
import static org.sluice.fastpath.flow.FlowLayout.PORTS;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_BYTES;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_LAST_SEEN;
import static org.sluice.fastpath.flow.FlowLayout.SLOW_PACKETS;
import static org.sluice.fastpath.flow.FlowLayout.SOURCE_HIGH;
import static org.sluice.fastpath.flow.FlowLayout.SOURCE_LOW;
import static org.sluice.fastpath.flow.FlowLayout.STATE;
import static org.sluice.fastpath.flow.FlowLayout.STATUS;
import static org.sluice.fastpath.flow.FlowLayout.TRANSLATED;
import static org.sluice.fastpath.flow.FlowLayout.TRANSPORT_DELTA;

import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.IpAddress;

/**
 * What the conductor reads and writes in a flow's record, by flow id. Everything about a flow lives there; this class only gives
 * the fields their names. What the worker saw and what the conductor saw are kept apart, because each has one writer, and are put
 * together here.
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
        fillDirection(flow | 1, swapAddresses(newAddresses), swapPorts(newPorts), swapAddresses(addresses),
                swapPorts(ports));
    }

    /** The same for IPv6. */
    public void fill6(int flow, IpAddress source, IpAddress destination, IpAddress newSource, IpAddress newDestination,
            long ports, long newPorts) {
        boolean isTranslated = !source.equals(newSource) || !destination.equals(newDestination) || ports != newPorts;
        fillDirection6(flow & ~1, source, destination, ports, isTranslated);
        fillDirection6(flow | 1, /* source= */ newDestination, /* destination= */ newSource, swapPorts(newPorts),
                isTranslated);
    }

    private void fillDirection6(int flow, IpAddress source, IpAddress destination, long ports, boolean isTranslated) {
        UnsafeBuffer b = table.buffer(flow);
        int line = table.offset(flow);
        b.putLong(line + PORTS, ports);
        b.putLong(line + SOURCE_HIGH, source.high());
        b.putLong(line + SOURCE_LOW, source.low());
        b.putLong(line + DESTINATION_HIGH, destination.high());
        b.putLong(line + DESTINATION_LOW, destination.low());
        b.putShort(line + FLAGS, (short) (isTranslated ? TRANSLATED : 0));
    }

    private void fillDirection(int flow, long addresses, long ports, long newAddresses, long newPorts) {
        UnsafeBuffer b = table.buffer(flow);
        int line = table.offset(flow);
        b.putLong(line + ADDRESSES, addresses);
        b.putLong(line + PORTS, FlowKey.lookup(ports));
        b.putInt(line + NEW_SOURCE, FlowKey.source(newAddresses));
        b.putInt(line + NEW_DESTINATION, FlowKey.destination(newAddresses));
        b.putShort(line + NEW_SOURCE_PORT, (short) FlowKey.sourcePort(newPorts));
        b.putShort(line + NEW_DESTINATION_PORT, (short) FlowKey.destinationPort(newPorts));
        int addressDelta = Checksum.delta(words(addresses), words(newAddresses));
        // an ICMP checksum does not cover addresses (RFC 792)
        boolean pseudoHeader = FlowKey.protocol(ports) != Ipv4.PROTOCOL_ICMP;
        long before = (pseudoHeader ? words(addresses) : 0) + portWords(ports);
        long after = (pseudoHeader ? words(newAddresses) : 0) + portWords(newPorts);
        b.putShort(line + ADDRESS_DELTA, (short) addressDelta);
        b.putShort(line + TRANSPORT_DELTA, (short) Checksum.delta(before, after));
        boolean translated = addresses != newAddresses || ports != newPorts;
        b.putShort(line + FLAGS, (short) (translated ? TRANSLATED : 0));
    }

    /** @return the key of the answering direction's addresses. */
    public static long swapAddresses(long addresses) {
        return addresses << 32 | addresses >>> 32;
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
        return FlowKey.ports(FlowKey.protocol(ports), FlowKey.destinationPort(ports), FlowKey.sourcePort(ports))
                | ports & FlowKey.IPV6;
    }

    private static long words(long value) {
        return (value >>> 48) + (value >>> 32 & 0xFFFF) + (value >>> 16 & 0xFFFF) + (value & 0xFFFF);
    }

    private static long portWords(long ports) {
        return FlowKey.sourcePort(ports) + (long) FlowKey.destinationPort(ports);
    }

    /** @return {@link FlowKey}; IPv4 only. */
    public long addresses(int flow) {
        return table.buffer(flow).getLong(table.offset(flow) + ADDRESSES);
    }

    public long ports(int flow) {
        return table.buffer(flow).getLong(table.offset(flow) + PORTS);
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

    public IpAddress newSource(int flow) {
        return isIpv6(flow)
                ? destination(flow ^ 1)
                : IpAddress.v4(table.buffer(flow).getInt(table.offset(flow) + NEW_SOURCE));
    }

    public IpAddress newDestination(int flow) {
        return isIpv6(flow)
                ? source(flow ^ 1)
                : IpAddress.v4(table.buffer(flow).getInt(table.offset(flow) + NEW_DESTINATION));
    }

    private IpAddress address(int flow, int high, int low) {
        UnsafeBuffer b = table.buffer(flow);
        int line = table.offset(flow);
        return new IpAddress(b.getLong(line + high), b.getLong(line + low));
    }

    public int newSourcePort(int flow) {
        if (isIpv6(flow)) {
            return FlowKey.sourcePort(newPorts6(flow));
        }
        return table.buffer(flow).getShort(table.offset(flow) + NEW_SOURCE_PORT) & 0xFFFF;
    }

    public int newDestinationPort(int flow) {
        if (isIpv6(flow)) {
            return FlowKey.destinationPort(newPorts6(flow));
        }
        return table.buffer(flow).getShort(table.offset(flow) + NEW_DESTINATION_PORT) & 0xFFFF;
    }

    /** Those of the other direction's line say it. */
    private long newPorts6(int flow) {
        return swapPorts(ports(flow ^ 1));
    }

    /** @return next hop of the direction. */
    public int adjacency(int flow) {
        return table.buffer(flow).getInt(table.offset(flow) + ADJACENCY);
    }

    /** Sets where the direction comes in and which next hop it goes to. */
    public void path(int flow, int ingress, int adjacency) {
        table.buffer(flow).putByte(table.offset(flow) + INGRESS, (byte) ingress);
        table.buffer(flow).putInt(table.offset(flow) + ADJACENCY, adjacency);
    }

    /** @return port the direction comes in through. */
    public int ingress(int flow) {
        return table.buffer(flow).getByte(table.offset(flow) + INGRESS) & 0xFF;
    }

    /** @return whether a helper reads the flow. */
    public boolean isHelped(int flow) {
        return (table.buffer(flow).getShort(table.offset(flow) + FLAGS) & HELPED) != 0;
    }

    /** Makes workers punt everything of the flow, or stop doing so. */
    public void helped(int flow, boolean helped) {
        for (int direction = 0; direction < 2; direction++) {
            int line = table.offset(flow & ~1 | direction);
            int flags = table.buffer(flow).getShort(line + FLAGS);
            table.buffer(flow).putShortVolatile(line + FLAGS, (short) (helped ? flags | HELPED : flags & ~HELPED));
        }
    }

    // --- tracking

    public TcpState state(int flow) {
        return TcpState.of(table.buffer(flow).getInt(table.trackingOffset(flow) + STATE));
    }

    public void state(int flow, TcpState state) {
        table.buffer(flow).putInt(table.trackingOffset(flow) + STATE, state.ordinal());
    }

    /** @return all bits of {@link Status}. */
    public int status(int flow) {
        return table.buffer(flow).getInt(table.trackingOffset(flow) + STATUS);
    }

    /** @return whether all of the bits are set; see {@link Status}. */
    public boolean is(int flow, int status) {
        return (table.buffer(flow).getInt(table.trackingOffset(flow) + STATUS) & status) == status;
    }

    /** Clears bits of {@link Status}. */
    public void unmark(int flow, int status) {
        int offset = table.trackingOffset(flow) + STATUS;
        table.buffer(flow).putInt(offset, table.buffer(flow).getInt(offset) & ~status);
    }

    /** Sets bits of {@link Status}. */
    public void mark(int flow, int status) {
        int offset = table.trackingOffset(flow) + STATUS;
        table.buffer(flow).putInt(offset, table.buffer(flow).getInt(offset) | status);
    }

    public int mapping(int flow) {
        return table.buffer(flow).getInt(table.trackingOffset(flow) + MAPPING);
    }

    public void mapping(int flow, int id) {
        table.buffer(flow).putInt(table.trackingOffset(flow) + MAPPING, id);
    }

    /** @return flow whose helper expected this one, or 0. */
    public int parent(int flow) {
        return table.buffer(flow).getInt(table.trackingOffset(flow) + PARENT);
    }

    public void parent(int flow, int parent) {
        table.buffer(flow).putInt(table.trackingOffset(flow) + PARENT, parent);
    }

    // --- what was seen

    /** The flow is alive now, System.nanoTime. */
    public void touch(int flow, long now) {
        table.buffer(flow).putLong(table.offset(flow & ~1) + SLOW_LAST_SEEN, now);
    }

    /** Counts a packet of the direction that went through the conductor. */
    public void seeSlow(int flow, int length, long now) {
        touch(flow, now);
        UnsafeBuffer b = table.buffer(flow);
        int tracking = table.trackingOffset(flow);
        int packets = tracking + SLOW_PACKETS + (flow & 1) * Integer.BYTES;
        int bytes = tracking + SLOW_BYTES + (flow & 1) * Long.BYTES;
        b.putInt(packets, b.getInt(packets) + 1);
        b.putLong(bytes, b.getLong(bytes) + length);
    }

    /** Counts what an earlier run has seen of the direction. */
    public void counted(int flow, long packets, long bytes) {
        UnsafeBuffer b = table.buffer(flow);
        int tracking = table.trackingOffset(flow);
        b.putInt(tracking + SLOW_PACKETS + (flow & 1) * Integer.BYTES, (int) Math.min(packets, Integer.MAX_VALUE));
        b.putLong(tracking + SLOW_BYTES + (flow & 1) * Long.BYTES, bytes);
    }

    public long packets(int flow) {
        UnsafeBuffer b = table.buffer(flow);
        return b.getLongVolatile(table.seenOffset(flow) + PACKETS)
                + b.getInt(table.trackingOffset(flow) + SLOW_PACKETS + (flow & 1) * Integer.BYTES);
    }

    public long bytes(int flow) {
        UnsafeBuffer b = table.buffer(flow);
        return b.getLongVolatile(table.seenOffset(flow) + BYTES)
                + b.getLong(table.trackingOffset(flow) + SLOW_BYTES + (flow & 1) * Long.BYTES);
    }

    /** @return packets of the direction that the fast path forwarded. */
    public long fastPackets(int flow) {
        return table.buffer(flow).getLongVolatile(table.seenOffset(flow) + PACKETS);
    }

    /** @return for how long the direction has been sending by the fast path since the other was last seen there, in ns; 0 if it hasn't. */
    public long aloneFor(int flow) {
        if (fastPackets(flow) == 0 || fastPackets(flow ^ 1) == 0) {
            return 0;
        }
        UnsafeBuffer b = table.buffer(flow);
        return Math.max(0, b.getLongVolatile(table.seenOffset(flow) + LAST_SEEN)
                - b.getLongVolatile(table.seenOffset(flow ^ 1) + LAST_SEEN));
    }

    /** @return when either direction was last seen, System.nanoTime. */
    public long lastSeen(int flow) {
        UnsafeBuffer b = table.buffer(flow);
        long last = b.getLong(table.offset(flow & ~1) + SLOW_LAST_SEEN);
        for (int direction = 0; direction < 2; direction++) {
            // a direction that the fast path never saw has 0 there, which is no time
            if (fastPackets(flow & ~1 | direction) > 0) {
                long fast = b.getLongVolatile(table.seenOffset(flow & ~1 | direction) + LAST_SEEN);
                last = fast - last > 0 ? fast : last;
            }
        }
        return last;
    }
}
