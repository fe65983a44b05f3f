package org.sluice.helpers.talk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * A client's port and a daemon with a gateway between them that gives ports of the TCP listener another number, and refuses what
 * is not the listener's own.
 */
final class TalkFlow implements Control {
    static final int SHIFT = 10_000;
    /** Bytes before the datagram, so that a forgotten offset shows. */
    private static final int LEAD = 5;

    final List<String> expected = new ArrayList<>();
    final List<String> counted = new ArrayList<>();
    private final Endpoint[] own;
    private final Endpoint[] seen;
    private final HelperSession session;
    private final TalkNat nat = new TalkNat();
    private byte[] shown;

    /**
     * @param client as it knows itself
     * @param clientSeen as the daemon sees it
     * @param daemon as it knows itself
     * @param daemonSeen as the client sees it
     */
    TalkFlow(Endpoint client, Endpoint clientSeen, Endpoint daemon, Endpoint daemonSeen) {
        own = new Endpoint[]{client, daemon};
        seen = new Endpoint[]{clientSeen, daemonSeen};
        session = new TalkHelper().newSession(this);
    }

    /** @return the datagram as the client's comes out at the daemon. */
    byte[] request(byte[] datagram) {
        return pass(Direction.ORIGINAL, datagram);
    }

    /** @return the datagram as the daemon's comes out at the client. */
    byte[] response(byte[] datagram) {
        return pass(Direction.REPLY, datagram);
    }

    private byte[] pass(Direction from, byte[] datagram) {
        shown = datagram.clone();
        byte[] frame = new byte[LEAD + datagram.length];
        System.arraycopy(datagram, 0, frame, LEAD, datagram.length);
        session.onBytes(from, new UnsafeBuffer(frame), LEAD, datagram.length);
        return shown;
    }

    @Override
    public Endpoint endpointOf(Direction side) {
        return own[side.ordinal()];
    }

    @Override
    public Endpoint seenEndpointOf(Direction side) {
        return seen[side.ordinal()];
    }

    @Override
    public void rewrite(Mention mention, Endpoint to) {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer();
        int length = nat.encode(mention, to, out, 3);
        if (length != mention.length()) {
            throw new AssertionError("a field of " + mention.length() + " bytes became one of " + length);
        }
        out.getBytes(3, shown, mention.offset(), length);
    }

    @Override
    public boolean expect(Direction listener, Peer peer, Transport transport, Endpoint to) {
        boolean isOwn = to.address().equals(endpointOf(listener).address());
        expected.add("%s%s %s %s:%d".formatted(isOwn ? "" : "refused ", transport, peer,
                to.address().getHostAddress(), to.port()));
        return isOwn;
    }

    @Override
    public boolean expect(Direction listener, Peer peer, Transport transport, Mention mention) {
        Endpoint to = mention.endpoint();
        if (!expect(listener, peer, transport, to)) {
            return false;
        }
        if (!seenEndpointOf(listener).address().equals(to.address())) {
            rewrite(mention, new Endpoint(seenEndpointOf(listener).address(), to.port() + SHIFT & 0xFFFF));
        }
        return true;
    }

    @Override
    public void detach() {
        throw new AssertionError("the helper gave up");
    }

    @Override
    public void count(String event) {
        counted.add(event);
    }

    @Override
    public Map<String, String> options() {
        return Map.of();
    }
}
