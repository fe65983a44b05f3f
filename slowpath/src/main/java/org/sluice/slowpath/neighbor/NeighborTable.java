package org.sluice.slowpath.neighbor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.flow.AdjacencyTable;
import org.sluice.fastpath.wire.Arp;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Route;

/**
 * The hosts on the links: asks for next hops, by ARP (RFC 826, RFC 1122 2.3.2) or by neighbour discovery (RFC 4861), lets packets
 * wait for the answer, and asks again from time to time so that a neighbour that went away or changed its Ethernet address is
 * noticed. Answers for the gateway's IPv4 addresses; {@link NeighborDiscovery} does for IPv6. Conductor.
 */
public final class NeighborTable {
    private static final long SECOND = 1_000_000_000L;
    private static final long RETRY = SECOND;
    private static final int REQUESTS = 3;
    private static final long REACHABLE_TIME = 30 * SECOND;
    private static final long FORGET_TIME = 60 * SECOND;
    /** How often a next hop is asked that others could take the place of. */
    private static final long WATCH_TIME = 2 * SECOND;
    private static final int QUEUE_LIMIT = 64;
    private static final int HELD_LIMIT = 2048;

    private final AdjacencyTable adjacencies;
    private final Interfaces interfaces;
    private final Link link;
    /** By port: each new flow asks twice, and a key of both would be an object each time. */
    private final List<Map<IpAddress, Neighbor>> byAddress = new ArrayList<>();
    private final List<Neighbor> byAdjacency = new ArrayList<>();
    private final IntArrayList freeAdjacencies = new IntArrayList();
    private final Solicitations solicitations;
    private final UnsafeBuffer arp = new UnsafeBuffer(new byte[HeldFrame.FRAME + Ethernet.HEADER_LENGTH + Arp.LENGTH]);
    private final List<Neighbor> watched = new ArrayList<>();
    private DownListener onDown = (port, address) -> {
        // nobody asks
    };
    private int held;

    /** What the table needs of the conductor. */
    public interface Link {

        /** @return the port's own Ethernet address. */
        long mac(int port);

        /** @return the largest packet that the port's link takes, in bytes. */
        int mtu(int port);

        /** Sends a frame of the gateway's own. */
        void originate(int port, DirectBuffer buffer, int frame, int length);

        /** The next hop is known: the frame is complete and can go. */
        void release(int port, HeldFrame frame);

        /** The next hop did not answer. */
        void unreachable(HeldFrame frame);
    }

    /** Hears of watched next hops that do not answer any more. */
    @FunctionalInterface
    public interface DownListener {

        void onDown(int port, IpAddress address);
    }

    public NeighborTable(AdjacencyTable adjacencies, Interfaces interfaces, Link link) {
        this.adjacencies = adjacencies;
        this.interfaces = interfaces;
        this.link = link;
        solicitations = new Solicitations(interfaces, link);
        byAdjacency.add(null);
        interfaces.all().forEach(iface -> byAddress.add(new HashMap<>()));
    }

    private Neighbor find(int port, IpAddress address) {
        return byAddress.get(port).get(address);
    }

    /**
     * Finds or makes the entry of a next hop, and counts one more flow that uses it.
     *
     * @return its adjacency, or 0 when the table is full
     */
    public int use(int port, IpAddress address, long now) {
        Neighbor n = find(port, address);
        if (n == null) {
            n = add(port, address, now);
        }
        if (n == null) {
            return 0;
        }
        n.users++;
        return n.adjacency;
    }

    /** One flow less. */
    public void release(int adjacency) {
        Neighbor n = byAdjacency.get(adjacency);
        if (n != null) {
            n.users--;
        }
    }

    public void onDown(DownListener listener) {
        onDown = listener;
    }

    /** From now on these next hops, and no others, are asked every 2 s whether they are there. */
    public void watch(List<Route> hops, long now) {
        List<Neighbor> before = List.copyOf(watched);
        watched.forEach(n -> n.isWatched = false);
        watched.clear();
        for (Route hop : hops) {
            Neighbor n = byAdjacency.get(use(hop.port(), hop.via(), now));
            if (n != null) {
                n.isWatched = true;
                n.deadline = now;
                watched.add(n);
            }
        }
        before.forEach(n -> n.users--);
    }

    /** @return whether a next hop did not answer when it was asked last. */
    public boolean isDown(int port, IpAddress address) {
        Neighbor n = find(port, address);
        return n != null && n.isDown;
    }

    /** @return the next hop's address; null for adjacency 0. */
    public IpAddress address(int adjacency) {
        Neighbor n = byAdjacency.get(adjacency);
        return n == null ? null : n.address;
    }

    /** @return Ethernet address of the next hop if it is known, else -1; then the frame is to be held. */
    public long mac(int adjacency) {
        long entry = adjacencies.get(adjacency);
        return AdjacencyTable.isValid(entry) ? AdjacencyTable.mac(entry) : -1;
    }

    /** @return port the next hop is reached through; -1 for adjacency 0. */
    public int port(int adjacency) {
        Neighbor n = byAdjacency.get(adjacency);
        return n == null ? -1 : n.port;
    }

    /** @return false when too many frames wait already. */
    public boolean hold(int adjacency, HeldFrame frame, long now) {
        Neighbor n = byAdjacency.get(adjacency);
        if (n == null || n.queue.size() >= QUEUE_LIMIT || held >= HELD_LIMIT) {
            return false;
        }
        n.queue.addLast(frame);
        held++;
        if (n.state == Neighbor.State.FAILED) {
            n.state = Neighbor.State.INCOMPLETE;
            n.requests = 0;
            ask(n, now);
        }
        return true;
    }

    /** @return whether an ARP packet makes sense on that link; only then {@link #onArp} may see it. */
    public boolean isSane(int port, DirectBuffer b, int frame, int length) {
        int arp = frame + Ethernet.HEADER_LENGTH;
        if (length < Ethernet.HEADER_LENGTH + Arp.LENGTH || !Arp.isEthernetIpv4(b, arp)) {
            return false;
        }
        int senderIp = Arp.senderIp(b, arp);
        long senderMac = Arp.senderMac(b, arp);
        // RFC 5227: a probe asks with sender 0 whether somebody has an address
        return !Ethernet.isGroup(senderMac) && senderMac != 0 && !interfaces.isOwn(senderIp)
                && (senderIp == 0 || interfaces.linkOf(senderIp) == port);
    }

    /** Takes an ARP packet that is sane. @param frame offset of its Ethernet header */
    public void onArp(int port, DirectBuffer b, int frame, long now) {
        int offset = frame + Ethernet.HEADER_LENGTH;
        long senderMac = Arp.senderMac(b, offset);
        int senderIp = Arp.senderIp(b, offset);
        int targetIp = Arp.targetIp(b, offset);
        boolean forUs = Arp.operation(b, offset) == Arp.REQUEST && interfaces.answersFor(port, IpAddress.v4(targetIp));
        learn(port, IpAddress.v4(senderIp), senderMac, forUs && senderIp != 0, now);
        if (forUs) {
            send(port, senderMac, Arp.REPLY, /* senderIp= */ targetIp, senderMac, /* targetIp= */ senderIp);
        }
    }

    /** A host has told its Ethernet address. @param isNew whether it is worth an entry if it has none */
    void learn(int port, IpAddress address, long mac, boolean isNew, long now) {
        Neighbor n = find(port, address);
        if (n == null && isNew) {
            n = add(port, address, now);
        }
        if (n != null) {
            resolve(n, mac, now);
        }
    }

    /** @return the Ethernet address that is believed now, or -1. */
    long mac(int port, IpAddress address) {
        Neighbor n = find(port, address);
        return n == null ? -1 : mac(n.adjacency);
    }

    /** To be called several times a second: repeats questions and gives up. @return how many entries changed. */
    public int tick(long now) {
        int changed = 0;
        for (int i = 1; i < byAdjacency.size(); i++) {
            Neighbor n = byAdjacency.get(i);
            if (n != null && now - n.deadline >= 0) {
                onDeadline(n, now);
                changed++;
            }
        }
        return changed;
    }

    private void onDeadline(Neighbor n, long now) {
        switch (n.state) {
            case REACHABLE -> {
                n.state = Neighbor.State.PROBE;
                n.requests = 0;
                ask(n, now);
            }
            case INCOMPLETE, PROBE -> {
                if (n.requests < REQUESTS) {
                    ask(n, now);
                } else {
                    fail(n, now);
                }
            }
            case FAILED -> {
                if (n.isWatched) {
                    // one question each time
                    n.state = Neighbor.State.INCOMPLETE;
                    n.requests = n.isDown ? REQUESTS - 1 : 0;
                    ask(n, now);
                } else if (n.users == 0 && n.queue.isEmpty()) {
                    byAddress.get(n.port).remove(n.address);
                    byAdjacency.set(n.adjacency, null);
                    freeAdjacencies.addInt(n.adjacency);
                } else {
                    n.deadline = now + FORGET_TIME;
                }
            }
        }
    }

    private void fail(Neighbor n, long now) {
        n.state = Neighbor.State.FAILED;
        n.deadline = now + (n.isWatched ? WATCH_TIME : FORGET_TIME);
        boolean isNews = !n.isDown;
        n.isDown = true;
        adjacencies.clear(n.adjacency);
        while (!n.queue.isEmpty()) {
            held--;
            link.unreachable(n.queue.removeFirst());
        }
        if (isNews && n.isWatched) {
            onDown.onDown(n.port, n.address);
        }
    }

    private void ask(Neighbor n, long now) {
        n.requests++;
        n.deadline = now + RETRY;
        // a host that was there is first asked directly (RFC 1122 2.3.2.1), so that the link is not flooded
        boolean direct = n.state == Neighbor.State.PROBE && n.requests < REQUESTS;
        if (n.address.isV4()) {
            int target = n.address.v4();
            send(n.port, direct ? n.mac : Ethernet.BROADCAST, Arp.REQUEST,
                    interfaces.get(n.port).addressToward(target), 0, target);
        } else if (direct) {
            solicitations.ask(n.port, n.address, n.mac);
        } else {
            solicitations.ask(n.port, n.address);
        }
    }

    private void resolve(Neighbor n, long mac, long now) {
        n.mac = mac;
        n.state = Neighbor.State.REACHABLE;
        n.isDown = false;
        n.requests = 0;
        n.deadline = now + (n.isWatched ? WATCH_TIME : REACHABLE_TIME);
        // frames that waited go first; then the workers may send to it themselves
        while (!n.queue.isEmpty()) {
            held--;
            HeldFrame frame = n.queue.removeFirst();
            Ethernet.header(frame.buffer(), HeldFrame.FRAME, mac, link.mac(n.port),
                    n.address.isV4() ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6);
            link.release(n.port, frame);
        }
        adjacencies.set(n.adjacency, n.port, mac);
    }

    private Neighbor add(int port, IpAddress address, long now) {
        int adjacency;
        if (!freeAdjacencies.isEmpty()) {
            adjacency = freeAdjacencies.removeAt(freeAdjacencies.size() - 1);
        } else if (byAdjacency.size() < adjacencies.capacity()) {
            adjacency = byAdjacency.size();
            byAdjacency.add(null);
        } else {
            return null;
        }
        Neighbor n = new Neighbor(adjacency, port, address);
        n.deadline = now + FORGET_TIME;
        byAdjacency.set(adjacency, n);
        byAddress.get(port).put(address, n);
        return n;
    }

    /** Tells the link that the gateway has these addresses, whoever had them before (RFC 5227 2.3, RFC 4861 7.2.6). */
    public void announce(Set<IpAddress> addresses) {
        for (Interfaces.Iface iface : interfaces.all()) {
            for (int address : iface.addresses()) {
                if (addresses.contains(IpAddress.v4(address))) {
                    send(iface.port(), Ethernet.BROADCAST, Arp.REQUEST, address, 0, address);
                }
            }
            for (IpAddress address : iface.addresses6()) {
                if (addresses.contains(address)) {
                    solicitations.announce(iface.port(), address);
                }
            }
        }
    }

    private void send(int port, long destination, int operation, int senderIp, long targetMac, int targetIp) {
        arp.setMemory(0, arp.capacity(), (byte) 0);
        Ethernet.header(arp, HeldFrame.FRAME, destination, link.mac(port), Ethernet.TYPE_ARP);
        Arp.write(arp, HeldFrame.FRAME + Ethernet.HEADER_LENGTH, operation, link.mac(port), senderIp, targetMac,
                targetIp);
        link.originate(port, arp, HeldFrame.FRAME, Ethernet.HEADER_LENGTH + Arp.LENGTH);
    }

    /** One entry, for people to see. */
    public record Entry(String address, String mac, int port, String state) {}

    /** @return all entries. */
    public List<Entry> entries() {
        return byAdjacency.stream().filter(Objects::nonNull).map(n -> new Entry(n.address.toString(),
                n.state == Neighbor.State.REACHABLE || n.state == Neighbor.State.PROBE ? Ethernet.format(n.mac) : "",
                n.port, n.state.label())).toList();
    }
}
