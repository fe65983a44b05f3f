package org.sluice.slowpath.conductor;

import org.agrona.concurrent.CachedNanoClock;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.flow.FlowKey;
import org.sluice.fastpath.flow.FlowTable;
import org.sluice.fastpath.wire.Icmp;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.fastpath.wire.Ipv6;
import org.sluice.fastpath.wire.Sctp;
import org.sluice.fastpath.wire.Tcp;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.Status;
import org.sluice.slowpath.icmp.IcmpErrors;
import org.sluice.slowpath.icmp.Problem;
import org.sluice.slowpath.nat.Nat;
import org.sluice.slowpath.neighbor.NeighborTable;
import org.sluice.slowpath.packet.ConductorCounter;
import org.sluice.slowpath.packet.Ledger;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.State;

/**
 * Decides about the first packet of a flow: expected? where to? allowed? under which address? Then makes the flow. The steps are in
 * the order of netfilter: destination translation, route, policy, source translation. Conductor.
 */
final class NewFlows {
    private final Tables tables;
    private final FlowLife life;
    private final NeighborTable neighbors;
    private final IcmpErrors icmpErrors;
    private final OwnTraffic ownTraffic;
    private final FlowJudge judge;
    private final SourceChecks sourceChecks;
    private final Ledger ledger;
    private final CachedNanoClock clock;
    private final FlowStory story;

    NewFlows(Tables tables, FlowLife life, NeighborTable neighbors, IcmpErrors icmpErrors, OwnTraffic ownTraffic,
            FlowJudge judge, SourceChecks sourceChecks, Ledger ledger, CachedNanoClock clock, FlowStory story) {
        this.tables = tables;
        this.life = life;
        this.neighbors = neighbors;
        this.icmpErrors = icmpErrors;
        this.ownTraffic = ownTraffic;
        this.judge = judge;
        this.sourceChecks = sourceChecks;
        this.ledger = ledger;
        this.clock = clock;
        this.story = story;
    }

    /** @return the new flow's original direction, or {@link FlowTable#NONE}; then the packet's fate is settled. */
    int onPacket(Packet p) {
        int port = policyPort(p);
        Call.Way call = FlowKey.isCall(p.ports())
                ? tables.expectations().calls().find(p.addresses(), p.ports())
                : null;
        Expectation expected = expectation(p, port);
        Nat.Destination to = destination(p, call, expected, port);
        story.expected(expected, call);
        story.destination(p, to, expected != null || call != null);
        if (tables.interfaces().isOwn(to.address())) {
            ownTraffic.onPacket(p);
            return FlowTable.NONE;
        }
        if (!mayBegin(p)) {
            return drop(DropReason.NOT_A_FLOW);
        }
        if (p.ttl() <= 1) {
            return refuse(p, DropReason.TTL, Problem.HOP_LIMIT);
        }
        Route route = tables.routes().find(to.address(), p.source());
        Route back = tables.routes().back(p.source(), to.address(), p.port());
        story.route(to, route, back);
        if (route == null || back == null) {
            return refuse(p, DropReason.NO_ROUTE, Problem.NO_ROUTE);
        }
        Iface out = tables.interfaces().get(route.port());
        if (!sourceChecks.passes(p, back)) {
            return drop(DropReason.MARTIAN);
        }
        State state = expected != null || call != null ? State.RELATED : State.NEW;
        if (to.mapping() != null) {
            story.admittedByMapping();
        } else if (!isAllowed(p, to, out, state)) {
            return FlowTable.NONE;
        }
        int flow = p.isTransportChecksumRight()
                ? makeInRoom(p, to, expected, call, out, route, back)
                : drop(DropReason.TRANSPORT_CHECKSUM);
        tables.policy().settle(flow);
        return flow;
    }

    private int makeInRoom(Packet p, Nat.Destination to, Expectation expected, Call.Way call, Iface out, Route route,
            Route back) {
        DropReason noRoom = life.makeRoom(p);
        if (noRoom == DropReason.HOST_QUOTA) {
            return refuse(p, noRoom, life.noRoom());
        }
        return noRoom == null ? life.begun(make(p, to, expected, call, out, route, back)) : drop(noRoom);
    }

    private Expectation expectation(Packet p, int port) {
        Expectation found = tables.expectations().find(p.protocol(), p.source(), p.destination(), port);
        if (found == null || !found.isWithin()) {
            return found;
        }
        return tables.routes().leads(found.realAddress(), p.port()) ? found : null;
    }

    private Nat.Destination destination(Packet p, Call.Way call, Expectation expected, int port) {
        if (call != null) {
            return new Nat.Destination(null, IpAddress.v4(FlowKey.destination(call.newAddresses())),
                    FlowKey.destinationPort(call.newPorts()));
        }
        if (expected != null) {
            return new Nat.Destination(null, expected.realAddress(), expected.realPort());
        }
        Nat.Destination byRule = tables.nat().destination(p.port(), p.protocol(), p.destination(), port);
        Nat.Destination mapped = byRule.address().equals(p.destination())
                ? tables.nat().mapped(p.protocol(), p.destination(), port)
                : null;
        return mapped != null && mayEnter(p, mapped) ? mapped : byRule;
    }

    /**
     * The filter of the address translation: strangers as the mapping's rule says; neighbours of the mapped host, who could speak to it
     * without the gateway, always (RFC 4787 REQ-9).
     */
    private boolean mayEnter(Packet p, Nat.Destination mapped) {
        Route route = tables.routes().find(mapped.address());
        if (route == null) {
            return false;
        }
        return tables.routes().leads(mapped.address(), p.port()) || mapped.mapping().isOpenTo(p.source());
    }

    /**
     * TCP begins with a SYN (RFC 9293 3.5) unless it is picked up, a ping with a request, SCTP with an INIT or, on another path than its
     * first, a HEARTBEAT (RFC 9260 5.1, 8.3); anything may begin the others.
     */
    private boolean mayBegin(Packet p) {
        int flags = p.tcpFlags() & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN);
        return switch (p.protocol()) {
            case Ipv4.PROTOCOL_TCP -> flags == Tcp.SYN || flags == Tcp.ACK && life.mayPickUp();
            case Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMP -> !p.isIcmp()
                    || FlowKey.icmpType(p.ports()) == Icmp.ECHO_REQUEST;
            case Ipv4.PROTOCOL_SCTP -> {
                int chunk = Sctp.chunkType(p.buffer(), p.l4(), p.end());
                yield chunk == Sctp.INIT || chunk == Sctp.HEARTBEAT;
            }
            default -> true;
        };
    }

    private static int policyPort(Packet p) {
        return p.isIcmp() ? 0 : FlowKey.destinationPort(p.ports());
    }

    private boolean isAllowed(Packet p, Nat.Destination to, Iface out, State state) {
        FlowJudge.Verdict verdict = judge.judge(p, to, out, state);
        judge.note(verdict, clock.nanoTime());
        boolean isAdmitted = verdict.action() != Action.ACCEPT
                || tables.policy().admits(verdict.rule(), verdict.attempt(), clock.nanoTime());
        story.policy(verdict, isAdmitted);
        switch (verdict.action()) {
            case ACCEPT -> {
                if (isAdmitted) {
                    return true;
                }
                ledger.drop(DropReason.LIMIT);
            }
            case REJECT -> {
                ledger.drop(DropReason.REJECTED);
                ownTraffic.reject(p);
            }
            case DROP -> ledger.drop(DropReason.POLICY);
        }
        return false;
    }

    /** @return whether the packet asks for an address of another interface than the one it came in through. */
    private static boolean isHairpin(Packet p, Nat.Destination to) {
        return to.in() != null && to.in().port() != p.port();
    }

    private int make(Packet p, Nat.Destination to, Expectation expected, Call.Way call, Iface out, Route route,
            Route back) {
        long ports = ports(p, call);
        Nat.Source from = source(p, to, expected, call, out, FlowKey.sourcePort(ports));
        story.source(p, from, out, expected != null || call != null);
        if (from.outcome() == Nat.Outcome.EXHAUSTED) {
            boolean isHosts = tables.mappings().hasAllPorts(p.source());
            return refuse(p, isHosts ? DropReason.HOST_QUOTA : DropReason.NAT_EXHAUSTED, life.noRoom());
        }
        long newPorts = newPorts(ports, from.port(), to.port());
        Flows flows = tables.flows();
        boolean clash = isTaken(to.address(), from.address(), FlowKey.lookup(Flows.swapPorts(newPorts)), call);
        int flow = clash ? FlowTable.NONE : flows.table().allocate();
        if (flow == FlowTable.NONE) {
            release(from);
            return refuse(p, clash ? DropReason.NAT_EXHAUSTED : DropReason.TABLE_FULL, life.noRoom());
        }
        if (p.isIpv6()) {
            flows.fill6(flow, p.source(), p.destination(), from.address(), to.address(), ports, newPorts);
        } else {
            flows.fill(flow, p.addresses(), ports, FlowKey.addresses(from.address().v4(), to.address().v4()), newPorts);
        }
        if (from.mapping() != null) {
            flows.mapping(flow, from.mapping().id());
        }
        if (to.mapping() != null) {
            tables.mappings().useAsDestination(flow & ~1, to.mapping());
        }
        if (!begin(flow, p, to.address(), route, back)) {
            release(from);
            tables.mappings().releaseDestination(flow & ~1);
            return refuse(p, DropReason.TABLE_FULL, life.noRoom());
        }
        if (expected != null) {
            fulfil(expected, flow);
        } else if (call != null) {
            tables.expectations().calls().fulfil(call.call());
            flows.mark(flow, Status.EXPECTED);
            flows.parent(flow, call.call().parent());
        }
        life.countHosts(flow, 1);
        story.made(flow);
        return flow;
    }

    private boolean begin(int flow, Packet p, IpAddress destination, Route route, Route back) {
        Flows flows = tables.flows();
        long now = clock.nanoTime();
        flows.path(flow, p.port(), neighbors.use(route.port(), route.nextHop(destination), now));
        flows.path(flow | 1, route.port(), neighbors.use(back.port(), back.nextHop(p.source()), now));
        if (!life.begin(flow, p.end() - p.ip())) {
            neighbors.release(flows.adjacency(flow));
            neighbors.release(flows.adjacency(flow | 1));
            return false;
        }
        ledger.counters().increment(ConductorCounter.FLOWS_CREATED);
        return true;
    }

    /** GRE without a call does not tell its sender's call ID; taken for the receiver's, it clashes with nobody else's. */
    private static long ports(Packet p, Call.Way call) {
        int receiver = FlowKey.destinationPort(p.ports());
        return call != null ? call.ports() : FlowKey.isCall(p.ports()) ? FlowKey.call(receiver, receiver) : p.ports();
    }

    private Nat.Source source(Packet p, Nat.Destination to, Expectation expected, Call.Way call, Iface out, int port) {
        if (call != null) {
            // as the control connection is translated, whatever the rules say by now
            return new Nat.Source(Nat.Outcome.TRANSLATED, IpAddress.v4(FlowKey.source(call.newAddresses())),
                    FlowKey.sourcePort(call.newPorts()), null);
        }
        if (isHairpin(p, to)) {
            return hairpin(p, to, port);
        }
        if (to.in() == null && out.port() == p.port() && !to.address().equals(p.destination()) && expected == null) {
            // redirected to a host on the same link, whose answers have to come back this way
            return tables.nat().map(p.protocol(), p.source(), port, out.seenAddress(!p.isIpv6()));
        }
        return source(p, to.address(), expected, out, port);
    }

    /** Inside hosts that meet outside see each other's outside addresses (RFC 4787 REQ-9, RFC 6296 4.1). */
    private Nat.Source hairpin(Packet p, Nat.Destination to, int port) {
        if (p.isIpv6()) {
            Nat.Source byRule = tables.nat().source(to.in(), p.protocol(), p.source(), port, to.address());
            if (byRule.outcome() != Nat.Outcome.UNCHANGED) {
                return byRule;
            }
        }
        IpAddress seen = to.mapping() == null ? to.in().seenAddress(!p.isIpv6()) : to.mapping().outsideAddress();
        return tables.nat().map(p.protocol(), p.source(), port, seen);
    }

    /** @return the ports after translation. */
    static long newPorts(long ports, int source, int destination) {
        if (FlowKey.isCall(ports)) {
            return FlowKey.call(source, destination);
        }
        if (FlowKey.isEcho(ports)) {
            boolean isRequest = FlowKey.icmpType(ports) == Icmp.ECHO_REQUEST;
            return FlowKey.isIpv6(ports)
                    ? FlowKey.echo6(isRequest, source)
                    : FlowKey.echo(Icmp.ECHO_REQUEST, source);
        }
        return FlowKey.ports(FlowKey.protocol(ports), source, destination) | ports & FlowKey.IPV6;
    }

    /** @return whether the answers would be taken for another flow's, or for those of a call that the flow does not belong to. */
    private boolean isTaken(IpAddress source, IpAddress destination, long ports, Call.Way call) {
        FlowTable table = tables.flows().table();
        if (FlowKey.isIpv6(ports)) {
            return table.find(source.high(), source.low(), destination.high(), destination.low(),
                    ports) != FlowTable.NONE;
        }
        long addresses = FlowKey.addresses(source.v4(), destination.v4());
        return table.find(addresses, ports) != FlowTable.NONE
                || call == null && tables.expectations().calls().find(addresses, ports) != null;
    }

    /**
     * An expected connection leaves with the address that its maker has in the control connection: whoever was told to wait for it
     * may look at where it comes from (RFC 4787 REQ-2, and FTP servers and clients do).
     */
    private Nat.Source source(Packet p, IpAddress destination, Expectation expected, Iface out, int port) {
        Nat.Source byRule = tables.nat().source(out, p.protocol(), p.source(), port, destination);
        IpAddress wanted = expected == null ? p.source() : related(p, expected, out);
        if (wanted.equals(p.source()) || wanted.equals(byRule.address())) {
            return byRule;
        }
        Nat.Source related = tables.nat().map(p.protocol(), p.source(), port, wanted);
        if (related.outcome() == Nat.Outcome.EXHAUSTED) {
            return byRule;
        }
        release(byRule);
        return related;
    }

    /** @return the address that the maker of an expected connection is seen under; its own when nothing says so. */
    private IpAddress related(Packet p, Expectation expected, Iface out) {
        Flows flows = tables.flows();
        int parent = expected.parent();
        if (p.source().equals(flows.source(parent))) {
            return flows.newSource(parent);
        }
        if (p.source().equals(flows.newDestination(parent))) {
            return flows.destination(parent);
        }
        // a third host on the listener's own link: the answer has to come back this way too
        boolean turnsBack = out.port() == p.port() && !expected.seenAddress().equals(expected.realAddress());
        return turnsBack ? expected.seenAddress() : p.source();
    }

    private void fulfil(Expectation expected, int flow) {
        Flows flows = tables.flows();
        tables.expectations().fulfil(expected, clock.nanoTime());
        flows.mark(flow, Status.EXPECTED);
        flows.parent(flow, expected.parent());
        if (expected.reader() != null) {
            expected.reader().accept(flow);
        }
        if (expected.mapping() != null) {
            if (flows.mapping(flow) == 0) {
                // the port that was told to the peer belongs to this flow from now on
                flows.mapping(flow, expected.mapping().id());
            } else {
                tables.mappings().release(expected.mapping());
            }
        }
    }

    private void release(Nat.Source from) {
        if (from.mapping() != null) {
            tables.mappings().release(from.mapping());
        }
    }

    private int drop(DropReason reason) {
        ledger.drop(reason);
        return FlowTable.NONE;
    }

    private int refuse(Packet p, DropReason reason, Problem problem) {
        ledger.drop(reason);
        if (problem != null) {
            icmpErrors.send(problem, 0, p);
        }
        return FlowTable.NONE;
    }
}
