package org.sluice.slowpath.route;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2IntHashMap;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;

/** The gateway's interfaces and its own IPv4 addresses. Read by the conductor; fixed once made. */
public final class Interfaces {
    private static final int NONE = -1;
    private final List<Iface> all = new ArrayList<>();
    private final Int2IntHashMap portByAddress = new Int2IntHashMap(NONE);
    private final List<Proxied> proxied = new ArrayList<>();

    /**
     * One interface.
     *
     * @param port index
     * @param name in the configuration
     * @param zone for policy
     * @param addresses own IPv4 addresses; the first is the one it speaks with
     * @param links prefixes of the link, at the same positions
     */
    public record Iface(int port, String name, String zone, List<Integer> addresses, List<Ipv4Prefix> links) {

        /** @return the address it speaks with, or 0 when it has none. */
        public int address() {
            return addresses.isEmpty() ? 0 : addresses.getFirst();
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
    }

    private record Proxied(int port, int first, int last) {}

    /** @param settings in the order of the ports */
    public Interfaces(List<InterfaceSettings> settings) {
        for (int port = 0; port < settings.size(); port++) {
            InterfaceSettings s = settings.get(port);
            List<IpPrefix> ipv4 = s.addresses().stream().filter(IpPrefix::isIpv4).toList();
            Iface iface = new Iface(port, s.name(), s.zone(),
                    ipv4.stream().map(p -> Ipv4Address.of(p.address())).toList(),
                    ipv4.stream().map(Ipv4Prefix::of).toList());
            all.add(iface);
            for (int address : iface.addresses()) {
                portByAddress.put(address, port);
            }
        }
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

    /** Makes the gateway answer ARP for addresses that it translates; both ends inclusive. */
    public void proxy(int port, int first, int last) {
        proxied.add(new Proxied(port, first, last));
    }

    /** Forgets what {@link #proxy} was told. */
    public void clearProxies() {
        proxied.clear();
    }

    /** @return whether ARP requests for the address on that port are to be answered. */
    public boolean answersFor(int port, int address) {
        if (portByAddress.get(address) == port) {
            return true;
        }
        for (Proxied p : proxied) {
            if (p.port == port && Integer.compareUnsigned(address, p.first) >= 0
                    && Integer.compareUnsigned(address, p.last) <= 0) {
                return true;
            }
        }
        return false;
    }
}
