package org.sluice.slowpath.conductor;

import java.util.random.RandomGenerator;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.flow.Rewriter;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.VirtioNetHeader;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.fastpath.wire.Udp;
import org.sluice.fastpath.worker.PacketSize;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.fragment.Fragmenter;
import org.sluice.slowpath.icmp.IcmpErrors;
import org.sluice.slowpath.icmp.Problem;
import org.sluice.slowpath.neighbor.HeldFrame;
import org.sluice.slowpath.neighbor.NeighborDiscovery;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.route.RouteTable;
import org.sluice.slowpath.trace.Story;
import org.sluice.slowpath.trace.Tracer;

/**
 * The way out for whatever the conductor sends: translated packets of flows, edited segments, the gateway's own. Finds the next
 * hop, lets frames wait for ARP, cuts what is too large, and hands finished frames to a worker. Conductor.
 */
public final class Transmitter implements NeighborTable.Link, IcmpErrors.Output {
    private static final int FRAME = 64;
    private static final int MAX_FRAME = 1 << 17;
    private static final int LINK_LOCAL_LENGTH = 64;
    /** What an ICMP error quotes at most, RFC 1812 4.3.2.3. */
    private static final int QUOTED = 576;

    private final Ports ports;
    private final Workers workers;
    private final Flows flows;
    private final RouteTable routes;
    private final NeighborTable neighbors;
    private final NeighborDiscovery discovery;
    private final IcmpErrors icmpErrors;
    private final Ledger ledger;
    private final CachedNanoClock clock;
    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_FRAME, FRAME));
    private final UnsafeBuffer fragment = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_FRAME, FRAME));
    private final Fragmenter fragmenter = new Fragmenter();
    private final MssClamp mssClamp;
    private final Tracer tracer;

    /** The devices by index. */
    @FunctionalInterface
    public interface Ports {

        Port get(int index);
    }

    Transmitter(Ports ports, Workers workers, Flows flows, RouteTable routes, Interfaces interfaces,
            AdjacencyTable adjacencies, RandomGenerator random, Ledger ledger,
            CachedNanoClock clock, Tracer tracer) {
        this.tracer = tracer;
        this.ports = ports;
        this.workers = workers;
        this.flows = flows;
        this.routes = routes;
        mssClamp = new MssClamp(interfaces);
        this.ledger = ledger;
        this.clock = clock;
        neighbors = new NeighborTable(adjacencies, interfaces, this);
        discovery = new NeighborDiscovery(neighbors, interfaces, this, random);
        icmpErrors = new IcmpErrors(interfaces, this, clock, tracer);
    }

    NeighborTable neighbors() {
        return neighbors;
    }

    NeighborDiscovery discovery() {
        return discovery;
    }

    IcmpErrors icmpErrors() {
        return icmpErrors;
    }

    /**
     * Drops a packet that can't go the way of its flow because the link is down, or because it is too large and not to be cut;
     * its sender is told.
     *
     * @return whether it was dropped
     */
    boolean refuses(Packet p, int flow) {
        Port egress = egress(flow);
        if (!egress.isUp()) {
            ledger.drop(DropReason.LINK_DOWN);
            return true;
        }
        boolean superFrame = VirtioNetHeader.gsoType(p.buffer(), p.frame()) != VirtioNetHeader.GSO_NONE;
        boolean mayCut = !superFrame && (p.isIpv6()
                ? p.pieces() != null && p.pieces().length() <= egress.mtu()
                : !Ipv4.dontFragment(p.buffer(), p.ip()));
        if (isTooBig(p, egress) && !mayCut) {
            ledger.drop(DropReason.TOO_BIG);
            icmpErrors.send(Problem.TOO_BIG, egress.mtu(), p);
            return true;
        }
        return false;
    }

    private Port egress(int flow) {
        return ports.get(neighbors.port(flows.adjacency(flow)));
    }

    private static boolean isTooBig(Packet p, Port egress) {
        return PacketSize.onLink(p.buffer(), p.frame(), p.ip(), p.l4(), p.end(),
                p.protocol()) > egress.mtu();
    }

    /** @return the largest packet that fits both ways of a flow. */
    int flowMtu(int flow) {
        return Math.min(egress(flow).mtu(), egress(flow ^ 1).mtu());
    }

    /** Translates a packet that is not refused by its flow and sends it on. Its time to live is at least 2. */
    void forward(Packet p, int flow) {
        int adjacency = flows.adjacency(flow);
        Port egress = egress(flow);
        int length = p.end() - p.frame();
        scratch.putBytes(FRAME - VirtioNetHeader.LENGTH, p.buffer(), p.frame() - VirtioNetHeader.LENGTH,
                VirtioNetHeader.LENGTH + length);
        int ip = FRAME + Ethernet.HEADER_LENGTH;
        int l4 = ip + p.l4() - p.ip();
        if (p.isIpv6()) {
            Rewriter.rewrite6(scratch, ip, l4, p.isPartial(), flows.table(), flow);
        } else {
            Rewriter.rewrite(scratch, ip, l4, p.isPartial(), flows.table(), flow);
        }
        clampMss(p, p.isPartial(), egress);
        if (p.pieces() != null) {
            completeChecksum(ip, l4, FRAME + length, p.protocol());
            cut6(adjacency, egress, p);
        } else if (isTooBig(p, egress)) {
            completeChecksum(ip, l4, FRAME + length, p.protocol());
            cut(adjacency, egress, p);
        } else {
            send(adjacency, egress.index(), scratch, length, p);
        }
    }

    /** @param original of what is in {@link #scratch}, with the same headers */
    private void clampMss(Packet original, boolean partial, Port egress) {
        if ((original.tcpFlags() & Tcp.SYN) != 0) {
            int l4 = FRAME + original.l4() - original.frame();
            mssClamp.apply(scratch, l4, original.isIpv6(), partial, ports.get(original.port()), egress);
        }
    }

    /** Sends the packet in {@link #scratch} in as many pieces as the link needs. */
    private void cut(int adjacency, Port egress, Packet cause) {
        fragmenter.cut(scratch, FRAME + Ethernet.HEADER_LENGTH, egress.mtu(), fragment, FRAME + Ethernet.HEADER_LENGTH,
                size -> {
                    VirtioNetHeader.clear(fragment, FRAME);
                    send(adjacency, egress.index(), fragment, Ethernet.HEADER_LENGTH + size, cause);
                });
    }

    /** The same for IPv6: in pieces as large as those it came in. */
    private void cut6(int adjacency, Port egress, Packet p) {
        int ip = FRAME + Ethernet.HEADER_LENGTH;
        fragmenter.cut6(scratch, ip, p.pieces(), fragment, ip, size -> {
            VirtioNetHeader.clear(fragment, FRAME);
            send(adjacency, egress.index(), fragment, Ethernet.HEADER_LENGTH + size, p);
        });
    }

    private void completeChecksum(int ip, int l4, int end, int protocol) {
        if (!VirtioNetHeader.needsChecksum(scratch, FRAME)) {
            return;
        }
        int checksum = Checksum.transport(scratch, ip, l4, end - l4, protocol);
        if (protocol == Ipv4.PROTOCOL_TCP) {
            Tcp.checksum(scratch, l4, checksum);
        } else {
            Udp.computedChecksum(scratch, l4, checksum);
        }
        VirtioNetHeader.clear(scratch, FRAME);
    }

    /**
     * Translates an IP packet that was made for a flow and sends it on; the checksums in it are complete. When a helper's rewriting
     * made it larger than the link takes, it is cut even if its sender forbade that: the sender could do nothing about it.
     *
     * @param cause whose sender is told when it can't go on, or null
     */
    void forward(int flow, DirectBuffer packet, int offset, int length, Packet cause) {
        int ip = FRAME + Ethernet.HEADER_LENGTH;
        VirtioNetHeader.clear(scratch, FRAME);
        scratch.putBytes(ip, packet, offset, length);
        boolean isIpv6 = Ipv6.isVersion6(scratch, ip);
        if (isIpv6) {
            Rewriter.rewrite6(scratch, ip, Ipv6.headersEnd(scratch, ip), false, flows.table(), flow);
        } else {
            Rewriter.rewrite(scratch, ip, ip + Ipv4.headerLength(scratch, ip), false, flows.table(), flow);
        }
        int adjacency = flows.adjacency(flow);
        Port egress = egress(flow);
        if (cause != null) {
            // a helper's connection: of a SYN nothing else is made than its like
            clampMss(cause, false, egress);
        }
        // perhaps a packet of the other direction, or a timer, is the cause: order is that of this direction's worker
        int current = workers.turnTo(workers.home(flow));
        if (length > egress.mtu() && !isIpv6) {
            cut(adjacency, egress, cause);
        } else {
            send(adjacency, egress.index(), scratch, Ethernet.HEADER_LENGTH + length, cause);
        }
        workers.turnTo(current);
    }

    /** Sends a packet along a flow's path without translating it; it is complete. */
    void forwardAsIs(int flow, DirectBuffer packet, int offset, int length) {
        int ip = FRAME + Ethernet.HEADER_LENGTH;
        VirtioNetHeader.clear(scratch, FRAME);
        scratch.putBytes(ip, packet, offset, length);
        int adjacency = flows.adjacency(flow);
        send(adjacency, neighbors.port(adjacency), scratch, Ethernet.HEADER_LENGTH + length, null);
    }

    @Override
    public void originate(DirectBuffer packet, int offset, int length, int port) {
        IpAddress destination = Ipv6.isVersion6(packet, offset)
                ? IpAddress.read(packet, offset + Ipv6.DESTINATION)
                : IpAddress.v4(Ipv4.destination(packet, offset));
        Route route = destination.isLinkLocal()
                ? new Route(new Prefix(destination, LINK_LOCAL_LENGTH), null, port)
                : routes.find(destination);
        if (route == null) {
            return;
        }
        VirtioNetHeader.clear(scratch, FRAME);
        scratch.putBytes(FRAME + Ethernet.HEADER_LENGTH, packet, offset, length);
        int adjacency = neighbors.use(route.port(), route.nextHop(destination), clock.nanoTime());
        send(adjacency, route.port(), scratch, Ethernet.HEADER_LENGTH + length, null);
        neighbors.release(adjacency);
    }

    private void send(int adjacency, int port, MutableDirectBuffer buffer, int length, Packet original) {
        long mac = neighbors.mac(adjacency);
        if (mac >= 0) {
            boolean isIpv6 = Ipv6.isVersion6(buffer, FRAME + Ethernet.HEADER_LENGTH);
            Ethernet.header(buffer, FRAME, mac, mac(port), isIpv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4);
            inject(port, buffer, FRAME, length);
            return;
        }
        UnsafeBuffer copy = new UnsafeBuffer(new byte[HeldFrame.FRAME + length]);
        copy.putBytes(HeldFrame.FRAME - VirtioNetHeader.LENGTH, buffer, FRAME - VirtioNetHeader.LENGTH,
                VirtioNetHeader.LENGTH + length);
        int received = ledger.hold();
        HeldFrame held = new HeldFrame(copy, length, received, original == null ? -1 : original.port(),
                workers.current(), quote(original), tracer.suspend());
        if (tracer.isOn()) {
            tracer.hop("neighbor", "waits until " + neighbors.address(adjacency) + " has told its Ethernet address");
        }
        if (!neighbors.hold(adjacency, held, clock.nanoTime())) {
            DropReason reason = adjacency == 0 ? DropReason.NEIGHBOR : DropReason.NEIGHBOR_QUEUE;
            ledger.dropHeld(received, reason);
            tracer.swap(held.story());
            tracer.dropped(reason);
        }
    }

    private static UnsafeBuffer quote(Packet original) {
        if (original == null) {
            return null;
        }
        int length = Math.min(QUOTED, original.end() - original.ip());
        UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, original.buffer(), original.ip(), length);
        return copy;
    }

    private void inject(int port, DirectBuffer buffer, int frame, int length) {
        if (workers.inject(ledger.type(), port, buffer, frame, length)) {
            tracer.sent(port, buffer, frame, length);
            ledger.sent();
        } else {
            ledger.drop(DropReason.TX_FULL);
        }
    }

    @Override
    public long mac(int port) {
        return ports.get(port).macAddress();
    }

    @Override
    public int mtu(int port) {
        return ports.get(port).mtu();
    }

    @Override
    public void originate(int port, DirectBuffer buffer, int frame, int length) {
        inject(port, buffer, frame, length);
    }

    @Override
    public void release(int port, HeldFrame frame) {
        Story other = tracer.swap(frame.story());
        ledger.resume(frame.received());
        int current = workers.turnTo(frame.worker());
        inject(port, frame.buffer(), HeldFrame.FRAME, frame.length());
        workers.turnTo(current);
        ledger.settle();
        tracer.swap(other);
    }

    @Override
    public void unreachable(HeldFrame frame) {
        Story other = tracer.swap(frame.story());
        ledger.dropHeld(frame.received(), DropReason.NEIGHBOR);
        tracer.dropped(DropReason.NEIGHBOR);
        if (frame.original() != null) {
            icmpErrors.send(Problem.NO_NEIGHBOR, 0, frame.original(), 0, frame.original().capacity(), frame.ingress());
        }
        tracer.end();
        tracer.swap(other);
    }
}
