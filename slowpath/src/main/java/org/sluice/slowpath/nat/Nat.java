package org.sluice.slowpath.nat;

import java.util.List;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.route.Ipv4Prefix;
import org.sluice.slowpath.settings.NatSettings;

/** The rules of translation: what the destination of a new flow becomes, and then its source. Conductor. */
public final class Nat {
    private List<NatSettings> rules;
    private final Interfaces interfaces;
    private final MappingTable mappings;

    /** @param rules as for {@link #replace} */
    public Nat(List<NatSettings> rules, Interfaces interfaces, MappingTable mappings) {
        this.interfaces = interfaces;
        this.mappings = mappings;
        replace(rules);
    }

    /**
     * From now on these rules decide; flows that have begun go on. Addresses and ports that the rules speak of are reserved and,
     * where they are on a link, answered for.
     */
    public final void replace(List<NatSettings> rules) {
        this.rules = List.copyOf(rules);
        mappings.clearReservations();
        interfaces.clearProxies();
        rules.forEach(this::reserve);
    }

    private void reserve(NatSettings rule) {
        switch (rule) {
            case NatSettings.Dnat d -> {
                for (int address : interfaces.byName(d.in()).addresses()) {
                    for (int port = d.firstPort(); port <= d.lastPort(); port++) {
                        mappings.reserve(address, d.protocol(), port);
                    }
                }
            }
            case NatSettings.Snat s -> interfaces.proxy(interfaces.byName(s.out()).port(), Ipv4Address.of(s.first()),
                    Ipv4Address.of(s.last()));
            case NatSettings.Netmap n -> {
                Ipv4Prefix to = Ipv4Prefix.of(n.to());
                interfaces.proxy(interfaces.byName(n.out()).port(), to.address(), to.broadcast());
            }
            case NatSettings.Masquerade m -> {
                // the interface answers for its own address
            }
        }
    }

    /**
     * Where a new flow really goes.
     *
     * @param in interface whose address was asked for; null when the flow is not forwarded
     * @param address of the destination
     * @param port of the destination
     */
    public record Destination(Iface in, IpAddress address, int port) {}

    /** @return what the destination becomes; unchanged when no rule matches, as for all of IPv6. */
    public Destination destination(int protocol, IpAddress asked, int port) {
        if (!asked.isV4()) {
            return new Destination(null, asked, port);
        }
        int address = asked.v4();
        for (NatSettings rule : rules) {
            switch (rule) {
                case NatSettings.Dnat d -> {
                    Iface in = interfaces.byName(d.in());
                    if (d.protocol() == protocol && port >= d.firstPort() && port <= d.lastPort()
                            && in.addresses().contains(address)) {
                        return new Destination(in, IpAddress.of(d.to()), d.toPort() + port - d.firstPort());
                    }
                }
                case NatSettings.Netmap n -> {
                    Ipv4Prefix to = Ipv4Prefix.of(n.to());
                    if (to.contains(address) && !interfaces.isOwn(address)) {
                        return new Destination(interfaces.byName(n.out()),
                                IpAddress.v4(
                                        Ipv4Prefix.of(n.from()).address() | address & ~Ipv4Prefix.mask(to.length())),
                                port);
                    }
                }
                case NatSettings.Masquerade m -> {
                    // translates sources only
                }
                case NatSettings.Snat s -> {
                    // translates sources only
                }
            }
        }
        return new Destination(null, asked, port);
    }

    /**
     * What the source of a flow becomes.
     *
     * @param outcome whether there is one
     * @param address outside
     * @param port outside
     * @param mapping that holds the port, or null
     */
    public record Source(Outcome outcome, int address, int port, Mapping mapping) {}

    /** How the source of a flow was settled. */
    public enum Outcome {
        TRANSLATED, UNCHANGED, EXHAUSTED
    }

    /** @return what the source becomes on its way out of that interface. */
    public Source source(Iface out, int protocol, int address, int port) {
        for (NatSettings rule : rules) {
            switch (rule) {
                case NatSettings.Masquerade m -> {
                    if (m.out().equals(out.name()) && !interfaces.isOwn(address)) {
                        return map(protocol, address, port, out.address());
                    }
                }
                case NatSettings.Snat s -> {
                    if (s.out().equals(out.name()) && Ipv4Prefix.of(s.from()).contains(address)) {
                        return fromRange(s, protocol, address, port);
                    }
                }
                case NatSettings.Netmap n -> {
                    Ipv4Prefix from = Ipv4Prefix.of(n.from());
                    if (n.out().equals(out.name()) && from.contains(address)) {
                        int mapped = Ipv4Prefix.of(n.to()).address() | address & ~Ipv4Prefix.mask(from.length());
                        return new Source(Outcome.TRANSLATED, mapped, port, null);
                    }
                }
                case NatSettings.Dnat d -> {
                    // translates destinations only
                }
            }
        }
        return new Source(Outcome.UNCHANGED, address, port, null);
    }

    /** Source translation to a given address, as a hairpin needs it (RFC 4787 REQ-9a). */
    public Source map(int protocol, int address, int port, int outsideAddress) {
        if (!hasPorts(protocol)) {
            return new Source(Outcome.TRANSLATED, outsideAddress, port, null);
        }
        Mapping mapping = mappings.use(protocol, address, port, outsideAddress);
        return mapping == null
                ? new Source(Outcome.EXHAUSTED, 0, 0, null)
                : new Source(Outcome.TRANSLATED, outsideAddress, mapping.outsidePort(), mapping);
    }

    /**
     * One host stays on one outside address (paired pooling, RFC 4787 REQ-2) as long as that has a free port; an endpoint that
     * had to go to another one stays there.
     */
    private Source fromRange(NatSettings.Snat rule, int protocol, int address, int port) {
        int first = Ipv4Address.of(rule.first());
        int count = Ipv4Address.of(rule.last()) - first + 1;
        int start = Integer.remainderUnsigned(address * 0x9E3779B9 >>> 8, count);
        for (int i = 0; i < count && hasPorts(protocol); i++) {
            int outside = first + (start + i) % count;
            if (mappings.isMapped(protocol, address, port, outside)) {
                return map(protocol, address, port, outside);
            }
            if (!mappings.hasOverflowed(protocol, outside)) {
                break;
            }
        }
        for (int i = 0; i < count; i++) {
            Source source = map(protocol, address, port, first + (start + i) % count);
            if (source.outcome() == Outcome.TRANSLATED) {
                return source;
            }
        }
        return new Source(Outcome.EXHAUSTED, 0, 0, null);
    }

    private static boolean hasPorts(int protocol) {
        return protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP || protocol == Ipv4.PROTOCOL_ICMP;
    }
}
