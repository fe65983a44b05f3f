package org.sluice.slowpath.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;
import org.agrona.collections.Int2IntHashMap;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;

/** The gateway's interfaces and its own addresses. Conductor. */
public final class Interfaces {
    private static final int NONE = -1;
    private static final int LINK_LOCAL_LENGTH = 64;
    private final List<Iface> all = new ArrayList<>();
    private final Int2IntHashMap portByAddress = new Int2IntHashMap(NONE);
    private final Set<IpAddress> own6 = new HashSet<>();
    private final List<Proxied> proxied = new ArrayList<>();
    private final IntToLongFunction macs;
    private List<InterfaceSettings> settings;

    /**
     * One interface.
     *
     * @param port index
     * @param name in the configuration
     * @param zone for policy
     * @param addresses own IPv4 addresses; the first is the one it speaks with
     * @param links IPv4 prefixes of the link, at the same positions
     * @param addresses6 own IPv6 addresses, the link-local one last; none when none is configured
     * @param links6 IPv6 prefixes of the link, at the same positions
     */
    public record Iface(int port, String name, String zone, List<Integer> addresses, List<Ipv4Prefix> links,
            List<IpAddress> addresses6, List<Prefix> links6) {

        /** @return the address it speaks with, or 0 when it has none. */
        public int address() {
            return addresses.isEmpty() ? 0 : addresses.getFirst();
        }

        /** @return the address that hosts of the family are seen under when they hide behind it; null when it has none. */
        public IpAddress seenAddress(boolean isV4) {
            return isV4
                    ? addresses.isEmpty() ? null : IpAddress.v4(address())
                    : addresses6.stream().filter(address -> !address.isLinkLocal()).findFirst().orElse(null);
        }

        /** @return the address it would use toward a host: the one on the same link, if any. */
        public int addressToward(int host) {
            for (int i = 0; i < links.size(); i++) {
                if (links.get(i).contains(host)) {
                    return addresses.get(i);
                }
            }
            return address();
        }

        /** @return the address it would use toward a host of either family; null when it has none of that family. */
        public IpAddress addressToward(IpAddress host) {
            if (host.isV4()) {
                return addresses.isEmpty() ? null : IpAddress.v4(addressToward(host.v4()));
            }
            for (int i = 0; i < links6.size(); i++) {
                if (links6.get(i).contains(host)) {
                    return addresses6.get(i);
                }
            }
            return addresses6.isEmpty() ? null : addresses6.getFirst();
        }

        /** @return whether it has addresses of IPv6, the link-local one among them. */
        public boolean hasIpv6() {
            return !addresses6.isEmpty();
        }
    }

    private record Proxied(int port, IpAddress first, IpAddress last) {}

    /**
     * @param settings in the order of the ports
     * @param macs Ethernet address of a port, which makes its link-local address
     */
    public Interfaces(List<InterfaceSettings> settings, IntToLongFunction macs) {
        this.macs = macs;
        fill(settings);
    }

    /**
     * From now on the interfaces have these addresses and zones.
     *
     * @param next of the same interfaces in the same order
     * @return addresses that the gateway had and has no more
     */
    public Set<IpAddress> replace(List<InterfaceSettings> next) {
        Set<IpAddress> gone = own();
        fill(next);
        gone.removeAll(own());
        return gone;
    }

    private void fill(List<InterfaceSettings> next) {
        settings = List.copyOf(next);
        all.clear();
        own6.clear();
        portByAddress.clear();
        for (int port = 0; port < settings.size(); port++) {
            InterfaceSettings s = settings.get(port);
            List<IpPrefix> ipv4 = s.addresses().stream().filter(IpPrefix::isIpv4).toList();
            Iface iface = new Iface(port, s.name(), s.zone(),
                    ipv4.stream().map(p -> Ipv4Address.of(p.address())).toList(),
                    ipv4.stream().map(Ipv4Prefix::of).toList(), addresses6(s, macs.applyAsLong(port)),
                    links6(s, macs.applyAsLong(port)));
            all.add(iface);
            own6.addAll(iface.addresses6());
            for (int address : iface.addresses()) {
                portByAddress.put(address, port);
            }
        }
    }

    /** @return all addresses of the gateway, of both families; a copy. */
    public Set<IpAddress> own() {
        Set<IpAddress> own = new HashSet<>(own6);
        all.forEach(iface -> iface.addresses().forEach(address -> own.add(IpAddress.v4(address))));
        return own;
    }

    /** @return what the configuration says of the interface. */
    public InterfaceSettings settings(int port) {
        return settings.get(port);
    }

    private static List<IpAddress> addresses6(InterfaceSettings settings, long mac) {
        return withLinkLocal(settings, mac).map(p -> IpAddress.of(p.address())).toList();
    }

    private static List<Prefix> links6(InterfaceSettings settings, long mac) {
        return withLinkLocal(settings, mac).map(Prefix::of).toList();
    }

    /** Every interface that speaks IPv6 has a link-local address (RFC 4291 2.1); one of the configuration takes its place. */
    private static Stream<IpPrefix> withLinkLocal(InterfaceSettings settings, long mac) {
        List<IpPrefix> ipv6 = settings.addresses().stream().filter(p -> !p.isIpv4()).toList();
        boolean lacks = !ipv6.isEmpty() && ipv6.stream().noneMatch(p -> p.address().isLinkLocalAddress());
        IpPrefix own = new IpPrefix(IpAddress.linkLocal(mac).toInetAddress(), LINK_LOCAL_LENGTH);
        return Stream.concat(ipv6.stream(), lacks ? Stream.of(own) : Stream.empty());
    }

    public Iface get(int port) {
        return all.get(port);
    }

    public List<Iface> all() {
        return all;
    }

    /** @return the interface of that name, or null. */
    public Iface byName(String name) {
        return all.stream().filter(i -> i.name().equals(name)).findFirst().orElse(null);
    }

    /** @return whether it is an address of the gateway. */
    public boolean isOwn(int address) {
        return portByAddress.get(address) != NONE;
    }

    /** The same for either family. */
    public boolean isOwn(IpAddress address) {
        return address.isV4() ? isOwn(address.v4()) : own6.contains(address);
    }

    /** @return whether it is a link's broadcast or network address. */
    public boolean isLinkBroadcast(int address) {
        for (Iface iface : all) {
            for (Ipv4Prefix link : iface.links()) {
                if (link.length() < 31 && (address == link.broadcast() || address == link.address())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @return port whose link the address is on, or -1. */
    public int linkOf(int address) {
        for (Iface iface : all) {
            for (Ipv4Prefix link : iface.links()) {
                if (link.contains(address)) {
                    return iface.port();
                }
            }
        }
        return NONE;
    }

    /** The same for either family; no link of ours in particular has the link-local prefix. */
    public int linkOf(IpAddress address) {
        if (address.isV4()) {
            return linkOf(address.v4());
        }
        if (!address.isLinkLocal()) {
            for (Iface iface : all) {
                if (iface.links6().stream().anyMatch(link -> link.contains(address))) {
                    return iface.port();
                }
            }
        }
        return NONE;
    }

    /** @return whether a host with that address can be on the port's link. */
    public boolean isOnLink(int port, IpAddress address) {
        return address.isV4()
                ? linkOf(address.v4()) == port
                : get(port).links6().stream().anyMatch(link -> link.contains(address));
    }

    /** Makes the gateway answer ARP or neighbour discovery for addresses that it translates; both ends inclusive. */
    public void proxy(int port, IpAddress first, IpAddress last) {
        proxied.add(new Proxied(port, first, last));
    }

    /** Forgets what {@link #proxy} was told. */
    public void clearProxies() {
        proxied.clear();
    }

    /** @return the interface that has or answers for an address; null when none does. */
    public Iface answering(IpAddress address) {
        for (Iface iface : all) {
            if (answersFor(iface.port(), address)) {
                return iface;
            }
        }
        return null;
    }

    /** @return whether ARP requests or neighbour solicitations for the address on that port are to be answered. */
    public boolean answersFor(int port, IpAddress address) {
        boolean isOwn = address.isV4()
                ? portByAddress.get(address.v4()) == port
                : get(port).addresses6().contains(address);
        if (isOwn) {
            return true;
        }
        for (Proxied p : proxied) {
            if (p.port == port && address.isV4() == p.first.isV4() && address.compare(p.first) >= 0
                    && address.compare(p.last) <= 0) {
                return true;
            }
        }
        return false;
    }
}
