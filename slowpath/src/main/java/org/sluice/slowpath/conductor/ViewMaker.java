package org.sluice.slowpath.conductor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.concurrent.CachedNanoClock;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.port.Port;
import org.sluice.fastpath.port.PortCounter;
import org.sluice.fastpath.wire.Ethernet;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.SctpState;
import org.sluice.slowpath.conntrack.SctpTracker;
import org.sluice.slowpath.conntrack.TcpState;
import org.sluice.slowpath.helper.ActiveHelper;
import org.sluice.slowpath.helper.HelperHost;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.policy.PolicyRule;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Ipv4Address;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.InterfaceSettings;
import org.sluice.slowpath.settings.IpPrefix;
import org.sluice.slowpath.settings.PolicySettings.Match;
import org.sluice.slowpath.settings.PolicySettings.PortRange;
import org.sluice.slowpath.view.ExpectationView;
import org.sluice.slowpath.view.FlowFilter;
import org.sluice.slowpath.view.FlowPage;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.HelperView;
import org.sluice.slowpath.view.InterfaceView;
import org.sluice.slowpath.view.NatView;
import org.sluice.slowpath.view.NeighborView;
import org.sluice.slowpath.view.PolicyView;
import org.sluice.slowpath.view.Protocols;
import org.sluice.slowpath.view.RouteView;

/** Writes down what the tables hold, for people to see. Conductor. */
final class ViewMaker {
    private static final long SECOND = 1_000_000_000L;
    private final SlowPathContext context;
    private final Tables tables;
    private final Flows flows;
    private final NeighborTable neighbors;
    private final FlowLife life;
    private final HelperHost helpers;
    private final CachedNanoClock clock;

    ViewMaker(SlowPathContext context, Tables tables, NeighborTable neighbors, FlowLife life, HelperHost helpers,
            CachedNanoClock clock) {
        this.context = context;
        this.tables = tables;
        flows = tables.flows();
        this.neighbors = neighbors;
        this.life = life;
        this.helpers = helpers;
        this.clock = clock;
    }

    /** @param from record to begin at. @param limit records to look at */
    FlowPage flows(FlowFilter filter, int from, int limit) {
        List<FlowView> page = new ArrayList<>();
        int end = flows.table().recordLimit();
        int record = Math.max(1, from);
        for (int looked = 0; record < end && looked < limit; looked++, record++) {
            int flow = record << 1;
            if (life.isLive(flow)) {
                FlowView view = flow(flow);
                if (filter.matches(view)) {
                    page.add(view);
                }
            }
        }
        return new FlowPage(page, record < end ? record : -1);
    }

    boolean matches(FlowFilter filter, int flow) {
        return filter.isAll() || filter.matches(flow(flow));
    }

    private FlowView flow(int flow) {
        life.catchUp(flow);
        int protocol = flows.protocol(flow);
        boolean tcp = protocol == Ipv4.PROTOCOL_TCP;
        boolean sctp = protocol == Ipv4.PROTOCOL_SCTP;
        SctpState association = SctpTracker.state(flows, flow);
        boolean seenReply = flows.packets(flow | 1) > 0;
        boolean assured = tcp
                ? flows.state(flow).ordinal() >= TcpState.ESTABLISHED.ordinal() && seenReply
                : (sctp && association.isOpen() || protocol == Ipv4.PROTOCOL_UDP || FlowKey.isCall(flows.ports(flow)))
                        && seenReply;
        long left = Math.max(0, life.deadline(flow) - clock.nanoTime()) / SECOND;
        return new FlowView(flow >>> 1, protocolName(protocol), protocol,
                tcp ? flows.state(flow).name() : sctp ? association.name() : "", left,
                direction(flow), direction(flow | 1), seenReply, assured, helpers.helperOf(flow),
                flows.parent(flow) == 0 ? -1 : flows.parent(flow) >>> 1);
    }

    private FlowView.Tuple direction(int flow) {
        long ports = flows.ports(flow);
        boolean icmp = FlowKey.isEcho(ports);
        int identifier = FlowKey.icmpType(ports) == Icmp.ECHO_REQUEST
                ? FlowKey.sourcePort(ports)
                : FlowKey.destinationPort(ports);
        // the sender's ID stands in what it is sent
        int source = FlowKey.isCall(ports) ? flows.newDestinationPort(flow ^ 1) : FlowKey.sourcePort(ports);
        return new FlowView.Tuple(flows.source(flow).toString(), flows.destination(flow).toString(),
                icmp ? identifier : source, icmp ? identifier : FlowKey.destinationPort(ports),
                flows.packets(flow), flows.bytes(flow));
    }

    static String protocolName(int protocol) {
        return Protocols.name(protocol);
    }

    List<ExpectationView> expectations() {
        List<ExpectationView> views = new ArrayList<>();
        tables.expectations().all().forEach(e -> views.add(expectation(e)));
        tables.expectations().calls().all().stream().filter(Call::isAwaited).forEach(c -> views.add(call(c)));
        return views;
    }

    /** As the side that opened the control connection will use it; the other side may be first all the same. */
    private ExpectationView call(Call call) {
        Call.Way way = new Call.Way(call, 0);
        return new ExpectationView(call.helper(), protocolName(Ipv4.PROTOCOL_GRE),
                Ipv4Address.format(FlowKey.source(way.addresses())),
                Ipv4Address.format(FlowKey.destination(way.addresses())), FlowKey.destinationPort(way.ports()),
                Ipv4Address.format(FlowKey.destination(way.newAddresses())), FlowKey.destinationPort(way.newPorts()),
                Math.max(0, call.deadline() - clock.nanoTime()) / SECOND, call.parent() >>> 1);
    }

    private ExpectationView expectation(Expectation e) {
        return new ExpectationView(e.helper(), protocolName(e.protocol()),
                e.peer() == null ? "any" : e.peer().toString(), e.seenAddress().toString(), e.seenPort(),
                e.realAddress().toString(), e.realPort(),
                Math.max(0, e.deadline() - clock.nanoTime()) / SECOND,
                e.parent() >>> 1);
    }

    List<HelperView> helpers() {
        return helpers.active().stream().map(this::helper).toList();
    }

    private HelperView helper(ActiveHelper h) {
        Map<String, Long> events = new TreeMap<>();
        h.events().forEach((event, count) -> events.put(event, count.get()));
        int expected = (int) expectations().stream().filter(e -> e.helper().equals(h.name())).count();
        return new HelperView(h.name(), h.transportNames(), h.ports(),
                h.nat() != null,
                helpers.sessions(h), expected, events, Objects.requireNonNullElse(h.problem(), ""));
    }

    List<InterfaceView> interfaces() {
        List<InterfaceView> views = new ArrayList<>();
        for (Iface iface : tables.interfaces().all()) {
            Port port = context.ports().get(iface.port());
            InterfaceSettings settings = tables.interfaces().settings(iface.port());
            Map<String, Long> counters = new TreeMap<>();
            for (PortCounter counter : PortCounter.values()) {
                counters.put(counter.name().toLowerCase(Locale.ROOT), context.onPort(iface.port(), counter));
            }
            views.add(new InterfaceView(iface.name(), settings.link(), iface.zone(),
                    settings.addresses().stream().map(p -> IpAddress.of(p.address()) + "/" + p.length()).toList(),
                    Ethernet.format(port.macAddress()),
                    port.mtu(), port.isUp(), counters));
        }
        return views;
    }

    List<NeighborView> neighbors() {
        return neighbors.entries().stream()
                .map(e -> new NeighborView(e.address(), e.mac(), tables.interfaces().get(e.port()).name(), e.state()))
                .toList();
    }

    List<RouteView> routes() {
        return tables.routes().all().stream().map(this::route).toList();
    }

    private RouteView route(Route route) {
        return new RouteView(route.to().toString(), route.via() == null ? "" : route.via().toString(),
                tables.interfaces().get(route.port()).name(), route.via() == null ? "link" : "static");
    }

    List<PolicyView> policy() {
        return tables.policy().rules().stream().map(ViewMaker::rule).toList();
    }

    private static PolicyView rule(PolicyRule rule) {
        Match match = rule.settings().match();
        return new PolicyView(rule.label(), Objects.requireNonNullElse(match.from(), ""),
                Objects.requireNonNullElse(match.to(), ""), match.sources().stream().map(IpPrefix::toString).toList(),
                match.destinations().stream().map(IpPrefix::toString).toList(),
                match.protocols().stream().sorted().map(ViewMaker::protocolName).toList(),
                match.ports().stream().map(PortRange::toString).toList(),
                match.states().stream().sorted().map(s -> s.name().toLowerCase(Locale.ROOT)).toList(),
                rule.action().name().toLowerCase(Locale.ROOT), rule.counts().decided(), rule.counts().beyond());
    }

    List<NatView> nat() {
        return tables.mappings().usage().stream().map(
                u -> new NatView(u.address().toString(), protocolName(u.protocol()), u.used(), u.size()))
                .toList();
    }
}
