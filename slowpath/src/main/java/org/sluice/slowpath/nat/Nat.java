package org.sluice.slowpath.nat;

import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Prefix;
import org.sluice.slowpath.route.Prefix;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.NatSettings;
import org.sluice.slowpath.settings.NatSettings.Behaviour;

/** The rules of translation, for both families: what the destination of a new flow becomes, and then its source. Conductor. */
public final class Nat {
    private List<NatSettings> rules;
    /** Which have decided last; null for none. */
    private NatSettings destinationRule;
    private NatSettings sourceRule;
    private final Interfaces interfaces;
    private final MappingTable mappings;
    private final IdentityHashMap<NatSettings.Nptv6, PrefixTranslation> prefixes = new IdentityHashMap<>();

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
                    Prefix any = family(d.to());
                    addresses(in).filter(any::contains).forEach(address -> reserve(d, address));
                } else {
                    IpAddress address = IpAddress.of(d.asked());
                    interfaces.proxy(in.port(), address, address);
                    reserve(d, address);
                }
            }
            case NatSettings.Snat s -> interfaces.proxy(interfaces.byName(s.out()).port(), IpAddress.of(s.first()),
                    IpAddress.of(s.last()));
            case NatSettings.Netmap n -> {
                Ipv4Prefix to = Ipv4Prefix.of(n.to());
                interfaces.proxy(interfaces.byName(n.out()).port(), IpAddress.v4(to.address()),
                        IpAddress.v4(to.broadcast()));
            }
            case NatSettings.Nptv6 n -> prefixes.put(n,
                    new PrefixTranslation(Prefix.of(n.from()), Prefix.of(n.to())));
            case NatSettings.Masquerade _,NatSettings.Redirect _,NatSettings.None _ -> {
                // nothing is known by another address than the interface's own
            }
        }
    }

    /** @return everything of the address's family. */
    private static Prefix family(InetAddress address) {
        return new Prefix(IpAddress.of(address), 0);
    }

    /** @return what others reach the interface by. */
    private static Stream<IpAddress> addresses(Iface iface) {
        return Stream.concat(iface.addresses().stream().map(IpAddress::v4),
                iface.addresses6().stream().filter(address -> !address.isLinkLocal()));
    }

    private void reserve(NatSettings.Dnat forward, IpAddress address) {
        for (int port = forward.firstPort(); port <= forward.lastPort(); port++) {
            mappings.forward(address, forward.protocol(), port, IpAddress.of(forward.to()),
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
        destinationRule = null;
        for (NatSettings rule : rules) {
            Destination becomes = switch (rule) {
                case NatSettings.Dnat d -> forwarded(d, protocol, asked, askedPort);
                case NatSettings.Redirect r -> redirected(r, port, protocol, asked, askedPort);
                case NatSettings.Netmap n -> mapped(n, asked, askedPort);
                case NatSettings.Nptv6 n -> mapped(n, asked, askedPort);
                case NatSettings.Masquerade _,NatSettings.Snat _,NatSettings.None _ -> null;
            };
            if (becomes != null) {
                destinationRule = rule;
                return becomes;
            }
        }
        return new Destination(null, asked, askedPort);
    }

    private Destination forwarded(NatSettings.Dnat rule, int protocol, IpAddress asked, int port) {
        if (rule.protocol() != protocol || port < rule.firstPort() || port > rule.lastPort()) {
            return null;
        }
        Iface in = interfaces.byName(rule.in());
        boolean isAsked = rule.asked() == null
                ? addresses(in).anyMatch(asked::equals) && family(rule.to()).contains(asked)
                : asked.equals(IpAddress.of(rule.asked()));
        return isAsked
                ? new Destination(in, IpAddress.of(rule.to()), rule.toPort() + port - rule.firstPort())
                : null;
    }

    /** The host that others are led to must get out itself, and the gateway's own addresses are no way out. */
    private Destination redirected(NatSettings.Redirect rule, int in, int protocol, IpAddress asked, int port) {
        return rule.protocol() == protocol && port >= rule.firstPort() && port <= rule.lastPort()
                && interfaces.byName(rule.in()).port() == in && family(rule.to()).contains(asked)
                && !interfaces.isOwn(asked)
                        ? new Destination(null, IpAddress.of(rule.to()), rule.toPort() + port - rule.firstPort())
                        : null;
    }

    private Destination mapped(NatSettings.Netmap rule, IpAddress asked, int port) {
        Ipv4Prefix to = Ipv4Prefix.of(rule.to());
        return asked.isV4() && to.contains(asked.v4()) && !interfaces.isOwn(asked)
                ? new Destination(interfaces.byName(rule.out()), IpAddress.v4(
                        Ipv4Prefix.of(rule.from()).address() | asked.v4() & ~Ipv4Prefix.mask(to.length())), port)
                : null;
    }

    private Destination mapped(NatSettings.Nptv6 rule, IpAddress asked, int port) {
        PrefixTranslation prefix = prefixes.get(rule);
        IpAddress inside = prefix.isOutside(asked) && !interfaces.isOwn(asked) ? prefix.in(asked) : null;
        return inside == null ? null : new Destination(interfaces.byName(rule.out()), inside, port);
    }

    /** @return the rule that the last answer about a destination is by, such as rule 2 (dnat); null for none. */
    public String destinationRule() {
        return name(destinationRule);
    }

    /** @return the rule that the last answer about a source is by, such as rule 1 (masquerade); null for none. */
    public String sourceRule() {
        return name(sourceRule);
    }

    private String name(NatSettings rule) {
        return rule == null
                ? null
                : "rule " + (rules.indexOf(rule) + 1) + " ("
                        + rule.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ")";
    }

    /**
     * An inside endpoint by what it is known as outside. Whether the flow may go there is not asked here.
     *
     * @return null when nobody has that outside endpoint, or the protocol has no ports
     */
    public Destination mapped(int protocol, IpAddress asked, int askedPort) {
        if (protocol != Ipv4.PROTOCOL_TCP && protocol != Ipv4.PROTOCOL_UDP) {
            return null;
        }
        Mapping mapping = mappings.find(protocol, asked, askedPort);
        if (mapping == null) {
            return null;
        }
        return new Destination(interfaces.answering(asked), mapping.insideAddress(), mapping.insidePort(), mapping);
    }

    /**
     * What the source of a flow becomes.
     *
     * @param outcome whether there is one
     * @param address outside
     * @param port outside
     * @param mapping that holds the port, or null
     */
    public record Source(Outcome outcome, IpAddress address, int port, Mapping mapping) {
        private static final Source NONE = new Source(Outcome.EXHAUSTED, null, 0, null);
    }

    /** How the source of a flow was settled. */
    public enum Outcome {
        TRANSLATED, UNCHANGED, EXHAUSTED
    }

    /**
     * @param destination real one
     * @return what the source becomes on its way out of that interface
     */
    public Source source(Iface out, int protocol, IpAddress address, int port, IpAddress destination) {
        sourceRule = null;
        for (NatSettings rule : rules) {
            Source becomes = switch (rule) {
                case NatSettings.None n -> n.out().equals(out.name()) && contains(n.from(), address)
                        && contains(n.to(), destination) ? new Source(Outcome.UNCHANGED, address, port, null) : null;
                case NatSettings.Masquerade m -> masqueraded(m, out, protocol, address, port);
                case NatSettings.Snat s -> s.out().equals(out.name()) && contains(s.from(), address)
                        ? fromRange(s, protocol, address, port)
                        : null;
                case NatSettings.Netmap n -> mapped(n, out, address, port);
                case NatSettings.Nptv6 n -> mapped(n, out, address, port);
                case NatSettings.Dnat _,NatSettings.Redirect _ -> null;
            };
            if (becomes != null) {
                sourceRule = rule;
                return becomes;
            }
        }
        return new Source(Outcome.UNCHANGED, address, port, null);
    }

    private static boolean contains(IpPrefix prefix, IpAddress address) {
        return prefix == null || Prefix.of(prefix).contains(address);
    }

    private Source masqueraded(NatSettings.Masquerade rule, Iface out, int protocol, IpAddress address, int port) {
        if (!rule.out().equals(out.name()) || rule.isIpv6() == address.isV4() || interfaces.isOwn(address)) {
            return null;
        }
        IpAddress seen = out.seenAddress(address.isV4());
        return seen == null ? Source.NONE : map(protocol, address, port, seen, rule.behaviour());
    }

    private static Source mapped(NatSettings.Netmap rule, Iface out, IpAddress address, int port) {
        Ipv4Prefix from = Ipv4Prefix.of(rule.from());
        return rule.out().equals(out.name()) && address.isV4() && from.contains(address.v4())
                ? new Source(Outcome.TRANSLATED, IpAddress.v4(
                        Ipv4Prefix.of(rule.to()).address() | address.v4() & ~Ipv4Prefix.mask(from.length())), port,
                        null)
                : null;
    }

    private Source mapped(NatSettings.Nptv6 rule, Iface out, IpAddress address, int port) {
        PrefixTranslation prefix = prefixes.get(rule);
        if (!rule.out().equals(out.name()) || !prefix.isInside(address) || interfaces.isOwn(address)) {
            return null;
        }
        // some addresses have no translation (RFC 6296 3.5)
        IpAddress known = prefix.out(address);
        return known == null ? Source.NONE : new Source(Outcome.TRANSLATED, known, port, null);
    }

    /** Source translation to a given address, as a hairpin needs it (RFC 4787 REQ-9a). */
    public Source map(int protocol, IpAddress address, int port, IpAddress outsideAddress) {
        return map(protocol, address, port, outsideAddress, Behaviour.USUAL);
    }

    private Source map(int protocol, IpAddress address, int port, IpAddress outsideAddress, Behaviour behaviour) {
        if (!hasPorts(protocol)) {
            return new Source(Outcome.TRANSLATED, outsideAddress, port, null);
        }
        Mapping mapping = mappings.use(protocol, address, port, outsideAddress, behaviour);
        return mapping == null
                ? Source.NONE
                : new Source(Outcome.TRANSLATED, outsideAddress, mapping.outsidePort(), mapping);
    }

    /**
     * One host stays on one outside address (paired pooling, RFC 4787 REQ-2) as long as that has a free port; an endpoint that
     * had to go to another one stays there.
     */
    private Source fromRange(NatSettings.Snat rule, int protocol, IpAddress address, int port) {
        IpAddress first = IpAddress.of(rule.first());
        int count = (int) (IpAddress.of(rule.last()).low() - first.low()) + 1;
        int start = Integer.remainderUnsigned(hash(address) * 0x9E3779B9 >>> 8, count);
        for (int i = 0; i < count && hasPorts(protocol); i++) {
            IpAddress outside = first.plus((start + i) % count);
            if (mappings.isMapped(protocol, address, port, outside)) {
                return map(protocol, address, port, outside, rule.behaviour());
            }
            if (!mappings.hasOverflowed(protocol, outside)) {
                break;
            }
        }
        for (int i = 0; i < count; i++) {
            Source source = map(protocol, address, port, first.plus((start + i) % count), rule.behaviour());
            if (source.outcome() == Outcome.TRANSLATED) {
                return source;
            }
        }
        return Source.NONE;
    }

    private static int hash(IpAddress address) {
        return address.isV4() ? address.v4() : Long.hashCode(address.high() * 31 + address.low());
    }

    private static boolean hasPorts(int protocol) {
        return protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP || protocol == Ipv4.PROTOCOL_ICMP
                || protocol == Ipv6.PROTOCOL_ICMP;
    }
}
