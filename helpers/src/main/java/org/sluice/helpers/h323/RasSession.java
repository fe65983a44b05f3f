package org.sluice.helpers.h323;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * Registration, admission and status between an endpoint and a gatekeeper or between two gatekeepers (H.225.0 section 7.6 and
 * following). Whoever registers says where it takes calls; calls are let in there from the gatekeeper for as long as the
 * registration lasts, or from anyone when the option {@code callers} is {@code anyone}, as calls come that a gatekeeper admits and
 * does not route.
 */
final class RasSession implements HelperSession {
    private static final String REGISTRATION = "registration";
    /** From the request on, until the gatekeeper has answered. */
    private static final Duration ASKED = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Group CALL = new Group("call", Duration.ofMinutes(5));
    private static final int MAX_ADDRESSES = 8;

    private final Control control;
    private final Peer callers;
    private final List<Registered> registered = new ArrayList<>();
    /** Who asked; null when nobody has. */
    private Direction registrant;
    private Duration limit = ASKED;

    private record Registered(Peer peer, Transport transport, Endpoint to) {}

    RasSession(Control control) {
        this.control = control;
        callers = "anyone".equals(control.options().get("callers")) ? Peer.ANYONE : Peer.OTHER_SIDE;
    }

    @Override
    public int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
        PackedReader reader = new PackedReader(stream, offset, length);
        if (!reader.read(Types.named("RasMessage"))) {
            control.count("not_understood");
        }
        Message message = new Message(control, from, stream, offset);
        Duration time = LONGEST;
        for (Found found : reader.found()) {
            switch (found.name()) {
                case "endpoint" -> onAddress(message, found);
                case "registrationRequest" -> onRequest(from);
                case "timeToLive" -> time = Duration.ofSeconds(Math.min(found.value(), LONGEST.toSeconds()));
                case "registrationReject" -> onReject(from);
                case "unregistrationConfirm" -> onEnd();
                default -> {
                    // told by another
                }
            }
        }
        if (!reader.found().isEmpty() && reader.found().getFirst().name().equals("registrationConfirm")) {
            onConfirm(from, time);
        }
        return length;
    }

    private void onRequest(Direction from) {
        if (registrant != from) {
            onEnd();
        }
        registrant = from;
        registered.clear();
    }

    private void onConfirm(Direction from, Duration time) {
        if (registrant == from.opposite()) {
            limit = time;
            for (Registered r : registered) {
                expect(registrant, r);
            }
        }
    }

    private void onReject(Direction from) {
        if (registrant == from.opposite() && limit.equals(ASKED)) {
            onEnd();
        }
    }

    private void onEnd() {
        registrant = null;
        registered.clear();
        limit = ASKED;
        control.endExpectations(REGISTRATION);
    }

    private void onAddress(Message message, Found found) {
        String kind = found.path().getFirst();
        switch (found.field()) {
            case "callSignalAddress", "destCallSignalAddress" -> {
                switch (kind) {
                    case "registrationRequest" -> register(message, found, callers, Transport.TCP);
                    case "registrationConfirm", "locationConfirm", "admissionConfirm" -> takesCalls(message, found);
                    default -> message.translate(found, Transport.TCP);
                }
            }
            case "rasAddress", "replyAddress" -> {
                if (message.endpoint(found).equals(control.endpointOf(message.from()))) {
                    message.write(found, control.seenEndpointOf(message.from()));
                } else if (kind.equals("infoRequestResponse")) {
                    message.translate(found, Transport.UDP);
                } else {
                    register(message, found, Peer.OTHER_SIDE, Transport.UDP);
                }
            }
            default -> message.translate(found, Transport.TCP);
        }
    }

    private void register(Message message, Found found, Peer peer, Transport transport) {
        Endpoint to = message.endpoint(found);
        if (!message.isOwn(to)) {
            message.translate(found, transport);
            return;
        }
        Registered r = new Registered(peer, transport, to);
        if (message.from() == registrant && !registered.contains(r) && registered.size() < MAX_ADDRESSES) {
            registered.add(r);
        }
        message.write(found, expect(message.from(), r));
    }

    private Endpoint expect(Direction listener, Registered r) {
        Function<Control, HelperSession> reader = r.transport == Transport.TCP ? CallSession::new : RasSession::new;
        return control.expectControl(listener, r.peer, r.transport, r.to, new Group(REGISTRATION, limit), reader);
    }

    /** A gatekeeper says where calls are to be made. */
    private void takesCalls(Message message, Found found) {
        Endpoint to = message.endpoint(found);
        if (message.isOwn(to)) {
            message.write(found, control.expectControl(message.from(), Peer.OTHER_SIDE, Transport.TCP, to, CALL,
                    CallSession::new));
        } else {
            message.translate(found, Transport.TCP);
        }
    }
}
