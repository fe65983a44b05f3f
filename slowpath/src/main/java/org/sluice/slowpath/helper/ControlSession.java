package org.sluice.slowpath.helper;

import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.CallTable;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.nat.Mapping;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.stream.Edits;

/**
 * One control connection under a helper: does what the helper asks for, within bounds that it can't move. An expectation leads
 * only to the announcing host itself, which may call itself by its own address or by the one it is seen under (servers and
 * clients can be told their public address), and to a port from 1024 on or to the one that the helper itself watches. Conductor.
 */
abstract sealed class ControlSession implements Control permits StreamSession, DatagramSession {
    private static final int FIRST_ALLOWED_PORT = 1024;
    private static final int MAX_REPLACEMENT = 512;

    private final ActiveHelper helper;
    private final int flow;
    private final Flows flows;
    private final ExpectationTable expectations;
    private final MappingTable mappings;
    private final UnsafeBuffer replacement = new UnsafeBuffer(new byte[MAX_REPLACEMENT]);
    private Edits edits;
    private long now;

    /** @param flow original direction of the control connection */
    ControlSession(ActiveHelper helper, int flow, Flows flows, ExpectationTable expectations, MappingTable mappings) {
        this.helper = helper;
        this.flow = flow;
        this.flows = flows;
        this.expectations = expectations;
        this.mappings = mappings;
    }

    ActiveHelper helper() {
        return helper;
    }

    int flow() {
        return flow;
    }

    /** Time of what follows, System.nanoTime. */
    void now(long now) {
        this.now = now;
    }

    /** What the helper asks for next goes into these. */
    void edits(Edits edits) {
        this.edits = edits;
    }

    static Direction side(int direction) {
        return direction == 0 ? Direction.ORIGINAL : Direction.REPLY;
    }

    @Override
    public Endpoint endpointOf(Direction side) {
        return side == Direction.ORIGINAL
                ? new Endpoint(flows.source(flow).toInetAddress(), flows.newDestinationPort(flow | 1))
                : new Endpoint(flows.newDestination(flow).toInetAddress(), flows.newDestinationPort(flow));
    }

    @Override
    public Endpoint seenEndpointOf(Direction side) {
        return side == Direction.ORIGINAL
                ? new Endpoint(flows.newSource(flow).toInetAddress(), flows.newSourcePort(flow))
                : new Endpoint(flows.destination(flow).toInetAddress(), flows.newSourcePort(flow | 1));
    }

    @Override
    public boolean expect(Direction listener, Peer peer, Transport transport, Endpoint to) {
        return seenEndpoint(listener, peer, transport, to) != null;
    }

    @Override
    public boolean expect(Direction listener, Peer peer, Transport transport, Mention mention) {
        Endpoint to = mention.endpoint();
        Endpoint seen = seenEndpoint(listener, peer, transport, to);
        if (seen == null) {
            return false;
        }
        if (!seen.equals(to)) {
            rewrite(mention, seen);
        }
        return true;
    }

    @Override
    public void rewrite(Mention mention, Endpoint seen) {
        Budget.service();
        int length = helper.nat() == null ? -1 : helper.nat().encode(mention, seen, replacement, 0);
        if (length < 0) {
            helper.count("not_rewritten");
            return;
        }
        edits.replace(mention.offset(), mention.length(), replacement, 0, length);
        helper.count("rewritten");
    }

    @Override
    public int seenPort(Direction listener, Transport transport, int port) {
        for (Expectation e : expectations.of(flow)) {
            if (leadsTo(listener, transport, e) && e.realPort() == port) {
                return e.seenPort();
            }
        }
        return -1;
    }

    @Override
    public int ownPort(Direction listener, Transport transport, int seenPort) {
        for (Expectation e : expectations.of(flow)) {
            if (leadsTo(listener, transport, e) && e.seenPort() == seenPort) {
                return e.realPort();
            }
        }
        return -1;
    }

    private boolean leadsTo(Direction listener, Transport transport, Expectation e) {
        return e.protocol() == protocol(transport)
                && e.realAddress().toInetAddress().equals(endpointOf(listener).address());
    }

    private static int protocol(Transport transport) {
        return transport == Transport.TCP ? Ipv4.PROTOCOL_TCP : Ipv4.PROTOCOL_UDP;
    }

    @Override
    public void rewriteLength(int offset, int length, int part, int partLength) {
        int growth = edits.growth(part, partLength);
        if (growth != 0) {
            int digits = replacement.putStringWithoutLengthAscii(0, Integer.toString(partLength + growth));
            edits.replace(offset, length, replacement, 0, digits);
        }
    }

    @Override
    public void endExpectations() {
        expectations.removeAllOf(flow);
    }

    @Override
    public int openCall(Direction side, int callId) {
        Call.End end = reserve(side, callId);
        if (end == null) {
            return -1;
        }
        if (!expectations.calls().open(helper.name(), flow, side.ordinal(), end, helper.spec().maxExpectations(),
                deadline())) {
            helper.count("refused_full");
            return -1;
        }
        return end.seenCallId();
    }

    @Override
    public int answerCall(Direction side, int callId, int opened) {
        CallTable calls = expectations.calls();
        Call call = calls.find(flow, side.opposite().ordinal(), opened);
        if (call == null || call.isAnswered()) {
            helper.count("refused_call");
            return -1;
        }
        Call.End end = reserve(side, callId);
        if (end == null) {
            return -1;
        }
        calls.answer(call, side.ordinal(), end, deadline());
        helper.count("expected");
        return end.seenCallId();
    }

    @Override
    public void endCall(Direction side, int callId) {
        expectations.calls().clear(flow, side.ordinal(), callId);
    }

    private Call.End reserve(Direction side, int callId) {
        if (flows.isIpv6(flow)) {
            helper.count("refused_ipv6");
            return null;
        }
        Call.End end = expectations.calls().reserve(IpAddress.of(endpointOf(side).address()).v4(),
                IpAddress.of(seenEndpointOf(side).address()).v4(), callId);
        if (end == null) {
            helper.count("no_port");
        }
        return end;
    }

    private long deadline() {
        return now + helper.spec().timeout().toNanos();
    }

    /** @return the endpoint the peer has to connect to, now expected; null when nothing was opened. */
    private Endpoint seenEndpoint(Direction listener, Peer peer, Transport transport, Endpoint to) {
        Budget.service();
        if (to.port() < FIRST_ALLOWED_PORT && !isWatched(transport, to.port())) {
            helper.count("refused_port");
            return null;
        }
        IpAddress seen = listener == Direction.ORIGINAL ? flows.newSource(flow) : flows.destination(flow);
        Endpoint own = endpointOf(listener);
        if (!to.address().equals(own.address()) && !to.address().equals(seen.toInetAddress())) {
            helper.count("refused_address");
            return null;
        }
        int protocol = protocol(transport);
        IpAddress real = IpAddress.of(own.address());
        int seenPort = to.port();
        Mapping mapping = null;
        if (!seen.equals(real)) {
            mapping = mappings.use(protocol, real.v4(), to.port(), seen.v4());
            if (mapping == null) {
                helper.count("no_port");
                return null;
            }
            seenPort = mapping.outsidePort();
            if (to.port() < FIRST_ALLOWED_PORT && seenPort != to.port()) {
                // who asks for a daemon's well-known port asks for no other
                mappings.release(mapping);
                helper.count("no_port");
                return null;
            }
        }
        IpAddress from = peer == Peer.ANYONE
                ? null
                : listener == Direction.ORIGINAL ? flows.newDestination(flow) : flows.source(flow);
        Expectation expectation = new Expectation(helper.name(), flow, protocol, from, seen, seenPort, real, to.port(),
                mapping, deadline());
        switch (expectations.add(expectation, helper.spec().maxExpectations())) {
            case TAKEN, FULL -> {
                helper.count("refused_full");
                return null;
            }
            case HOST_FULL -> {
                helper.count("refused_host_full");
                return null;
            }
            case ADDED -> helper.count("expected");
        }
        return seen.equals(real) ? to : new Endpoint(seen.toInetAddress(), seenPort);
    }

    /** A daemon that the helper watches on one side may be asked back on the other, as with talk. */
    private boolean isWatched(Transport transport, int port) {
        return transport == helper.spec().transport() && helper.ports().contains(port);
    }

    @Override
    public void count(String event) {
        helper.count(event);
    }

    @Override
    public Map<String, String> options() {
        return helper.options();
    }
}
