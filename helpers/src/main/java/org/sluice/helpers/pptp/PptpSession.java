package org.sluice.helpers.pptp;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;

/**
 * One control connection. A side chooses a call ID for each call, under which it wants to receive GRE; where translation gives the
 * other side another one, every message that names the call is rewritten, in what a side says of itself and in what it is told.
 * Either side may ask for a call, and either may have opened the connection.
 */
final class PptpSession implements HelperSession {
    private static final String CALL_ID = "call ID";

    private final Control control;
    private final List<Call> calls = new ArrayList<>();
    /** Bytes that are left of the message which each side is in the midst of; nothing is read there. */
    private final int[] rest = new int[2];
    private boolean asked;
    private boolean granted;
    private boolean detached;

    /** What the two ends of a call are named: by themselves, and as the other side has been told. */
    private static final class Call {
        private final Direction opener;
        private final int[] own = new int[2];
        private final int[] seen = new int[2];
        private boolean answered;

        Call(Direction opener) {
            this.opener = opener;
        }

        void name(Direction side, int callId, int seenId) {
            own[side.ordinal()] = callId;
            seen[side.ordinal()] = seenId;
        }

        boolean isKnown(Direction side) {
            return answered || side == opener;
        }

        int own(Direction side) {
            return own[side.ordinal()];
        }

        int seen(Direction side) {
            return seen[side.ordinal()];
        }
    }

    PptpSession(Control control) {
        this.control = control;
    }

    @Override
    public int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
        int side = from.ordinal();
        int done = 0;
        while (done < length && !detached) {
            if (rest[side] == 0 && !read(from, stream, offset, done, length - done)) {
                return done;
            }
            int passing = Math.min(rest[side], length - done);
            rest[side] -= passing;
            done += passing;
        }
        return detached ? length : done;
    }

    /** Reads the message that begins at {@code at}. @return false when more of it has to come first */
    private boolean read(Direction from, DirectBuffer stream, int shown, int at, int available) {
        int offset = shown + at;
        if (!PptpMessage.isPossible(stream, offset, available)) {
            detach("not_pptp");
            return true;
        }
        if (available < PptpMessage.HEADER_LENGTH) {
            return false;
        }
        PptpMessage message = PptpMessage.of(stream, offset);
        if (message == null) {
            control.count("not_understood");
        } else if (available < message.readLength()) {
            return false;
        } else {
            onMessage(from, message, stream, shown, at);
        }
        rest[from.ordinal()] = PptpMessage.length(stream, offset);
        return true;
    }

    /** Where the next message begins is not known any more. */
    @Override
    public void onSkip(Direction from) {
        detach("too_late");
    }

    private void detach(String why) {
        detached = true;
        control.count(why);
        control.detach();
    }

    private void onMessage(Direction from, PptpMessage message, DirectBuffer stream, int shown, int at) {
        int offset = shown + at;
        switch (message) {
            case START_REQUEST -> asked |= from == Direction.ORIGINAL;
            case START_REPLY -> granted |= asked && from == Direction.REPLY && message.isSuccess(stream, offset);
            case STOP_REQUEST, STOP_REPLY -> stop();
            case ECHO_REQUEST, ECHO_REPLY -> {
                // names no call
            }
            default -> {
                if (granted) {
                    onCall(from, message, stream, shown, at);
                } else {
                    control.count("too_early");
                }
            }
        }
    }

    private void onCall(Direction from, PptpMessage message, DirectBuffer stream, int shown, int at) {
        int own = PptpMessage.id(stream, shown + at + message.own());
        int peers = PptpMessage.id(stream, shown + at + message.peers());
        switch (message) {
            case OUTGOING_CALL_REQUEST, INCOMING_CALL_REQUEST -> open(from, own, at + message.own());
            case OUTGOING_CALL_REPLY, INCOMING_CALL_REPLY -> answer(from, message, stream, shown, at);
            case CALL_CLEAR_REQUEST -> name(from, own, at + message.own());
            case CALL_DISCONNECT_NOTIFY -> end(name(from, own, at + message.own()));
            default -> {
                Call call = told(from, peers);
                if (call != null) {
                    rewrite(from, at + message.peers(), peers, call.own(from.opposite()));
                }
            }
        }
    }

    private void open(Direction from, int callId, int at) {
        int seen = control.openCall(from, callId);
        if (seen < 0) {
            return;
        }
        calls.removeIf(c -> c.isKnown(from) && c.own(from) == callId);
        if (calls.size() == PptpHelper.MAX_CALLS) {
            calls.removeFirst();
        }
        Call call = new Call(from);
        call.name(from, callId, seen);
        calls.add(call);
        rewrite(from, at, callId, seen);
    }

    private void answer(Direction from, PptpMessage reply, DirectBuffer stream, int shown, int at) {
        int own = PptpMessage.id(stream, shown + at + reply.own());
        int peers = PptpMessage.id(stream, shown + at + reply.peers());
        Call call = told(from, peers);
        if (call == null || call.opener == from || call.answered) {
            control.count("not_understood");
            return;
        }
        int opened = call.own(call.opener);
        if (!reply.isSuccess(stream, shown + at)) {
            rewrite(from, at + reply.peers(), peers, opened);
            end(call);
            return;
        }
        int seen = control.answerCall(from, own, opened);
        if (seen >= 0) {
            call.name(from, own, seen);
            call.answered = true;
            rewrite(from, at + reply.own(), own, seen);
            rewrite(from, at + reply.peers(), peers, opened);
        }
    }

    /**
     * The only call ID of the message is the speaker's own (RFC 2637 2.12 and 2.13). Some name the other side's instead.
     *
     * @return null when no such call is known
     */
    private Call name(Direction from, int callId, int at) {
        for (Call call : calls) {
            if (call.isKnown(from) && call.own(from) == callId) {
                rewrite(from, at, callId, call.seen(from));
                return call;
            }
        }
        Call call = told(from, callId);
        if (call != null) {
            rewrite(from, at, callId, call.own(from.opposite()));
        }
        return call;
    }

    /** @return the call whose other end the speaker was told to name so, or null. */
    private Call told(Direction from, int callId) {
        Direction other = from.opposite();
        for (Call call : calls) {
            if (call.isKnown(other) && call.seen(other) == callId) {
                return call;
            }
        }
        return null;
    }

    private void end(Call call) {
        if (call != null) {
            calls.remove(call);
            control.endCall(call.opener, call.own(call.opener));
        }
    }

    /** All calls are over without further words (RFC 2637 2.3). */
    private void stop() {
        granted = false;
        new ArrayList<>(calls).forEach(this::end);
    }

    private void rewrite(Direction from, int at, int callId, int wanted) {
        if (callId != wanted) {
            Endpoint end = new Endpoint(control.endpointOf(from).address(), callId);
            control.rewrite(new Mention(at, Short.BYTES, CALL_ID, end), new Endpoint(end.address(), wanted));
        }
    }
}
