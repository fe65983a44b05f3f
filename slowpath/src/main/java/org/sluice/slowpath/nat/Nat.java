package org.sluice.slowpath.nat;

import java.util.ArrayList;
import java.util.List;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.route.Ipv4Prefix;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NatSettings.Behaviour;

/** The rules of translation: what the destination of a new flow becomes, and then its source. Conductor. */
public final class Nat {
    private List<NatSettings> rules;
    private final Interfaces interfaces;
    private final MappingTable mappings;
    private final List<Translated> prefixes = new ArrayList<>();

    /** A rule for a prefix of IPv6. */
    private record Translated(String out, PrefixTranslation prefix) {}

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
        mappings.clearForwards();
        interfaces.clearProxies();
        prefixes.clear();
        rules.forEach(this::reserve);
    }

    private void reserve(NatSettings rule) {
        switch (rule) {
            case NatSettings.Dnat d -> {
                Iface in = interfaces.byName(d.in());
                if (d.asked() == null) {
                    in.addresses().forEach(address -> reserve(d, address));
                } else {
                    int address = Ipv4Address.of(d.asked());
                    interfaces.proxy(in.port(), address, address);
                    reserve(d, address);
                }
            }
            case NatSettings.Snat s -> interfaces.proxy(interfaces.byName(s.out()).port(), Ipv4Address.of(s.first()),
                    Ipv4Address.of(s.last()));
            case NatSettings.Netmap n -> {
                Ipv4Prefix to = Ipv4Prefix.of(n.to());
                interfaces.proxy(interfaces.byName(n.out()).port(), to.address(), to.broadcast());
            }
            case NatSettings.Nptv6 n -> prefixes.add(new Translated(n.out(),
                    new PrefixTranslation(Prefix.of(n.from()), Prefix.of(n.to()))));
            case NatSettings.Masquerade _,NatSettings.Redirect _,NatSettings.None _ -> {
                // nothing is known by another address than the interface's own
            }
        }
    }

    private void reserve(NatSettings.Dnat forward, int address) {
        for (int port = forward.firstPort(); port <= forward.lastPort(); port++) {
            mappings.forward(address, forward.protocol(), port, Ipv4Address.of(forward.to()),
                    forward.toPort() + port - forward.firstPort());
        }
    }

    /**
     * Where a new flow really goes.
     *
     * @param in interface whose address was asked for; null when the flow is not forwarded
     * @param address of the destination
     * @param port of the destination
     * @param mapping that was asked for; null when none was
     */
    public record Destination(Iface in, IpAddress address, int port, Mapping mapping) {

        /** Of no mapping. */
        public Destination(Iface in, IpAddress address, int port) {
            this(in, address, port, null);
        }
    }

    /**
     * @param port that the flow enters by
     * @return what the destination becomes; unchanged when no rule matches
     */
    public Destination destination(int port, int protocol, IpAddress asked, int askedPort) {
        if (!asked.isV4()) {
            return destination6(asked, askedPort);
        }
        int address = asked.v4();
        for (NatSettings rule : rules) {
            switch (rule) {
                case NatSettings.Dnat d -> {
                    Iface in = interfaces.byName(d.in());
                    if (d.protocol() == protocol && askedPort >= d.firstPort() && askedPort <= d.lastPort()
                            && isAsked(d, in, address)) {
                        return new Destination(in, IpAddress.of(d.to()), d.toPort() + askedPort - d.firstPort());
                    }
                }
                case NatSettings.Redirect r -> {
                    IpAddress to = IpAddress.of(r.to());
                    // the host itself must get out, and the gateway's own addresses are no way out
                    if (r.protocol() == protocol && askedPort >= r.firstPort() && askedPort <= r.lastPort()
                            && interfaces.byName(r.in()).port() == port && !interfaces.isOwn(address)) {
                        return new Destination(null, to, r.toPort() + askedPort - r.firstPort());
                    }
                }
                case NatSettings.Netmap n -> {
                    Ipv4Prefix to = Ipv4Prefix.of(n.to());
                    if (to.contains(address) && !interfaces.isOwn(address)) {
                        return new Destination(interfaces.byName(n.out()),
                                IpAddress.v4(
                                        Ipv4Prefix.of(n.from()).address() | address & ~Ipv4Prefix.mask(to.length())),
                                askedPort);
                    }
                }
                case NatSettings.Masquerade _,NatSettings.Snat _,NatSettings.None _,NatSettings.Nptv6 _ -> {
                    // about sources only, or IPv6
                }
            }
        }
        return new Destination(null, asked, askedPort);
    }

    private Destination destination6(IpAddress asked, int port) {
        for (Translated each : prefixes) {
            IpAddress inside = each.prefix.isOutside(asked) && !interfaces.isOwn(asked) ? each.prefix.in(asked) : null;
            if (inside != null) {
                return new Destination(interfaces.byName(each.out), inside, port);
            }
        }
        return new Destination(null, asked, port);
    }

    /** @return what an IPv6 source becomes on its way out of that interface; null when it is one that can't be translated */
    public IpAddress source6(Iface out, IpAddress address) {
        for (Translated each : prefixes) {
            if (each.out.equals(out.name()) && each.prefix.isInside(address) && !interfaces.isOwn(address)) {
                return each.prefix.out(address);
            }
        }
        return address;
    }

    private static boolean isAsked(NatSettings.Dnat rule, Iface in, int address) {
        return rule.asked() == null ? in.addresses().contains(address) : Ipv4Address.of(rule.asked()) == address;
    }

    /**
     * An inside endpoint by what it is known as outside. Whether the flow may go there is not asked here.
     *
     * @return null when nobody has that outside endpoint, or the protocol has no ports
     */
    public Destination mapped(int protocol, IpAddress asked, int askedPort) {
        if (!asked.isV4() || protocol != Ipv4.PROTOCOL_TCP && protocol != Ipv4.PROTOCOL_UDP) {
            return null;
        }
        Mapping mapping = mappings.find(protocol, asked.v4(), askedPort);
        if (mapping == null) {
            return null;
        }
        return new Destination(interfaces.answering(asked.v4()), IpAddress.v4(mapping.insideAddress()),
                mapping.insidePort(),
                mapping);
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

    /**
     * @param destination real one
     * @return what the source becomes on its way out of that interface
     */
    public Source source(Iface out, int protocol, int address, int port, int destination) {
        for (NatSettings rule : rules) {
            switch (rule) {
                case NatSettings.None n -> {
                    if (n.out().equals(out.name()) && contains(n.from(), address) && contains(n.to(), destination)) {
                        return new Source(Outcome.UNCHANGED, address, port, null);
                    }
                }
                case NatSettings.Masquerade m -> {
                    if (m.out().equals(out.name()) && !interfaces.isOwn(address)) {
                        return map(protocol, address, port, out.address(), m.behaviour());
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
                case NatSettings.Dnat _,NatSettings.Redirect _,NatSettings.Nptv6 _ -> {
                    // about destinations only, or IPv6
                }
            }
        }
        return new Source(Outcome.UNCHANGED, address, port, null);
    }

    private static boolean contains(IpPrefix prefix, int address) {
        return prefix == null || Ipv4Prefix.of(prefix).contains(address);
    }

    /** Source translation to a given address, as a hairpin needs it (RFC 4787 REQ-9a). */
    public Source map(int protocol, int address, int port, int outsideAddress) {
        return map(protocol, address, port, outsideAddress, Behaviour.USUAL);
    }

    private Source map(int protocol, int address, int port, int outsideAddress, Behaviour behaviour) {
        if (!hasPorts(protocol)) {
            return new Source(Outcome.TRANSLATED, outsideAddress, port, null);
        }
        Mapping mapping = mappings.use(protocol, address, port, outsideAddress, behaviour);
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
                return map(protocol, address, port, outside, rule.behaviour());
            }
            if (!mappings.hasOverflowed(protocol, outside)) {
                break;
            }
        }
        for (int i = 0; i < count; i++) {
            Source source = map(protocol, address, port, first + (start + i) % count, rule.behaviour());
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
