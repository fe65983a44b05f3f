package org.sluice.slowpath.neighbor;

import java.util.random.RandomGenerator;
import org.agrona.DirectBuffer;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Icmpv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.IpAddress;

/**
 * Neighbour discovery for IPv6, RFC 4861: answers for the gateway's addresses, learns those of hosts, and is their router where the
 * configuration says so. Advertisements and redirects of others are taken and change nothing: the gateway's routes are those of its
 * configuration. Conductor.
 */
public final class NeighborDiscovery {
    private static final IpAddress UNSPECIFIED = new IpAddress(0, 0);

    private final NeighborTable neighbors;
    private final Interfaces interfaces;
    private final Solicitations solicitations;
    private final RouterAdvertisements advertisements;

    public NeighborDiscovery(NeighborTable neighbors, Interfaces interfaces, NeighborTable.Link link,
            RandomGenerator random) {
        this.neighbors = neighbors;
        this.interfaces = interfaces;
        solicitations = new Solicitations(interfaces, link);
        advertisements = new RouterAdvertisements(interfaces, link, random);
    }

    /** To be called now and then. @param now System.nanoTime */
    public void tick(long now) {
        advertisements.tick(now);
    }

    /** The interfaces have other addresses, or other things to say, from now on. */
    public void interfacesChanged() {
        advertisements.replace();
    }

    /** @return whether the packet is what RFC 4861 6.1 and 7.1 ask for; only then {@link #onPacket} may see it. */
    public boolean isSane(Packet p) {
        int type = Icmp.type(p.buffer(), p.l4());
        int length = p.end() - p.l4();
        int fixed = Ndp.length(type);
        if (p.ttl() != Ndp.HOP_LIMIT || Icmp.code(p.buffer(), p.l4()) != 0 || length < fixed
                || !p.isTransportChecksumRight() || interfaces.isOwn(p.source())
                || !Ndp.areOptionsWhole(p.buffer(), p.l4() + fixed, p.end())) {
            return false;
        }
        if (type == Icmpv6.ROUTER_SOLICITATION) {
            // who has no address can't be answered at one (RFC 4861 6.1.1)
            return !p.source().equals(UNSPECIFIED) || Ndp.findOption(p.buffer(), p.l4() + fixed, p.end(),
                    Ndp.SOURCE_LINK_ADDRESS) < 0;
        }
        if (type != Icmpv6.NEIGHBOR_SOLICITATION && type != Icmpv6.NEIGHBOR_ADVERTISEMENT) {
            return true;
        }
        IpAddress target = IpAddress.read(p.buffer(), p.l4() + Ndp.TARGET);
        if (target.isGroup() || target.isV4()) {
            return false;
        }
        if (type == Icmpv6.NEIGHBOR_ADVERTISEMENT) {
            return !p.destination().isGroup() || (Ndp.flags(p.buffer(), p.l4()) & Ndp.SOLICITED) == 0;
        }
        // a host that has no address yet asks whether somebody has the one it wants (RFC 4862 5.4.2)
        return !p.source().equals(UNSPECIFIED)
                || p.destination().isGroup() && option(p, Ndp.SOURCE_LINK_ADDRESS) < 0;
    }

    /** Takes a packet that is sane. */
    public void onPacket(Packet p, long now) {
        if (!interfaces.get(p.port()).hasIpv6()) {
            return;
        }
        switch (Icmp.type(p.buffer(), p.l4())) {
            case Icmpv6.NEIGHBOR_SOLICITATION -> onSolicitation(p, now);
            case Icmpv6.NEIGHBOR_ADVERTISEMENT -> onAdvertisement(p, now);
            case Icmpv6.ROUTER_SOLICITATION -> advertisements.onSolicitation(p.port(), now);
            default -> {
                // routers are those of the configuration
            }
        }
    }

    private void onSolicitation(Packet p, long now) {
        IpAddress target = IpAddress.read(p.buffer(), p.l4() + Ndp.TARGET);
        boolean forUs = interfaces.answersFor(p.port(), target);
        boolean hasAddress = !p.source().equals(UNSPECIFIED);
        long mac = option(p, Ndp.SOURCE_LINK_ADDRESS);
        if (hasAddress && mac >= 0 && interfaces.isOnLink(p.port(), p.source())) {
            neighbors.learn(p.port(), p.source(), mac, forUs, now);
        }
        if (forUs) {
            solicitations.answer(p.port(), target, hasAddress ? p.source() : Solicitations.ALL_NODES,
                    mac >= 0 ? mac : Ethernet.source(p.buffer(), p.frame()));
        }
    }

    /** RFC 4861 7.2.5, without router lists: only who was asked may overwrite what is known, unless it says so. */
    private void onAdvertisement(Packet p, long now) {
        IpAddress target = IpAddress.read(p.buffer(), p.l4() + Ndp.TARGET);
        if (interfaces.isOwn(target) || !interfaces.isOnLink(p.port(), target)) {
            return;
        }
        int flags = Ndp.flags(p.buffer(), p.l4());
        long known = neighbors.mac(p.port(), target);
        long told = option(p, Ndp.TARGET_LINK_ADDRESS);
        // an answer to a question that was sent to one host need not repeat its address (RFC 4861 4.4)
        long mac = told >= 0 ? told : known;
        if (mac >= 0 && (known < 0 || known == mac || (flags & Ndp.OVERRIDE) != 0)) {
            neighbors.learn(p.port(), target, mac, false, now);
        }
    }

    /** @return the Ethernet address in an option, or -1 when it is not there or is no host's. */
    private static long option(Packet p, int kind) {
        DirectBuffer b = p.buffer();
        int at = Ndp.findOption(b, p.l4() + Ndp.LENGTH, p.end(), kind);
        long mac = at < 0 ? -1 : Ndp.linkAddress(b, at);
        return mac == 0 || mac > 0 && Ethernet.isGroup(mac) ? -1 : mac;
    }
}
