package org.sluice.slowpath.helper;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.wire.Ipv4;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.HelperSession;
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
    private final ControlFlows announced;
    private final UnsafeBuffer replacement = new UnsafeBuffer(new byte[MAX_REPLACEMENT]);
    private Edits edits;
    private long now;

    /** @param flow original direction of the control connection */
    ControlSession(ActiveHelper helper, int flow, Flows flows, ExpectationTable expectations, MappingTable mappings,
            ControlFlows announced) {
        this.helper = helper;
        this.flow = flow;
        this.flows = flows;
        this.expectations = expectations;
        this.mappings = mappings;
        this.announced = announced;
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

    /** @return what another run needs to go on. */
    abstract SavedSession save();

    SavedSession save(HelperSession session, byte[] stream) {
        UnsafeBuffer out = new UnsafeBuffer(new byte[HelperSession.MAX_MEMORY]);
        int length = -1;
        try {
            length = session.save(out, 0);
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            helper.count("failed");
        }
        byte[] memory = new byte[Math.clamp(length, 0, HelperSession.MAX_MEMORY)];
        out.getBytes(0, memory);
        return new SavedSession(helper.name(), stream, memory, length >= 0);
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
        return seenEndpoint(listener, peer, transport, to, null, null) != null;
    }

    @Override
    public boolean expect(Direction listener, Peer peer, Transport transport, Mention mention) {
        Endpoint to = mention.endpoint();
        Endpoint seen = seenEndpoint(listener, peer, transport, to, null, null);
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
    public void endExpectations(String group) {
        expectations.removeGroup(flow, group);
    }

    @Override
    public Endpoint expect(Direction listener, Peer peer, Transport transport, Endpoint to, Group group) {
        return seenEndpoint(listener, peer, transport, to, Objects.requireNonNull(group), null);
    }

    @Override
    public Endpoint expectControl(Direction listener, Peer peer, Transport transport, Endpoint to, Group group,
            Function<Control, HelperSession> reader) {
        return seenEndpoint(listener, peer, transport, to, Objects.requireNonNull(group),
                announced.noting(helper, reader));
    }

    @Override
    public Endpoint expectPair(Direction listener, Peer peer, Endpoint rtp, Group group) {
        if (rtp.port() % 2 != 0) {
            throw new IllegalArgumentException("the port of RTP is " + rtp.port() + ", which is odd");
        }
        if (!mayLead(listener, Transport.UDP, rtp)) {
            return null;
        }
        Endpoint rtcp = new Endpoint(rtp.address(), rtp.port() + 1);
        IpAddress real = IpAddress.of(endpointOf(listener).address());
        IpAddress seen = seen(listener);
        if (seen.equals(real) || !seen.isV4()) {
            boolean opened = open(listener, peer, Transport.UDP, rtp, null, group, null);
            open(listener, peer, Transport.UDP, rtcp, null, group, null);
            return opened ? new Endpoint(seen.toInetAddress(), rtp.port()) : null;
        }
        MappingTable.Pair pair = mappings.usePair(Ipv4.PROTOCOL_UDP, real.v4(), rtp.port(), seen.v4());
        if (pair == null) {
            helper.count("no_pair");
            return seenEndpoint(listener, peer, Transport.UDP, rtp, group, null);
        }
        boolean opened = open(listener, peer, Transport.UDP, rtp, pair.even(), group, null);
        open(listener, peer, Transport.UDP, rtcp, pair.odd(), group, null);
        return opened ? new Endpoint(seen.toInetAddress(), pair.even().outsidePort()) : null;
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
    private Endpoint seenEndpoint(Direction listener, Peer peer, Transport transport, Endpoint to, Group group,
            IntConsumer reader) {
        Budget.service();
        if (!mayLead(listener, transport, to)) {
            return null;
        }
        IpAddress seen = seen(listener);
        IpAddress real = IpAddress.of(endpointOf(listener).address());
        Mapping mapping = null;
        if (!seen.equals(real) && seen.isV4()) {
            // IPv6 keeps its ports
            mapping = mappings.use(protocol(transport), real.v4(), to.port(), seen.v4());
            if (mapping == null) {
                helper.count("no_port");
                return null;
            }
            if (to.port() < FIRST_ALLOWED_PORT && mapping.outsidePort() != to.port()) {
                // who asks for a daemon's well-known port asks for no other; but whose daemon it is may depend on who asks
                mappings.release(mapping);
                mapping = null;
                if (peer.equals(Peer.ANYONE)) {
                    helper.count("no_port");
                    return null;
                }
            }
        }
        if (!open(listener, peer, transport, to, mapping, group, reader)) {
            return null;
        }
        return new Endpoint(seen.toInetAddress(), mapping == null ? to.port() : mapping.outsidePort());
    }

    /** @return whether a helper may have that opened at all. */
    private boolean mayLead(Direction listener, Transport transport, Endpoint to) {
        if (to.port() < FIRST_ALLOWED_PORT && !isWatched(transport, to.port())) {
            helper.count("refused_port");
            return false;
        }
        if (!to.address().equals(endpointOf(listener).address())
                && !to.address().equals(seen(listener).toInetAddress())) {
            helper.count("refused_address");
            return false;
        }
        return true;
    }

    /** @param mapping whose use passes to the expectation, or null. @return false when a bound was reached */
    private boolean open(Direction listener, Peer peer, Transport transport, Endpoint to, Mapping mapping,
            Group group, IntConsumer reader) {
        long limit = (group == null ? helper.spec().timeout() : group.limit()).toNanos();
        Expectation.Lasting lasting = group == null ? null : new Expectation.Lasting(group.name(), limit, false);
        Expectation expectation = new Expectation(helper.name(), flow, protocol(transport), from(listener, peer),
                seen(listener), mapping == null ? to.port() : mapping.outsidePort(),
                IpAddress.of(endpointOf(listener).address()), to.port(), mapping, now + limit, lasting, reader);
        switch (expectations.add(expectation, helper.spec().maxExpectations())) {
            case TAKEN, FULL -> {
                helper.count("refused_full");
                return false;
            }
            case HOST_FULL -> {
                helper.count("refused_host_full");
                return false;
            }
            case RENEWED -> {
                // counted when it was new
            }
            case ADDED -> helper.count("expected");
        }
        return true;
    }

    private IpAddress seen(Direction side) {
        return side == Direction.ORIGINAL ? flows.newSource(flow) : flows.destination(flow);
    }

    /** @return null for any host. */
    private IpAddress from(Direction listener, Peer peer) {
        if (peer.host() != null) {
            return IpAddress.of(peer.host());
        }
        return peer.equals(Peer.ANYONE)
                ? null
                : listener == Direction.ORIGINAL ? flows.newDestination(flow) : flows.source(flow);
    }

    /** A daemon that the helper watches on one side may be asked back on the other, as with talk. */
    private boolean isWatched(Transport transport, int port) {
        return helper.reads(transport) && helper.ports().contains(port);
    }

    @Override
    public Transport transport() {
        return flows.protocol(flow) == Ipv4.PROTOCOL_TCP ? Transport.TCP : Transport.UDP;
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
