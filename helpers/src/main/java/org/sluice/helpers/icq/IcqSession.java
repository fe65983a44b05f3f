package org.sluice.helpers.icq;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.HelperSession;

/**
 * One connection of a client to its server: cuts the stream into frames and hands those on that may name an endpoint. All others,
 * messages of the users among them, pass without being held.
 */
final class IcqSession implements HelperSession {
    /** Set status, with the advertisement of direct connections. */
    private static final int SET_STATUS = 0x0001_001E;
    /** To another user, and from one. */
    private static final int MESSAGE_OUT = 0x0004_0006;
    private static final int MESSAGE_IN = 0x0004_0007;
    /** The server sends the client to another one. */
    private static final int REDIRECT = 0x0001_0005;
    private static final int LOGIN_REPLY = 0x0017_0003;
    private static final int VERSION = 1;

    private final Control control;
    private final Advertisement advertisement;
    private final Rendezvous rendezvous;
    private final Redirect redirect;
    /** Bytes that are left of the frame which each side is in the midst of; nothing is read there. */
    private final int[] rest = new int[2];
    private final boolean[] signedOn = new boolean[2];
    private boolean detached;

    IcqSession(Control control) {
        this.control = control;
        advertisement = new Advertisement(control);
        rendezvous = new Rendezvous(control);
        redirect = new Redirect(control);
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

    /** Where the next frame begins is not known any more. */
    @Override
    public void onSkip(Direction from) {
        detach("too_late");
    }

    private void detach(String why) {
        detached = true;
        control.count(why);
        control.detach();
    }

    /** Reads the frame that begins at {@code at}. @return false when more of it has to come first */
    private boolean read(Direction from, DirectBuffer stream, int shown, int at, int available) {
        int offset = shown + at;
        if (!Flap.isPossible(stream, offset, available)) {
            detach("not_icq");
            return true;
        }
        if (available < Flap.HEADER_LENGTH) {
            return false;
        }
        int length = Flap.length(stream, offset);
        boolean holdsMessage = Flap.channel(stream, offset) == Flap.DATA && length >= Flap.MESSAGE;
        if (holdsMessage && available < Flap.MESSAGE) {
            return false;
        }
        if (isRead(from, stream, offset, holdsMessage)) {
            if (length > Flap.MAX_READ) {
                control.count("too_long");
            } else if (available < length) {
                return false;
            } else {
                onFrame(from, stream, shown, at, offset + length);
            }
        }
        rest[from.ordinal()] = length;
        return true;
    }

    private static boolean isRead(Direction from, DirectBuffer b, int offset, boolean holdsMessage) {
        if (holdsMessage) {
            int kind = Flap.kind(b, offset);
            return from == Direction.ORIGINAL
                    ? kind == SET_STATUS || kind == MESSAGE_OUT
                    : kind == MESSAGE_IN || kind == REDIRECT || kind == LOGIN_REPLY;
        }
        int channel = Flap.channel(b, offset);
        return channel == Flap.SIGN_ON || channel == Flap.SIGN_OFF && from == Direction.REPLY;
    }

    private void onFrame(Direction from, DirectBuffer b, int shown, int at, int end) {
        int offset = shown + at;
        int begin = offset + Flap.HEADER_LENGTH;
        if (Flap.channel(b, offset) == Flap.SIGN_ON) {
            signedOn[from.ordinal()] |= end - begin >= Integer.BYTES && b.getInt(begin, BIG_ENDIAN) == VERSION;
        } else if (!signedOn[0] || !signedOn[1]) {
            control.count("too_early");
        } else if (Flap.channel(b, offset) == Flap.SIGN_OFF) {
            redirect.onTlvs(new Tlvs(b, begin, end), shown, at);
        } else {
            int body = Flap.body(b, offset);
            switch (Flap.kind(b, offset)) {
                case SET_STATUS -> advertisement.onTlvs(new Tlvs(b, body, end), shown);
                case MESSAGE_OUT -> rendezvous.onMessage(from, new Tlvs(b, body, end), shown);
                case MESSAGE_IN -> rendezvous.onMessage(from, new Tlvs(b, body, end), shown);
                default -> redirect.onTlvs(new Tlvs(b, body, end), shown, at);
            }
        }
    }
}
