package org.sluice.slowpath.neighbor;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Checksum;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Ndp;
import org.sluice.fastpath.wire.RouterAdvertisementLayout;
import org.sluice.slowpath.icmp.IpPackets;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.settings.RouterAdvertisement;

/**
 * Tells the hosts of a link that the gateway is their router and which addresses they may take (RFC 4861 6.2): now and then, and soon
 * when one asks. Everybody is told, at most once in three seconds, however many ask. At the end nothing is taken back, since the
 * gateway may be back before a host would notice. Conductor.
 */
final class RouterAdvertisements {
    private static final long SECOND = 1_000_000_000L;
    /** RFC 4861 section 10. */
    private static final long MIN_DELAY = 3 * SECOND;
    private static final long MAX_ANSWER_DELAY = SECOND / 2;
    private static final long INITIAL_INTERVAL = 16 * SECOND;
    private static final int INITIAL_COUNT = 3;
    private static final int HOSTS_HOP_LIMIT = 64;
    private static final int STALE_LIMIT = 4;
    /** Hosts make addresses of an interface identifier of 64 bits (RFC 4291 2.5.1, RFC 2464). */
    private static final int AUTONOMOUS_LENGTH = 64;
    private static final long ALL_NODES_MAC = 0x3333_0000_0001L;
    private static final int IP = HeldFrame.FRAME + Ethernet.HEADER_LENGTH;
    private static final int ICMP = Ipv6.HEADER_LENGTH;

    private final Interfaces interfaces;
    private final NeighborTable.Link link;
    private final RandomGenerator random;
    private final List<Speaker> speakers = new ArrayList<>();
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[Ipv6.MIN_MTU]);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[IP + Ipv6.MIN_MTU]);

    /** An interface that advertises. */
    private static final class Speaker {
        private final int port;
        private final RouterAdvertisement settings;
        /** Prefixes that were told of and are the link's no more; newest first. */
        private final List<Prefix> stale = new ArrayList<>();
        private List<Prefix> prefixes = List.of();
        private boolean hasBegun;
        private int sent;
        private long last;
        private long next;

        Speaker(int port, RouterAdvertisement settings) {
            this.port = port;
            this.settings = settings;
        }
    }

    RouterAdvertisements(Interfaces interfaces, NeighborTable.Link link, RandomGenerator random) {
        this.interfaces = interfaces;
        this.link = link;
        this.random = random;
        replace();
    }

    /** Advertises what the interfaces' settings say now; where they say nothing any more, that the gateway is no router (6.2.5). */
    final void replace() {
        List<Speaker> before = List.copyOf(speakers);
        speakers.clear();
        for (Iface iface : interfaces.all()) {
            RouterAdvertisement settings = interfaces.settings(iface.port()).advertisement();
            if (settings != null) {
                speakers.add(new Speaker(iface.port(), settings));
            }
        }
        for (Speaker old : before) {
            Speaker next = speakers.stream().filter(s -> s.port == old.port).findFirst().orElse(null);
            if (next != null) {
                next.stale.addAll(old.prefixes);
                next.stale.addAll(old.stale);
            } else if (old.sent > 0) {
                send(old, 0);
            }
        }
    }

    /** Somebody asks. Everybody hears the answer soon (RFC 4861 6.2.6). */
    void onSolicitation(int port, long now) {
        for (Speaker speaker : speakers) {
            if (speaker.port == port && speaker.hasBegun) {
                long answer = now + random.nextLong(MAX_ANSWER_DELAY);
                if (speaker.sent > 0 && speaker.last + MIN_DELAY - answer > 0) {
                    answer = speaker.last + MIN_DELAY;
                }
                speaker.next = answer - speaker.next < 0 ? answer : speaker.next;
            }
        }
    }

    /** Sends what is due. @param now System.nanoTime */
    void tick(long now) {
        for (Speaker speaker : speakers) {
            if (!speaker.hasBegun) {
                speaker.hasBegun = true;
                speaker.next = now + random.nextLong(MAX_ANSWER_DELAY);
            }
            if (now - speaker.next >= 0) {
                send(speaker, (int) speaker.settings.lifetime().toSeconds());
                speaker.sent = Math.min(speaker.sent + 1, INITIAL_COUNT);
                speaker.last = now;
                speaker.next = now + interval(speaker);
            }
        }
    }

    /** RFC 4861 6.2.1, 6.2.4: evenly spread, so that routers don't fall into step; the first ones follow each other sooner. */
    private long interval(Speaker speaker) {
        long longest = speaker.settings.interval().toNanos();
        long shortest = Math.max(MIN_DELAY, longest / 3);
        long interval = shortest >= longest ? shortest : random.nextLong(shortest, longest);
        return speaker.sent < INITIAL_COUNT ? Math.min(interval, INITIAL_INTERVAL) : interval;
    }

    /** @param lifetime of the gateway as a router, in seconds */
    private void send(Speaker speaker, int lifetime) {
        Iface iface = interfaces.get(speaker.port);
        IpAddress own = iface.addresses6().stream().filter(IpAddress::isLinkLocal).findFirst().orElse(null);
        if (own == null) {
            return;
        }
        RouterAdvertisementLayout.header(packet, ICMP, HOSTS_HOP_LIMIT, lifetime);
        int at = ICMP + RouterAdvertisementLayout.LENGTH;
        Ndp.linkAddress(packet, at, Ndp.SOURCE_LINK_ADDRESS, link.mac(speaker.port));
        at += Ndp.LINK_ADDRESS_LENGTH;
        int mtu = link.mtu(speaker.port);
        if (mtu >= Ipv6.MIN_MTU) {
            at = RouterAdvertisementLayout.mtu(packet, at, mtu);
        }
        List<IpAddress> dns = speaker.settings.dns().stream().map(IpAddress::of).toList();
        int last = packet.capacity() - RouterAdvertisementLayout.DNS_LENGTH - dns.size() * IpAddress.LENGTH
                - RouterAdvertisementLayout.PREFIX_LENGTH;
        speaker.prefixes = iface.links6().stream().distinct().filter(prefix -> !prefix.address().isLinkLocal())
                .toList();
        for (Prefix prefix : speaker.prefixes) {
            if (at <= last) {
                at = prefix(prefix, at, 2 * lifetime, lifetime);
            }
        }
        speaker.stale.removeAll(speaker.prefixes);
        for (Prefix prefix : speaker.stale.stream().distinct().limit(STALE_LIMIT).toList()) {
            if (at <= last) {
                // addresses of it go on for their connections and begin no others (RFC 9096 3.5)
                at = prefix(prefix, at, 2 * lifetime, 0);
            }
        }
        if (!dns.isEmpty()) {
            at = RouterAdvertisementLayout.dns(packet, at, dns.size(), lifetime);
            for (IpAddress server : dns) {
                server.write(packet, at);
                at += IpAddress.LENGTH;
            }
        }
        send(speaker.port, own, at);
    }

    /** Addresses are good for twice the time that the router is, so that none outlives a renumbering for long (RFC 9096). */
    private int prefix(Prefix prefix, int at, int valid, int preferred) {
        int flags = RouterAdvertisementLayout.ON_LINK
                | (prefix.length() == AUTONOMOUS_LENGTH ? RouterAdvertisementLayout.AUTONOMOUS : 0);
        int end = RouterAdvertisementLayout.prefix(packet, at, prefix.length(), flags, valid, preferred);
        prefix.address().write(packet, at + RouterAdvertisementLayout.PREFIX);
        return end;
    }

    private void send(int port, IpAddress own, int length) {
        IpPackets.header(packet, length - ICMP, Ipv6.PROTOCOL_ICMP, own, Solicitations.ALL_NODES,
                Ndp.HOP_LIMIT);
        Icmp.checksum(packet, ICMP, Checksum.transport(packet, 0, ICMP, length - ICMP, Ipv6.PROTOCOL_ICMP));
        frame.setMemory(0, IP, (byte) 0);
        Ethernet.header(frame, HeldFrame.FRAME, ALL_NODES_MAC, link.mac(port), Ethernet.TYPE_IPV6);
        frame.putBytes(IP, packet, 0, length);
        link.originate(port, frame, HeldFrame.FRAME, Ethernet.HEADER_LENGTH + length);
    }
}
