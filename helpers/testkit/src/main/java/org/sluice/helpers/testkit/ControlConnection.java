package org.sluice.helpers.testkit;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * One control connection under a helper, between the client {@value #CLIENT} and the server {@value #SERVER} unless others are named. Keeps the rules of the
 * gateway: what is not consumed is held and offered again, up to the helper's own bound; only the listener's own address and ports
 * from 1024 on, or those that the helper watches, are opened. Where the gateway would forgive a broken helper and count it, an {@link IllegalStateException} says what is
 * wrong. Text is ISO 8859-1, so that every byte is one character. For one thread.
 */
public final class ControlConnection {
    public static final String CLIENT = "10.77.0.2";
    public static final String SERVER = "198.51.100.2";
    private static final int CLIENT_PORT = 40000;
    private static final int FIRST_ALLOWED_PORT = 1024;
    private static final int MAX_REPLACEMENT = 512;
    /** So that a helper which forgets the offset is found out. */
    private static final int PADDING = 5;

    private final Helper helper;
    private final NatHelper nat;
    private final Transport transport;
    private final Function<Control, HelperSession> reader;
    private HelperSession session;
    private final Map<String, String> options;
    private final Side[] sides = {new Side(), new Side()};
    private final List<Announced> expectations = new ArrayList<>();
    private final Map<String, Integer> events = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Edit> edits = new ArrayList<>();
    private InetAddress client = InetAddress.ofLiteral(CLIENT);
    private InetAddress server = InetAddress.ofLiteral(SERVER);
    private boolean detached;
    private final Map<Seen, Function<Control, HelperSession>> readers = new HashMap<>();
    private int clientPort = CLIENT_PORT;
    private int serverPort;

    /** What is known of one side. */
    private static final class Side {
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private byte[] held = new byte[0];
        private InetAddress seen;
        private IntUnaryOperator port = IntUnaryOperator.identity();
    }

    /** A call and what each side chose; -1 where a side has chosen nothing yet. */
    private record Call(int original, int reply) {

        int of(Direction side) {
            return side == Direction.ORIGINAL ? original : reply;
        }
    }

    private record Seen(Transport transport, Endpoint endpoint) {}

    private record Edit(int offset, int length, String text) {}

    /** What the session sees of the gateway. */
    private final class Gateway implements Control {

        @Override
        public Endpoint endpointOf(Direction side) {
            return side == Direction.ORIGINAL
                    ? new Endpoint(client, clientPort)
                    : new Endpoint(server, serverPort);
        }

        @Override
        public Endpoint seenEndpointOf(Direction side) {
            Endpoint own = endpointOf(side);
            Side known = sides[side.ordinal()];
            return known.seen == null ? own : new Endpoint(known.seen, known.port.applyAsInt(own.port()));
        }

        @Override
        public void rewrite(Mention mention, Endpoint seen) {
            write(mention, seen);
        }

        @Override
        public boolean expect(Direction listener, Peer peer, Transport transport, Endpoint to) {
            return open(listener, peer, transport, to, null) != null;
        }

        @Override
        public boolean expect(Direction listener, Peer peer, Transport transport, Mention mention) {
            Endpoint seen = open(listener, peer, transport, mention.endpoint(), null);
            if (seen != null && !seen.equals(mention.endpoint())) {
                write(mention, seen);
            }
            return seen != null;
        }

        @Override
        public int seenPort(Direction listener, Transport transport, int port) {
            return port(listener, transport, e -> e.to().port() == port, Announced::seen);
        }

        @Override
        public int ownPort(Direction listener, Transport transport, int seenPort) {
            return port(listener, transport, e -> e.seen().port() == seenPort, Announced::to);
        }

        private int port(Direction listener, Transport transport, Predicate<Announced> wanted,
                Function<Announced, Endpoint> answer) {
            return expectations.stream()
                    .filter(e -> e.listener() == listener && e.transport() == transport && wanted.test(e))
                    .mapToInt(e -> answer.apply(e).port()).findFirst().orElse(-1);
        }

        @Override
        public void rewriteLength(int offset, int length, int part, int partLength) {
            int growth = edits.stream().filter(e -> e.offset >= part && e.offset < part + partLength)
                    .mapToInt(e -> e.text.length() - e.length).sum();
            if (growth != 0) {
                edits.add(new Edit(offset, length, Integer.toString(partLength + growth)));
            }
        }

        @Override
        public void endExpectations() {
            expectations.clear();
        }

        @Override
        public Endpoint expect(Direction listener, Peer peer, Transport transport, Endpoint to, Group group) {
            return open(listener, peer, transport, to, group.name());
        }

        @Override
        public Endpoint expectPair(Direction listener, Peer peer, Endpoint rtp, Group group) {
            if (rtp.port() % 2 != 0) {
                throw new IllegalStateException("the port of RTP is " + rtp.port() + ", which is odd");
            }
            Endpoint seen = open(listener, peer, Transport.UDP, rtp, group.name());
            if (seen != null) {
                open(listener, peer, Transport.UDP, new Endpoint(rtp.address(), rtp.port() + 1), group.name());
            }
            return seen;
        }

        @Override
        public Endpoint expectControl(Direction listener, Peer peer, Transport transport, Endpoint to, Group group,
                Function<Control, HelperSession> reader) {
            Endpoint seen = open(listener, peer, transport, to, group.name());
            if (seen != null) {
                readers.put(new Seen(transport, seen), reader);
            }
            return seen;
        }

        @Override
        public void endExpectations(String group) {
            expectations.removeIf(e -> group.equals(e.group()));
        }

        @Override
        public Transport transport() {
            return transport;
        }

        @Override
        public int openCall(Direction side, int callId) {
            endCall(side, callId);
            if (calls.size() == helper.spec().maxExpectations()
                    && !calls.removeIf(c -> c.original < 0 || c.reply < 0)) {
                count("refused_full");
                return -1;
            }
            calls.add(side == Direction.ORIGINAL ? new Call(callId, -1) : new Call(-1, callId));
            return seenCallId(side, callId);
        }

        @Override
        public int answerCall(Direction side, int callId, int opened) {
            Direction opener = side.opposite();
            if (!calls.removeIf(c -> c.of(opener) == opened && c.of(side) < 0)) {
                count("refused_call");
                return -1;
            }
            calls.add(side == Direction.ORIGINAL ? new Call(callId, opened) : new Call(opened, callId));
            return seenCallId(side, callId);
        }

        @Override
        public void endCall(Direction side, int callId) {
            calls.removeIf(c -> c.of(side) == callId);
        }

        @Override
        public void detach() {
            detached = true;
        }

        @Override
        public void count(String event) {
            events.merge(event, 1, Integer::sum);
        }

        @Override
        public Map<String, String> options() {
            return options;
        }
    }

    /** @param nat null to try the helper without its NAT half */
    public ControlConnection(Helper helper, NatHelper nat) {
        this(helper, nat, Map.of());
    }

    /** @param options as in the configuration */
    public ControlConnection(Helper helper, NatHelper nat, Map<String, String> options) {
        this(helper, nat, options, helper.spec().transport());
    }

    /** @param transport that carries it, for a helper that reads several */
    public ControlConnection(Helper helper, NatHelper nat, Map<String, String> options, Transport transport) {
        this(helper, nat, options, transport, helper::newSession);
    }

    private ControlConnection(Helper helper, NatHelper nat, Map<String, String> options, Transport transport,
            Function<Control, HelperSession> reader) {
        this.transport = transport;
        serverPort = helper.spec().ports().getFirst();
        this.helper = helper;
        this.nat = nat;
        this.options = Map.copyOf(options);
        this.reader = reader;
        session = reader.apply(new Gateway());
    }

    /** The two hosts have these addresses, IPv4 or IPv6. */
    public ControlConnection between(String clientAddress, String serverAddress) {
        client = InetAddress.ofLiteral(clientAddress);
        server = InetAddress.ofLiteral(serverAddress);
        return this;
    }

    /** The host of that side is seen under another address; ports stay. */
    public ControlConnection translate(Direction side, String seenAddress) {
        return translate(side, seenAddress, IntUnaryOperator.identity());
    }

    /** @param port from the real port to the one that is seen */
    public ControlConnection translate(Direction side, String seenAddress, IntUnaryOperator port) {
        sides[side.ordinal()].seen = InetAddress.ofLiteral(seenAddress);
        sides[side.ordinal()].port = port;
        return this;
    }

    /**
     * A control connection comes that the helper has announced.
     *
     * @param announced to the host that accepts it; the other host of this one makes it
     * @throws IllegalStateException when nothing was to be read there
     */
    public ControlConnection connect(Announced announced) {
        Function<Control, HelperSession> reader = readers.get(new Seen(announced.transport(), announced.seen()));
        if (reader == null) {
            throw new IllegalStateException("nobody reads " + announced);
        }
        ControlConnection child = new ControlConnection(helper, nat, options, announced.transport(), reader);
        boolean isBack = announced.listener() == Direction.ORIGINAL;
        child.client = isBack ? server : client;
        child.server = isBack ? client : server;
        child.clientPort = clientPort + 1;
        child.serverPort = announced.to().port();
        for (Direction side : Direction.values()) {
            Side mine = sides[(isBack ? side.opposite() : side).ordinal()];
            child.sides[side.ordinal()].seen = mine.seen;
            child.sides[side.ordinal()].port = mine.port;
        }
        return child;
    }

    /** The client says something. @param cuts where it is cut into segments, ascending */
    public ControlConnection client(String text, int... cuts) {
        return say(Direction.ORIGINAL, text, cuts);
    }

    /** The server says something. @param cuts where it is cut into segments, ascending */
    public ControlConnection server(String text, int... cuts) {
        return say(Direction.REPLY, text, cuts);
    }

    private ControlConnection say(Direction from, String text, int... cuts) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int begin = 0;
        for (int cut : cuts) {
            feed(from, Arrays.copyOfRange(bytes, begin, cut));
            begin = cut;
        }
        feed(from, Arrays.copyOfRange(bytes, begin, bytes.length));
        return this;
    }

    /** One segment, or with UDP one datagram. */
    public void feed(Direction from, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Side side = sides[from.ordinal()];
        byte[] offered = Arrays.copyOf(side.held, side.held.length + bytes.length);
        System.arraycopy(bytes, 0, offered, side.held.length, bytes.length);
        if (detached) {
            pass(side, offered, offered.length);
            return;
        }
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[PADDING + offered.length + PADDING]);
        buffer.putBytes(PADDING, offered);
        edits.clear();
        int consumed = session.onBytes(from, buffer, PADDING, offered.length);
        if (consumed < 0 || consumed > offered.length) {
            throw new IllegalStateException("consumed " + consumed + " of " + offered.length + " bytes");
        }
        boolean whole = detached || transport == Transport.UDP;
        pass(side, offered, whole ? offered.length : consumed);
        if (side.held.length > helper.spec().maxHeld()) {
            release(from);
        }
    }

    /** Sends on the first bytes as edited, and holds the others. */
    private void pass(Side side, byte[] offered, int count) {
        int at = 0;
        edits.sort((a, b) -> Integer.compare(a.offset, b.offset));
        for (Edit edit : edits) {
            if (edit.offset < at || edit.length < 1 || edit.offset + edit.length > count) {
                throw new IllegalStateException("a mention of " + edit.length + " bytes at " + edit.offset
                        + " overlaps another or is not within the " + count + " bytes consumed");
            }
            side.output.write(offered, at, edit.offset - at);
            side.output.writeBytes(edit.text.getBytes(StandardCharsets.ISO_8859_1));
            at = edit.offset + edit.length;
        }
        edits.clear();
        side.output.write(offered, at, count - at);
        side.held = Arrays.copyOfRange(offered, count, offered.length);
    }

    /** What is held has waited for too long: the gateway passes it on. */
    public ControlConnection release(Direction from) {
        Side side = sides[from.ordinal()];
        if (side.held.length > 0) {
            pass(side, side.held, side.held.length);
            if (!detached) {
                session.onSkip(from);
            }
        }
        return this;
    }

    /**
     * The gateway is restarted. Another session goes on with what this one has saved; when it can't, nothing is shown to it any
     * more.
     */
    public ControlConnection restart() {
        UnsafeBuffer memory = new UnsafeBuffer(new byte[PADDING + HelperSession.MAX_MEMORY]);
        int length = session.save(memory, PADDING);
        if (length > HelperSession.MAX_MEMORY) {
            throw new IllegalStateException("it has saved " + length + " bytes");
        }
        session = reader.apply(new Gateway());
        detached |= length < 0 || !session.restore(memory, PADDING, length);
        return this;
    }

    private Endpoint open(Direction listener, Peer peer, Transport transport, Endpoint to, String group) {
        Side side = sides[listener.ordinal()];
        InetAddress own = listener == Direction.ORIGINAL ? client : server;
        boolean isWatched = helper.transports().contains(transport) && helper.spec().ports().contains(to.port());
        if (to.port() < FIRST_ALLOWED_PORT && !isWatched) {
            events.merge("refused_port", 1, Integer::sum);
            return null;
        }
        if (!to.address().equals(own) && !to.address().equals(side.seen)) {
            events.merge("refused_address", 1, Integer::sum);
            return null;
        }
        Endpoint real = new Endpoint(own, to.port());
        Endpoint seen = side.seen == null ? real : new Endpoint(side.seen, side.port.applyAsInt(to.port()));
        expectations.removeIf(e -> e.seen().equals(seen) && e.transport() == transport);
        if (expectations.size() == helper.spec().maxExpectations()) {
            expectations.removeFirst();
        }
        expectations.add(new Announced(listener, peer, transport, real, seen, group));
        return seen;
    }

    private void write(Mention mention, Endpoint seen) {
        UnsafeBuffer out = new UnsafeBuffer(new byte[MAX_REPLACEMENT + PADDING]);
        int length = nat == null ? -1 : nat.encode(mention, seen, out, PADDING);
        if (length >= 0) {
            byte[] bytes = new byte[length];
            out.getBytes(PADDING, bytes);
            edits.add(new Edit(mention.offset(), mention.length(), new String(bytes, StandardCharsets.ISO_8859_1)));
        }
    }

    /** @return all that the server has received. */
    public String atServer() {
        return sides[Direction.ORIGINAL.ordinal()].output.toString(StandardCharsets.ISO_8859_1);
    }

    /** @return all that the client has received. */
    public String atClient() {
        return sides[Direction.REPLY.ordinal()].output.toString(StandardCharsets.ISO_8859_1);
    }

    /** @return what that side has said and is held back. */
    public String held(Direction from) {
        return new String(sides[from.ordinal()].held, StandardCharsets.ISO_8859_1);
    }

    /** @return those that are open, the oldest first; no more than the helper declares. */
    public List<Announced> expectations() {
        return Collections.unmodifiableList(expectations);
    }

    /** @return those that are opened, answered and not ended. */
    public List<AgreedCall> calls() {
        return calls.stream().filter(c -> c.original >= 0 && c.reply >= 0)
                .map(c -> new AgreedCall(c.original, seenCallId(Direction.ORIGINAL, c.original), c.reply,
                        seenCallId(Direction.REPLY, c.reply)))
                .toList();
    }

    private int seenCallId(Direction side, int callId) {
        Side known = sides[side.ordinal()];
        return known.seen == null ? callId : known.port.applyAsInt(callId);
    }

    /** @return what the helper has counted, and what was refused to it: {@code refused_port}, {@code refused_address}. */
    public Map<String, Integer> events() {
        return Collections.unmodifiableMap(events);
    }

    /** @return whether the helper has asked to be shown nothing more. */
    public boolean isDetached() {
        return detached;
    }
}
