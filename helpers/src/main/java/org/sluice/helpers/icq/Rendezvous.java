package org.sluice.helpers.icq;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.sluice.helpers.icq.Tlvs.Value;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * Proposals to another user to connect: file transfer, direct messages. A message of channel 2 holds one value with
 * <pre>
 *   0         2          10                 26
 *  +---------+----------+------------------+-------
 *  | type    | cookie   | capability       | TLVs …
 *  +---------+----------+------------------+-------
 * </pre>
 * The proposer says where it listens; the other one may propose the other way round under the same cookie.
 */
final class Rendezvous {
    private static final int COOKIE_LENGTH = 8;
    private static final int CHANNEL = 2;
    private static final int PROPOSALS = 2;
    private static final int PROPOSAL = 5;

    private static final int PROPOSE = 0;
    private static final int CANCEL = 1;
    private static final int COOKIE = 2;
    private static final int CAPABILITY = 10;
    private static final int INNER = 26;
    /** All capabilities end so, and begin with 0946. */
    private static final long[] CAPABILITIES = {0x4C7F_11D1L, 0x8222_4445_5354_0000L};

    private static final int ADDRESS = 0x02;
    private static final int INTERNAL_ADDRESS = 0x03;
    private static final int PORT = 0x05;
    private static final int BY_PROXY = 0x10;
    private static final int INVERTED_ADDRESS = 0x16;
    private static final int INVERTED_PORT = 0x17;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Control control;

    Rendezvous(Control control) {
        this.control = control;
    }

    /** @param body cookie, channel, name of the other user, and from a server more about that, before the TLVs */
    void onMessage(Direction from, Tlvs body, int shown) {
        DirectBuffer b = body.buffer();
        int name = body.from() + COOKIE_LENGTH + CHANNEL;
        if (name >= body.end() || Flap.number(b, name - CHANNEL) != PROPOSALS) {
            return;
        }
        int at = name + 1 + (b.getByte(name) & 0xFF);
        Tlvs tlvs = new Tlvs(b, Math.min(at, body.end()), body.end());
        if (from == Direction.REPLY) {
            // warning level, and the number of values about the user
            int about = at + 2;
            tlvs = about + 2 <= body.end()
                    ? new Tlvs(b, about + 2, body.end()).behind(Flap.number(b, about))
                    : new Tlvs(b, body.end(), body.end());
        }
        Value proposal = tlvs.find(PROPOSAL);
        if (proposal == null || proposal.length() < INNER || !isKnown(b, proposal.offset())) {
            control.count("not_understood");
            return;
        }
        Group group = new Group("rendezvous " + Long.toHexString(b.getLong(proposal.offset() + COOKIE, BIG_ENDIAN)),
                LIMIT);
        int type = Flap.number(b, proposal.offset());
        if (type == CANCEL) {
            control.endExpectations(group.name());
        } else if (type == PROPOSE && from == Direction.ORIGINAL) {
            onProposal(new Tlvs(b, proposal.offset() + INNER, proposal.offset() + proposal.length()), group, shown);
        }
    }

    private static boolean isKnown(DirectBuffer b, int proposal) {
        int at = proposal + CAPABILITY;
        return Flap.number(b, at) == 0x0946 && (b.getInt(at + 4, BIG_ENDIAN) & 0xFFFF_FFFFL) == CAPABILITIES[0]
                && b.getLong(at + 8, BIG_ENDIAN) == CAPABILITIES[1];
    }

    private void onProposal(Tlvs tlvs, Group group, int shown) {
        DirectBuffer b = tlvs.buffer();
        Value port = tlvs.find(PORT, 2);
        Value address = tlvs.find(ADDRESS, 4);
        Value internal = tlvs.find(INTERNAL_ADDRESS, 4);
        Value listener = address == null ? internal : address;
        if (tlvs.find(BY_PROXY) != null || port == null || listener == null || Flap.number(b, port.offset()) == 0) {
            // through a server of both, or a proposal that asks the other one to listen
            return;
        }
        Endpoint own = new Endpoint(address(b, listener.offset(), false), Flap.number(b, port.offset()));
        Endpoint seen = control.expect(Direction.ORIGINAL, Peer.ANYONE, Transport.TCP, own, group);
        if (seen != null && !seen.equals(own)) {
            rewriteAddress(tlvs, ADDRESS, IcqForm.ADDRESS, own, seen, shown);
            rewriteAddress(tlvs, INTERNAL_ADDRESS, IcqForm.ADDRESS, own, seen, shown);
            rewriteAddress(tlvs, INVERTED_ADDRESS, IcqForm.INVERTED_ADDRESS, own, seen, shown);
            control.rewrite(new Mention(port.offset() - shown, 2, IcqForm.PORT, own), seen);
            Value inverted = tlvs.find(INVERTED_PORT, 2);
            if (inverted != null && (Flap.number(b, inverted.offset()) ^ 0xFFFF) == own.port()) {
                control.rewrite(new Mention(inverted.offset() - shown, 2, IcqForm.INVERTED_PORT, own), seen);
            }
        }
    }

    private void rewriteAddress(Tlvs tlvs, int type, IcqForm form, Endpoint own, Endpoint seen, int shown) {
        Value value = tlvs.find(type, 4);
        if (value != null && address(tlvs.buffer(), value.offset(), form == IcqForm.INVERTED_ADDRESS)
                .equals(own.address())) {
            control.rewrite(new Mention(value.offset() - shown, 4, form, own), seen);
        }
    }

    /** @return the IPv4 address in four bytes. */
    static InetAddress address(DirectBuffer b, int offset, boolean isInverted) {
        int address = b.getInt(offset, BIG_ENDIAN);
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(isInverted ? ~address : address).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
