package org.sluice.helpers.h323;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * Logical channels of H.245 (OpenLogicalChannel and its acknowledgement), wherever they are agreed on. A side names where it wants to
 * receive: RTP and RTCP, or for data a TCP port or a UDP port. Media comes from the other side, or from the one host which that
 * side says it receives at, when that is another (a gatekeeper routes the signalling, and media takes the straight way).
 */
final class Media {
    private static final int MAX_CHANNELS = 64;
    private static final Set<String> CHANNELS = Set.of("fastStart", "openLogicalChannel", "openLogicalChannelAck");

    private final Control control;
    private final Peer[] senders = {Peer.OTHER_SIDE, Peer.OTHER_SIDE};
    private final List<Opened> opened = new ArrayList<>();
    private final Set<Integer> streams = new HashSet<>();
    private int channel;
    private boolean isData;
    private boolean isStream;

    private record Opened(Direction listener, Endpoint endpoint, boolean isPair, Group group) {}

    Media(Control control) {
        this.control = control;
    }

    /** @return whether that belongs to a logical channel. */
    static boolean isChannel(Found found) {
        return found.path().stream().anyMatch(CHANNELS::contains);
    }

    /** To be called with all that was found in a message, in its order. @param group call that it belongs to */
    void onFound(Message message, Found found, Group group) {
        if (found.isEndpoint()) {
            onEndpoint(message, found, group);
            return;
        }
        switch (found.name()) {
            case "forwardLogicalChannelNumber" -> {
                boolean isAnswer = found.isIn("openLogicalChannelAck");
                Direction opener = isAnswer ? message.from().opposite() : message.from();
                channel = opener.ordinal() << Short.SIZE | (int) found.value();
                isStream = isAnswer && streams.contains(channel);
                isData = isStream;
            }
            case "t120", "tcp" -> {
                isStream = true;
                if (streams.size() < MAX_CHANNELS) {
                    streams.add(channel);
                }
            }
            default -> {
                // nothing of a channel
            }
        }
    }

    private void onEndpoint(Message message, Found found, Group group) {
        Endpoint written = message.endpoint(found);
        boolean isNetwork = found.field().equals("localAreaAddress");
        Transport transport = isStream || isNetwork ? Transport.TCP : Transport.UDP;
        if (written.port() == 0 || written.address().isAnyLocalAddress()) {
            return;
        }
        if (message.isOwn(written)) {
            message.write(found, open(message.from(), found, written, transport, group));
            return;
        }
        message.translate(found, transport);
        boolean isThird = !written.address().equals(control.seenEndpointOf(message.from().opposite()).address());
        if (isThird && found.field().equals("mediaChannel")) {
            sentBy(message.from().opposite(), Peer.host(written.address()));
        }
    }

    /** @return the endpoint that the other side has to be told, or null. */
    private Endpoint open(Direction listener, Found found, Endpoint to, Transport transport, Group group) {
        if (transport == Transport.TCP) {
            return control.expect(listener, Peer.OTHER_SIDE, transport, to, group);
        }
        boolean isControl = found.field().equals("mediaControlChannel");
        Endpoint rtp = isControl && to.port() % 2 != 0 ? new Endpoint(to.address(), to.port() - 1) : to;
        boolean isPair = rtp.port() % 2 == 0 && !isData && (rtp.port() != to.port() || !isControl);
        Endpoint seen = open(new Opened(listener, isPair ? rtp : to, isPair, group));
        if (seen == null || !isPair || !isControl) {
            return seen;
        }
        // RTCP's neighbour may be another one outside, when RTP had a translation of its own already
        int port = control.seenPort(listener, Transport.UDP, to.port());
        return port >= 0
                ? new Endpoint(seen.address(), port)
                : open(new Opened(listener, to, false, group));
    }

    private Endpoint open(Opened o) {
        if (opened.size() < MAX_CHANNELS && !opened.contains(o)) {
            opened.add(o);
        }
        Peer sender = senders[o.listener.ordinal()];
        return o.isPair
                ? control.expectPair(o.listener, sender, o.endpoint, o.group)
                : control.expect(o.listener, sender, Transport.UDP, o.endpoint, o.group);
    }

    private void sentBy(Direction listener, Peer sender) {
        if (!senders[listener.ordinal()].equals(sender)) {
            senders[listener.ordinal()] = sender;
            opened.stream().filter(o -> o.listener == listener).toList().forEach(this::open);
        }
    }

    /** A call is over. */
    void end(String group) {
        opened.removeIf(o -> o.group.name().equals(group));
        control.endExpectations(group);
    }
}
